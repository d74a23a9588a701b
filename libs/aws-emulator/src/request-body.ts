import type { IncomingMessage } from 'node:http';

export type BodyResult = { kind: 'body'; text: string } | { kind: 'tooLarge' } | { kind: 'aborted' };

/** Reads a request to its end. A client that goes away half-way is an ordinary result here, never an error that ends the process. */
export function readBody(req: IncomingMessage, limitBytes: number): Promise<BodyResult> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limitBytes) chunks.push(chunk);
    });
    req.on('end', () =>
      resolve(
        size > limitBytes
          ? { kind: 'tooLarge' }
          : {
              kind: 'body',
              text: (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString('utf8'),
            },
      ),
    );
    req.on('error', () => resolve({ kind: 'aborted' }));
    req.on('close', () => resolve({ kind: 'aborted' }));
  });
}
