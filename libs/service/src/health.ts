/** true when all is well, else the reason. Called for every probe: it must be cheap and never wait. */
export type Check = () => true | string;

export interface Verdict {
  readonly ok: boolean;
  readonly failing: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Whether the process is alive and ready. Ready = listening, no startup condition open, not draining. Checks of other
 * systems do not belong here: a service that is up stays ready while a queue is not.
 */
export class Health {
  readonly #checks = { live: new Map<string, Check>(), ready: new Map<string, Check>() };
  readonly #startup = new Set<string>();
  readonly #onDrain: (() => void)[] = [];
  #listening = false;
  #draining = false;

  /** Not ready until the returned function is called: for what must happen once, such as joining a group. */
  startupCondition(name: string): () => void {
    this.#startup.add(name);
    return () => void this.#startup.delete(name);
  }

  liveCheck(name: string, check: Check): void {
    this.#checks.live.set(name, check);
  }

  readyCheck(name: string, check: Check): void {
    this.#checks.ready.set(name, check);
  }

  /** Called by `run` once the socket listens. */
  markListening(): void {
    this.#listening = true;
  }

  /** From here on not ready, for good; called by `run` as the first step of shutdown. */
  startDraining(): void {
    if (this.#draining) return;
    this.#draining = true;
    for (const listener of this.#onDrain) listener();
  }

  onDrain(listener: () => void): void {
    this.#onDrain.push(listener);
  }

  get draining(): boolean {
    return this.#draining;
  }

  live(): Verdict {
    return verdict(this.#checks.live);
  }

  ready(): Verdict {
    const failing = [...verdict(this.#checks.ready).failing];
    for (const name of this.#startup) failing.unshift({ name, reason: 'has not happened yet' });
    if (!this.#listening) failing.unshift({ name: 'listening', reason: 'has not happened yet' });
    if (this.#draining) failing.unshift({ name: 'draining', reason: 'the process shuts down' });
    return { ok: failing.length === 0, failing };
  }
}

function verdict(checks: ReadonlyMap<string, Check>): Verdict {
  const failing: { name: string; reason: string }[] = [];
  for (const [name, check] of checks) {
    const answer = run(check);
    if (answer !== true) failing.push({ name, reason: answer });
  }
  return { ok: failing.length === 0, failing };
}

function run(check: Check): true | string {
  try {
    return check();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export function createHealth(): Health {
  return new Health();
}
