import type { AddressBook } from '../network/address-book';
import { Backend } from './backend';
import type { EndpointState } from './message';

/** The ready pods of one Service port: who gets the next request, and who waits for the first pod. */
export class BackendSet {
  private backends: Backend[] = [];
  private readonly waiting = new Set<() => void>();
  private turn = 0;

  constructor(private readonly book: AddressBook) {}

  get size(): number {
    return this.backends.length;
  }

  /** Takes the present endpoints in: what stays keeps its connections, what goes drains, and who waited goes on. */
  update(endpoints: readonly EndpointState[]): void {
    const known = new Map(this.backends.map((backend) => [nameOf(backend.endpoint), backend]));
    this.backends = endpoints.map((endpoint) => {
      const name = nameOf(endpoint);
      const backend = known.get(name) ?? new Backend(endpoint, this.book);
      known.delete(name);
      return backend;
    });
    for (const gone of known.values()) gone.drain();
    if (this.backends.length === 0) return;
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const resume of waiting) resume();
  }

  /** The least busy pod, in turn among equals; undefined when there is none but those in `tried`. */
  choose(tried?: ReadonlySet<Backend>): Backend | undefined {
    const { backends } = this;
    const start = (this.turn = (this.turn + 1) % (backends.length || 1));
    let best: Backend | undefined;
    for (let i = 0; i < backends.length; i++) {
      const backend = backends[(start + i) % backends.length];
      if (!backend || tried?.has(backend)) continue;
      if (best === undefined || backend.active < best.active) best = backend;
      if (best.active === 0) break;
    }
    return best;
  }

  /** Calls back at the next change that leaves a ready pod; the returned function takes it back. */
  wait(resume: () => void): () => void {
    this.waiting.add(resume);
    return () => this.waiting.delete(resume);
  }

  closeIdle(nowMs: number): void {
    for (const backend of this.backends) backend.closeIdle(nowMs);
  }

  drain(): void {
    this.update([]);
  }
}

const nameOf = ({ address, port }: EndpointState): string => `${address}:${port}`;
