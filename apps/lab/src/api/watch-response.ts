import type { ServerResponse } from 'node:http';
import { apiVersionOf, KubeApiError, type CancelWake, type Scheduler } from '@scalelab/kube';
import { encodedObject, type ServedKind, type WatchCursor, type WatchItem } from '../store';
import { statusObject } from './status-response';

export interface WatchResponseOptions {
  readonly kind: ServedKind;
  readonly cursor: WatchCursor;
  readonly scheduler: Scheduler;
  /** The store's version now, for bookmarks. */
  readonly version: () => string;
  /** Between bookmarks, ms; undefined: the client does not want them. */
  readonly bookmarkEveryMs: number | undefined;
  /** A bookmark that says so ends the present objects (a streaming list). */
  readonly markInitialEnd: boolean;
  /** The server ends the watch after this, ms. */
  readonly endAfterMs: number;
}

const prefixes: Readonly<Record<WatchItem['type'], Buffer>> = {
  ADDED: Buffer.from('{"type":"ADDED","object":'),
  MODIFIED: Buffer.from('{"type":"MODIFIED","object":'),
  DELETED: Buffer.from('{"type":"DELETED","object":'),
};
const suffix = Buffer.from('}\n');

/**
 * Streams changes to one client. It holds a place in the shared log instead of a queue: a client that reads slowly waits at its
 * socket, and one that falls out of the log is told 410.
 */
export class WatchResponse {
  private flushQueued = false;
  private draining = false;
  private closed = false;
  private initialMarked = false;
  private readonly cancels: CancelWake[] = [];
  private cancelBookmark: CancelWake = () => undefined;

  constructor(
    private readonly response: ServerResponse,
    private readonly options: WatchResponseOptions,
  ) {
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
    response.flushHeaders();
    const { cursor, scheduler } = options;
    this.cancels.push(cursor.onChange(() => this.queueFlush()));
    this.cancels.push(scheduler.wakeAt(scheduler.now() + options.endAfterMs, () => void this.end()));
    this.armBookmark();
    response.on('close', () => this.release());
    this.flush();
  }

  /** Ends the stream; the client watches on from the last version it saw. Resolves when the end is on its way. */
  end(): Promise<void> {
    if (this.closed) return Promise.resolve();
    this.release();
    return new Promise((resolve) => {
      this.response.once('close', resolve);
      this.response.end(() => resolve());
    });
  }

  private release(): void {
    this.closed = true;
    this.cancelBookmark();
    for (const cancel of this.cancels.splice(0)) cancel();
  }

  /** A turn later, so that a burst of writes becomes one write to the socket. */
  private queueFlush(): void {
    if (this.flushQueued || this.draining || this.closed) return;
    this.flushQueued = true;
    setImmediate(() => {
      this.flushQueued = false;
      this.flush();
    });
  }

  private flush(): void {
    if (this.closed || this.draining) return;
    this.response.cork();
    try {
      for (let item = this.options.cursor.next(); item !== undefined; item = this.options.cursor.next()) {
        this.response.write(prefixes[item.type]);
        this.response.write(encodedObject(item.object));
        if (!this.response.write(suffix)) {
          this.waitForDrain();
          break;
        }
      }
      if (this.options.markInitialEnd && !this.initialMarked && this.options.cursor.initialDone) {
        this.initialMarked = true;
        this.bookmark({ 'k8s.io/initial-events-end': 'true' });
      }
    } catch (error) {
      this.fail(error);
    }
    this.response.uncork();
  }

  private waitForDrain(): void {
    this.draining = true;
    this.response.once('drain', () => {
      this.draining = false;
      this.flush();
    });
  }

  private fail(error: unknown): void {
    if (!(error instanceof KubeApiError)) throw error;
    this.response.write(`${JSON.stringify({ type: 'ERROR', object: statusObject(error.status) })}\n`);
    void this.end();
  }

  private armBookmark(): void {
    const { bookmarkEveryMs, scheduler } = this.options;
    if (bookmarkEveryMs === undefined) return;
    this.cancelBookmark = scheduler.wakeAt(scheduler.now() + bookmarkEveryMs, () => {
      // Only a client that has been told everything may be moved on to the present version.
      if (!this.draining && !this.flushQueued) this.bookmark();
      this.armBookmark();
    });
  }

  private bookmark(annotations?: Record<string, string>): void {
    const { type } = this.options.kind;
    const object = {
      kind: type.kind,
      apiVersion: apiVersionOf(type),
      metadata: {
        resourceVersion: this.options.version(),
        creationTimestamp: null,
        ...(annotations === undefined ? {} : { annotations }),
      },
    };
    this.response.write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
  }
}
