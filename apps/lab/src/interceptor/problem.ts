import { STATUS_CODES } from 'node:http';

/** A whole HTTP response with an RFC 9457 problem as its body; the connection ends behind it. */
export function problemResponse(status: number, detail: string, method = 'GET'): Buffer {
  const title = STATUS_CODES[status] ?? 'Error';
  const body = JSON.stringify({ type: 'about:blank', title, status, detail });
  return response(status, { 'content-type': 'application/problem+json' }, body, method, false);
}

/** A whole HTTP response. */
export function response(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
  method: string,
  keepAlive: boolean,
): Buffer {
  const lines = Object.entries(headers)
    .filter(([name, value]) => !/[\r\n:]/.test(name) && !/[\r\n]/.test(value))
    .map(([name, value]) => `${name}: ${value}\r\n`);
  const head =
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}` +
    `content-length: ${Buffer.byteLength(body)}\r\nconnection: ${keepAlive ? 'keep-alive' : 'close'}\r\n\r\n`;
  return Buffer.from(head + (method === 'HEAD' ? '' : body));
}
