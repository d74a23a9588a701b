/** Which loop decided. */
export type Loop = 'hpa' | 'keda' | 'scaledJob';

/** A decision that people want to see: a change of replicas, or the begin of a hold. */
export interface SimulatedDecision {
  /** Seconds since the start. */
  readonly t: number;
  readonly loop: Loop;
  readonly from: number;
  readonly to: number;
  /** Replicas that the signal alone asks for; null where nothing was computed. */
  readonly wanted: number | null;
  /** A word of the controller's conditions or events. */
  readonly reason: string;
  readonly sentence: string;
  readonly steps: readonly {
    readonly rule: string;
    readonly inputs: Readonly<Record<string, unknown>>;
    readonly result: unknown;
    readonly docs: string;
  }[];
}

/** One decision before it has words. */
export type Undecided = Pick<SimulatedDecision, 'loop' | 'from' | 'to' | 'wanted' | 'reason'>;

/** Tells changes and begins of holds from the many decisions that say nothing new. */
export class NewsOfDecisions {
  private readonly holds = new Map<Loop, string>();

  isNews({ loop, from, to, wanted, reason }: Undecided): boolean {
    if (from !== to) {
      this.holds.delete(loop);
      return true;
    }
    if (wanted === null || wanted === to) {
      this.holds.delete(loop);
      return false;
    }
    const hold = `${reason} ${wanted > to ? 'up' : 'down'} ${to}`;
    if (this.holds.get(loop) === hold) return false;
    this.holds.set(loop, hold);
    return true;
  }
}
