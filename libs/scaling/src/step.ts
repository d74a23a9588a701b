/**
 * What one step of a reducer gives back.
 *
 * Every loop of this library has the shape `step(state, nowMs, input) -> Step`. A step reads no clock and starts no timer:
 * the caller gives `nowMs`, carries out `effects` in order and calls again at `nextDueAtMs`. States are immutable: a step
 * never changes the state it is given, so a caller may keep, compare or replay any of them.
 */
export interface Step<State, Effect, Decision> {
  readonly state: State;
  /** What the caller has to do now, in this order. */
  readonly effects: readonly Effect[];
  readonly decision: Decision;
  /** When the next step is due, in the same clock as `nowMs`; null: never (the object is gone or not watched). */
  readonly nextDueAtMs: number | null;
}

/** A loop without clock, timer or I/O. `nowMs` is milliseconds of any clock that never goes back. */
export interface Reducer<State, Input, Effect, Decision> {
  step(state: State, nowMs: number, input: Input): Step<State, Effect, Decision>;
}
