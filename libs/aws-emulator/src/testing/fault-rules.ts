/** What goes wrong with a call on its way. */
export type Fault =
  /** 400 with the service's throttling error; the call does not reach the service. */
  | { readonly kind: 'throttle' }
  /** 5xx (default 500); the call does not reach the service. */
  | { readonly kind: 'serverError'; readonly status?: number }
  /** The call is forwarded after this many milliseconds. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** The call does its work; its answer is lost with the connection. */
  | { readonly kind: 'lostResponse' }
  /** The connection breaks before the call does anything. */
  | { readonly kind: 'lostRequest' }
  /** The first `entries` (default all) of a *Batch call come back in Failed[] and do not reach the service. */
  | {
      readonly kind: 'failedEntries';
      readonly entries?: number;
      readonly senderFault?: boolean;
      readonly code?: string;
    }
  /** The last `items` of a BatchWriteItem come back in UnprocessedItems and do not reach the service. */
  | { readonly kind: 'unprocessed'; readonly items: number };

export interface FaultRule {
  /** Operation name on the wire (`SendMessageBatch`, `PutItem`), or `*` for every one. */
  readonly operation: string;
  readonly fault: Fault;
  /** How many calls it hits. Default: without end. */
  readonly times?: number;
  /** Chance to hit a matching call, 0..1, drawn from the proxy's seed. Default 1. */
  readonly probability?: number;
}

export interface ProxiedCall {
  readonly operation: string;
  /** The request as parsed JSON. */
  readonly body: Record<string, unknown>;
  /** Milliseconds (`performance.now()`) when the call came in. */
  readonly startedAt: number;
  /** When its answer left; undefined while open, and for ever when no answer left. */
  settledAt?: number;
  /** Status of the answer that left. */
  status?: number;
  /** The client closed the connection before the answer. */
  aborted: boolean;
  /** The fault that was put in, if any. */
  fault?: Fault['kind'];
}

interface ActiveRule extends FaultRule {
  left: number;
}

/** The rules in force, in the order in which they were added: the first that matches hits. */
export class FaultRules {
  private rules: ActiveRule[] = [];

  constructor(private readonly random: () => number) {}

  /** @returns a function that takes the rule out again. */
  add(rule: FaultRule): () => void {
    const active = { ...rule, left: rule.times ?? Infinity };
    this.rules.push(active);
    return () => {
      this.rules = this.rules.filter((other) => other !== active);
    };
  }

  clear(): void {
    this.rules = [];
  }

  take(operation: string): Fault | undefined {
    const rule = this.rules.find(
      ({ operation: on, left, probability = 1 }) =>
        left > 0 && (on === '*' || on === operation) && (probability >= 1 || this.random() < probability),
    );
    if (!rule) return undefined;
    rule.left -= 1;
    return rule.fault;
  }
}
