// Credentials of the registry, for docker, cosign (which reads docker's) and helm.
import { run } from './program.mjs';
import { StepError } from './step-error.mjs';

/** `127.0.0.1:5000` of `127.0.0.1:5000/scalelab`. */
export function hostOf(registry) {
  return registry.split('/')[0];
}

/** Whether a registry is this machine's, so that it needs no TLS. */
export function isLocal(registry) {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(hostOf(registry));
}

/**
 * Logs `program` in with REGISTRY_USER and REGISTRY_PASSWORD, does `work`, and logs out again, however it ends. With neither variable
 * the program uses what it is already logged in with.
 * @param {'docker' | 'helm'} program
 */
export async function loggedIn(program, registry, work) {
  const { REGISTRY_USER: user, REGISTRY_PASSWORD: password } = process.env;
  const step = `login ${program} ${hostOf(registry)}`;
  if (!user !== !password)
    throw new StepError(
      step,
      `${user ? 'REGISTRY_PASSWORD' : 'REGISTRY_USER'} is not set`,
      'set both REGISTRY_USER and REGISTRY_PASSWORD, or neither to use the login that is there',
      { code: 'input' },
    );
  if (!user) return work();
  const command = program === 'helm' ? ['registry'] : [];
  await run(program, [...command, 'login', hostOf(registry), '--username', user, '--password-stdin'], {
    step,
    input: password,
    cure: `check REGISTRY_USER and REGISTRY_PASSWORD: the account needs the right to write packages to ${registry}`,
  });
  try {
    return await work();
  } finally {
    await run(program, [...command, 'logout', hostOf(registry)], {
      step: `logout ${program}`,
      cure: '',
    }).catch((error) => process.stderr.write(`release: warning: ${error.message}\n`));
  }
}
