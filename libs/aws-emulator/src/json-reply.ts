import type { ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import { randomUUID } from 'node:crypto';

/** An answer of the AWS JSON protocol. */
export function replyJson(
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  if (res.writableEnded || res.destroyed) return;
  const text = JSON.stringify(body);
  res.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': randomUUID(),
    'x-amz-crc32': String(crc32(text)),
    ...headers,
  });
  res.end(text);
}
