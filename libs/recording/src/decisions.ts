import type { CoreShapes, DecisionLine, TimedLine } from './line';

export function isDecision<C extends CoreShapes>(line: TimedLine<C>): line is DecisionLine<C> {
  return line.kind === 'hpaSync' || line.kind === 'kedaPoll' || line.kind === 'scaledJobPoll';
}

/**
 * The decisions that people want to see: every change of replicas, and the begin of every hold (something was wanted and not
 * done). A hold goes on while the same loop keeps giving the same reason for not reaching what is wanted.
 */
export function decisionsOf<C extends CoreShapes>(
  lines: readonly TimedLine<C>[],
): readonly DecisionLine<C>[] {
  const holds = new Map<string, string>();
  return lines.filter(isDecision).filter((line) => {
    const loop = `${line.kind} ${line.workload.namespace}/${line.workload.name}`;
    if (line.from !== line.to) {
      holds.delete(loop);
      return true;
    }
    if (line.wanted === null || line.wanted === line.to) {
      holds.delete(loop);
      return false;
    }
    const hold = `${line.reason} ${line.wanted > line.to ? 'up' : 'down'} ${line.to}`;
    if (holds.get(loop) === hold) return false;
    holds.set(loop, hold);
    return true;
  });
}
