// Secrets come in by the environment and leave by standard input or by the environment of the one program that needs them: never as
// an argument, which every user of the machine can read, and never in a log.

/** Variables with secrets, and the programs that may see them. `release` is this program itself. */
export const secretVariables = {
  REGISTRY_PASSWORD: ['release'],
  NOTIFY_WEBHOOK_URL: ['release'],
  COSIGN_PRIVATE_KEY: ['cosign'],
  COSIGN_PASSWORD: ['cosign'],
  SIGSTORE_ID_TOKEN: ['cosign'],
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: ['cosign'],
  GITHUB_TOKEN: [],
};

/** The environment of `program`: all of `env` but the secrets of others. */
export function environmentOf(program, env) {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !(name in secretVariables) || secretVariables[name].includes(program),
    ),
  );
}

/** A function that replaces the secrets of `env` in a text by `***`. A secret of several lines is looked for line by line. */
export function redactor(env) {
  const values = Object.keys(secretVariables)
    .flatMap((name) => (env[name] ?? '').split('\n'))
    .map((line) => line.trim())
    // Shorter ones would hide half of every log.
    .filter((line) => line.length >= 6)
    .flatMap((line) => [line, encodeURIComponent(line), Buffer.from(line).toString('base64')])
    .sort((a, b) => b.length - a.length);
  return (text) => values.reduce((shown, value) => shown.replaceAll(value, '***'), text);
}
