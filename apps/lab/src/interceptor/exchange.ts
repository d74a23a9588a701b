import type { Backend } from './backend';
import type { BackendSet } from './backend-set';
import { BodyEnd } from './body-end';
import { coldStartHeader } from './cold-start-header';
import type { ExchangeClient } from './exchange-client';
import { HeadError, type RequestHead } from './http-head';
import { isReplaySafe } from './replay';
import { ResponseReader } from './response-reader';
import type { Target } from './target';
import { Upstream, type UpstreamUser } from './upstream';

/** Bytes of a request that are kept to send it again. */
const mostReplay = 64 * 1024;
const mostAttempts = 4;
/** As in the HTTP add-on. */
const connectTimeoutMs = 500;
/** Pause before pods that refused are asked again, ms. */
const retryRefusedMs = 50;
/** How long a plain Service's pods may refuse before its client is told, ms. */
const plainRetryMs = 1_000;
const clientClosed = 499;

/** One request and its response on their way through: picks the pod, holds, retries, and knows when both have ended. */
export class Exchange implements UpstreamUser {
  private readonly startedMs = performance.now();
  private readonly requestEnd: BodyEnd;
  /** Pods that refused; made at the first one, since there is none as a rule. */
  private tried: Set<Backend> | undefined;
  private backends: BackendSet;
  private backend: Backend | undefined;
  private upstream: Upstream | undefined;
  private connected = false;
  private sent = false;
  private attempts = 0;
  private replay: Buffer[] | undefined = [];
  private replayBytes = 0;
  private readonly response: ResponseReader;
  private answered = false;
  private tunnel = false;
  private done = false;
  private coldStart = false;
  private holding = false;
  private stopWaiting: (() => void) | undefined;
  private timer: NodeJS.Timeout | undefined;
  private sentMs = Infinity;

  constructor(
    private readonly client: ExchangeClient,
    private readonly head: RequestHead,
    private readonly target: Target,
  ) {
    this.requestEnd = new BodyEnd(head.framing);
    this.backends = target.backends;
    this.response = new ResponseReader(head.method, target.route && (() => coldStartHeader(this.coldStart)));
  }

  /** Begins with the bytes that hold the head and perhaps more; returns the offset behind what belongs to this request. */
  start(bytes: Buffer, bodyFrom: number): number {
    this.target.route?.begin(this.backends.size);
    const end = this.requestEnd.take(bytes, bodyFrom);
    this.keepForReplay(bytes.subarray(0, end));
    this.dispatch();
    return end;
  }

  /** More bytes from the client; returns the offset behind what belongs to this request. */
  takeBody(bytes: Buffer): number {
    if (this.tunnel) {
      this.send(bytes);
      return bytes.length;
    }
    if (this.requestEnd.done || this.done) return 0;
    const end = this.requestEnd.take(bytes, 0);
    const part = bytes.subarray(0, end);
    this.keepForReplay(part);
    if (this.sent) this.send(part);
    else if (this.replayBytes > mostReplay) this.client.pause();
    return end;
  }

  clientDrained(): void {
    this.upstream?.resume();
  }

  /** The client has closed its side: a held request has nobody to wait for; a running one may still be listened to. */
  clientEnded(): void {
    if (this.tunnel) this.upstream?.end();
    else if (this.holding) {
      this.clientGone();
      this.client.abort();
    }
  }

  clientGone(): void {
    this.upstream?.destroy();
    this.finish(this.response.head?.status ?? clientClosed);
  }

  /** Gives up when a time limit of the route has passed. */
  checkDeadline(nowMs: number): void {
    const { route } = this.target;
    if (!route || this.done || this.tunnel) return;
    const { requestTimeoutMs, responseHeaderTimeoutMs } = route.state;
    if (requestTimeoutMs > 0 && nowMs - this.startedMs > requestTimeoutMs) {
      this.fail(504, `the request took longer than ${requestTimeoutMs} ms`);
    } else if (
      responseHeaderTimeoutMs > 0 &&
      !this.response.head &&
      nowMs - this.sentMs > responseHeaderTimeoutMs
    ) {
      this.fail(504, `no response head within ${responseHeaderTimeoutMs} ms`);
    }
  }

  onConnect(): void {
    this.connected = true;
  }

  onDrain(): void {
    this.client.resume();
  }

  onData(chunk: Buffer): void {
    try {
      this.takeResponse(chunk);
    } catch (error) {
      if (!(error instanceof HeadError || error instanceof RangeError)) throw error;
      this.fail(502, error.message);
    }
  }

  onEnd(): void {
    if (this.tunnel) {
      this.client.endWrite();
      this.finish(101);
    } else if (this.response.endsWithConnection) {
      this.complete(false);
    } else if (this.response.hasBegun || this.answered) {
      this.fail(502, 'the pod closed the connection in the middle of its answer');
    } else {
      this.lost('closed');
    }
  }

  onError(error: NodeJS.ErrnoException): void {
    if (!this.connected) return this.refused(error);
    if (this.tunnel || this.response.hasBegun || this.answered) {
      this.fail(502, `the connection to the pod broke: ${error.code ?? error.message}`);
    } else {
      this.lost('reset');
    }
  }

  private keepForReplay(bytes: Buffer): void {
    this.replayBytes += bytes.length;
    if (this.replayBytes > mostReplay && this.sent) this.replay = undefined;
    this.replay?.push(bytes);
  }

  private dispatch(): void {
    const backend = this.backends.choose(this.tried);
    if (!backend) return this.tried ? this.allRefused() : this.hold();
    this.attempts += 1;
    this.backend = backend;
    backend.active += 1;
    const idle = backend.takeIdle();
    if (idle) {
      idle.serve(this);
      this.connected = true;
      this.upstream = idle;
    } else {
      const real = backend.locate();
      if (!real) return this.refused(undefined);
      this.connected = false;
      this.upstream = new Upstream(real, connectTimeoutMs, this);
    }
    this.sent = true;
    this.sentMs = performance.now();
    for (const part of this.replay ?? []) this.send(part);
    if (this.replayBytes > mostReplay) this.replay = undefined;
  }

  private send(bytes: Buffer): void {
    if (this.upstream && !this.upstream.write(bytes)) this.client.pause();
    else this.client.resume();
  }

  /** Waits for the first ready pod. */
  private hold(): void {
    const { holdMs } = this.target;
    if (holdMs === undefined && this.backends === this.target.backends) {
      return this.fail(503, 'no pod of this Service is ready');
    }
    this.coldStart = true;
    this.holding = true;
    if (this.target.route) this.target.route.held += 1;
    this.stopWaiting = this.backends.wait(() => {
      this.release();
      this.dispatch();
    });
    if (!holdMs) return;
    const leftMs = Math.max(0, holdMs - (performance.now() - this.startedMs));
    this.timer = setTimeout(() => this.waitedTooLong(), leftMs);
  }

  private waitedTooLong(): void {
    this.release();
    const { fallback } = this.target;
    if (fallback && this.backends !== fallback && fallback.size > 0) {
      this.backends = fallback;
      this.tried = undefined;
      return this.dispatch();
    }
    this.fail(504, `no pod became ready within ${this.target.holdMs} ms`);
  }

  /** Ends a wait for pods. */
  private release(): void {
    clearTimeout(this.timer);
    this.stopWaiting?.();
    this.stopWaiting = undefined;
    if (this.holding && this.target.route) this.target.route.held -= 1;
    this.holding = false;
  }

  /** Nothing reached the pod: another one, or the same one later, may be asked without harm. */
  private refused(error: NodeJS.ErrnoException | undefined): void {
    if (this.backend) (this.tried ??= new Set()).add(this.backend);
    this.letGo();
    if (error === undefined || this.attempts < mostAttempts * 5) return this.dispatch();
    this.fail(502, `no pod could be reached: ${error.code ?? error.message}`);
  }

  private allRefused(): void {
    this.tried = undefined;
    const limitMs = this.target.holdMs ?? plainRetryMs;
    if (limitMs > 0 && performance.now() - this.startedMs > limitMs)
      return this.fail(502, 'no pod could be reached');
    this.timer = setTimeout(() => this.dispatch(), retryRefusedMs);
  }

  /** The pod went away without a word. */
  private lost(how: 'closed' | 'reset'): void {
    const { upstream } = this;
    if (!upstream || !this.replay || this.attempts >= mostAttempts)
      return this.fail(502, 'the pod ended before it answered');
    const again = (): void => {
      // A connection of the past tells nothing about the pod; a new one that breaks does.
      if (!upstream.reused && this.backend) (this.tried ??= new Set()).add(this.backend);
      this.letGo();
      this.dispatch();
    };
    isReplaySafe(this.head.method, how, upstream, this.replayBytes, (safe) => {
      if (this.done) return;
      if (safe) again();
      else this.fail(502, 'the pod ended before it answered, and the request may have had its effect');
    });
  }

  private takeResponse(chunk: Buffer): void {
    if (this.tunnel) return this.forward(chunk);
    const progress = this.response.take(chunk, (bytes) => this.forward(bytes));
    if (progress === 'upgraded') {
      this.tunnel = true;
      this.client.tunnelled();
    } else if (progress !== 'more') this.complete(progress === 'leftover');
  }

  private forward(bytes: Buffer): void {
    this.answered = true;
    if (!this.client.write(bytes)) this.upstream?.pause();
  }

  private complete(leftover: boolean): void {
    const { backend, upstream } = this;
    const { head } = this.response;
    const clean = head?.keepAlive === true && this.requestEnd.done;
    if (clean && this.head.keepAlive && !leftover && upstream && backend) {
      backend.putIdle(upstream, head.keepAliveSeconds);
    } else upstream?.destroy();
    this.upstream = undefined;
    this.finish(head?.status ?? 0);
    this.client.finished(this, clean && this.head.keepAlive);
  }

  private fail(status: number, detail: string): void {
    if (this.done) return;
    this.upstream?.destroy();
    this.finish(status);
    if (this.answered) this.client.abort();
    else {
      this.client.refuse(status, detail, this.head.method);
      this.client.finished(this, false);
    }
  }

  /** Gives the pod and the connection back. */
  private letGo(): void {
    this.upstream?.destroy();
    this.upstream = undefined;
    if (this.backend) this.backend.active -= 1;
    this.backend = undefined;
    this.sent = false;
    this.sentMs = Infinity;
  }

  private finish(status: number): void {
    if (this.done) return;
    this.done = true;
    this.release();
    if (this.backend) this.backend.active -= 1;
    this.backend = undefined;
    this.target.route?.end(this.head.method, status, (performance.now() - this.startedMs) / 1000);
  }
}
