/** Keys whose values never reach a log, at the top of a line's object and one level down. */
const names = [
  'password',
  'passwd',
  'secret',
  'token',
  'accessToken',
  'refreshToken',
  'apiKey',
  'privateKey',
  'authorization',
  'cookie',
  'secretAccessKey',
  'AWS_SECRET_ACCESS_KEY',
];

const headers = ['authorization', 'cookie', '["set-cookie"]', '["x-api-key"]'];

export const redactedPaths: readonly string[] = [
  ...names.flatMap((name) => [name, `*.${name}`]),
  ...['headers', 'req.headers', 'request.headers'].flatMap((place) =>
    headers.map((header) => (header.startsWith('[') ? `${place}${header}` : `${place}.${header}`)),
  ),
];
