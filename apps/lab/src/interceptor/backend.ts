import type { AddressBook, RealAddress } from '../network/address-book';
import type { EndpointState } from './message';
import type { Upstream } from './upstream';

/** How long an idle connection is kept when the server does not say, ms: Node's servers keep theirs for 5 s. */
const idleMs = 4_000;
const mostIdle = 256;

/** One pod's port: the connections to it and how busy it is. */
export class Backend {
  /** Requests and spliced connections that it is serving. */
  active = 0;
  /** No longer an endpoint: finishes what it has, gets nothing new. */
  draining = false;
  private readonly idle: Upstream[] = [];

  constructor(
    readonly endpoint: EndpointState,
    private readonly book: AddressBook,
  ) {}

  /** Where it really listens, or undefined when nothing does. */
  locate(): RealAddress | undefined {
    const { address, port } = this.endpoint;
    return this.book.owns(address) ? this.book.connectTarget(address, port) : { host: address, port };
  }

  /** An open connection that nobody uses; the most recent one, since it is the least likely to be closed just now. */
  takeIdle(): Upstream | undefined {
    return this.idle.pop();
  }

  putIdle(upstream: Upstream, serverKeepsSeconds: number | undefined): void {
    if (this.draining || this.idle.length >= mostIdle) return upstream.destroy();
    // A second less than the server, so that it is never the server that closes under a new request.
    const keptMs = serverKeepsSeconds === undefined ? idleMs : (serverKeepsSeconds - 1) * 1000;
    if (keptMs <= 0) return upstream.destroy();
    upstream.rest(performance.now() + keptMs, () => this.forget(upstream));
    this.idle.push(upstream);
  }

  closeIdle(nowMs = Infinity): void {
    const old = this.idle.filter(({ restsUntilMs }) => restsUntilMs <= nowMs);
    for (const upstream of old) {
      this.forget(upstream);
      upstream.destroy();
    }
  }

  drain(): void {
    this.draining = true;
    this.closeIdle();
  }

  private forget(upstream: Upstream): void {
    const index = this.idle.indexOf(upstream);
    if (index >= 0) this.idle.splice(index, 1);
  }
}
