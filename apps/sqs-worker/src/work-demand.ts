import { isMessageBody, kindOf, type MessageBody } from './message';

/** What one message costs and how it ends. */
export interface WorkDemand {
  /** Milliseconds. */
  readonly workMs: number;
  readonly fails: boolean;
}

export interface WorkKnobs {
  /** Milliseconds of every message. */
  readonly workMs: number;
  /** Up to this much more, at random. */
  readonly jitterMs: number;
  /** Share of deliveries that fail, 0..1. */
  readonly failureRate: number;
  /** Whether a message's `work: {ms, fail, poison}` overrules the others. */
  readonly fromMessage: boolean;
}

/** What a message asks for in its `work` field. */
interface AskedWork {
  readonly ms?: number;
  /** Chance of this delivery to fail, 0..1. */
  readonly fail?: number;
  /** Fails however often it is tried. */
  readonly poison?: boolean;
}

/** @throws TypeError naming the field of `work` that is wrong. */
export function demandOf(body: MessageBody, knobs: WorkKnobs, random: () => number): WorkDemand {
  const asked = knobs.fromMessage ? askedWork(body.work) : {};
  const workMs = asked.ms ?? knobs.workMs + random() * knobs.jitterMs;
  const rate = asked.fail ?? knobs.failureRate;
  return { workMs, fails: asked.poison === true || (rate > 0 && random() < rate) };
}

function askedWork(work: unknown): AskedWork {
  if (work === undefined) return {};
  if (!isMessageBody(work))
    throw new TypeError(`work is ${kindOf(work)}, allowed: an object {ms, fail, poison}`);
  const { ms, fail, poison } = work;
  return {
    ...(ms === undefined ? {} : { ms: numberIn(ms, 'work.ms', 3_600_000) }),
    ...(fail === undefined ? {} : { fail: numberIn(fail, 'work.fail', 1) }),
    ...(poison === undefined ? {} : { poison: booleanIn(poison, 'work.poison') }),
  };
}

function numberIn(value: unknown, field: string, max: number): number {
  if (typeof value === 'number' && value >= 0 && value <= max) return value;
  const given = typeof value === 'number' ? String(value) : kindOf(value);
  throw new TypeError(`${field} is ${given}, allowed: a number from 0 to ${max}`);
}

function booleanIn(value: unknown, field: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new TypeError(`${field} is ${kindOf(value)}, allowed: true or false`);
}
