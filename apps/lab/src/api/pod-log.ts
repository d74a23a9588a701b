import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { apiErrors, resources } from '@scalelab/kube';
import type { ObjectStore } from '../store';
import { isTrue, wholeNumber } from './request-options';
import type { ResourceTarget } from './request-path';
import type { LogSource } from './sources';

const isAbsent = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && (error.code === 'NotFound' || error.code === 'ENOENT');

/** `GET .../pods/NAME/log`: a container's output as plain text, following it when asked. */
export async function sendPodLog(
  store: ObjectStore,
  source: LogSource,
  target: ResourceTarget & { readonly name: string },
  query: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const { namespace = '', name } = target;
  store.get(resources.Pod, namespace, name);
  const container = query.get('container');
  const tailLines = wholeNumber(query, 'tailLines');
  const limitBytes = wholeNumber(query, 'limitBytes');
  const ending = new AbortController();
  response.on('close', () => ending.abort());
  const chunks = source.logs(
    { namespace, name, ...(container ? { container } : {}) },
    {
      previous: isTrue(query.get('previous')),
      follow: isTrue(query.get('follow')),
      signal: ending.signal,
      ...(tailLines === undefined ? {} : { tailLines }),
      ...(limitBytes === undefined ? {} : { limitBytes }),
    },
  );
  const iterator = chunks[Symbol.asyncIterator]();
  // The head is sent after the first read, so that a log that cannot be opened is still a proper refusal.
  let first: IteratorResult<Buffer>;
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  try {
    const started = iterator.next();
    // A followed log may have nothing to say for long; the client shall see that it is connected.
    first = isTrue(query.get('follow')) ? await quickly(started, response, headers) : await started;
  } catch (error) {
    if (response.headersSent) throw error;
    if (isAbsent(error)) throw apiErrors.badRequest(error.message);
    throw error;
  }
  if (!response.headersSent) response.writeHead(200, headers);
  async function* all(): AsyncGenerator<Buffer> {
    for (let next = first; !next.done; next = await iterator.next()) yield next.value;
  }
  await pipeline(Readable.from(all()), response).catch((error: unknown) => {
    // A reader that goes away is the usual end of a followed log.
    if (!ending.signal.aborted) throw error;
  });
}

async function quickly<T>(
  started: Promise<T>,
  response: ServerResponse,
  headers: Record<string, string>,
): Promise<T> {
  let settled = false;
  const result = started.finally(() => (settled = true));
  // Opening a file takes a few turns of the event loop; failing to is told before that.
  for (let turn = 0; turn < 20 && !settled; turn++) await new Promise((resolve) => setImmediate(resolve));
  if (!settled) {
    response.writeHead(200, headers);
    response.flushHeaders();
  }
  return result;
}
