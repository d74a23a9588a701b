import type { IncomingMessage } from 'node:http';

/**
 * One header of a request by its lower-case name; the first when it was sent more than once. Reads the raw list:
 * `request.headers` would build an object of all headers, which costs more than the rest of a short request.
 */
export function headerOf(request: IncomingMessage, name: string): string | undefined {
  const raw = request.rawHeaders;
  for (let index = 0; index < raw.length; index += 2) {
    const key = raw[index] as string;
    if (key.length === name.length && (key === name || key.toLowerCase() === name)) return raw[index + 1];
  }
  return undefined;
}
