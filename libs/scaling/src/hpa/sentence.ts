import { limitWords } from './limit-words';
import { metricWords, type Unit } from './metric-words';
import { counted } from './number-text';
import type { HpaTrace } from './trace';

/** A decision in one sentence, such as "3 -> 6: 118 messages / 20 per replica = 5.9, rounded up to 6". */
export function sentenceOf(trace: HpaTrace, unit?: Unit): string {
  const { path, specReplicas: current, desired } = trace;
  const head = trace.scaled ? `${current} -> ${desired}` : `stays ${current}`;
  switch (path) {
    case 'gone':
      return 'forgotten: the HPA is deleted, and with it what the controller remembered';
    case 'noScale':
      return `undecided: ${trace.error}`;
    case 'disabled':
      return `${head}: the target has 0 replicas, so the HPA is switched off`;
    case 'aboveMax':
      return `${head}: above maxReplicas ${trace.maxReplicas}${refused(trace)}`;
    case 'belowMin':
      return `${head}: below minReplicas ${trace.minReplicas}${refused(trace)}`;
    case 'noSelector':
      return `${head}: no metric is asked, since ${selectorWords(trace)}`;
    case 'noMetrics':
      return `${head}: ${blockedWords(trace, unit)}`;
    case 'metrics':
      return `${head}: ${[wantedWords(trace, unit), limitWords(trace), failedWords(trace)].filter((w) => w !== undefined).join('; ')}${refused(trace)}`;
  }
}

/** The winning metric's arithmetic, and the window where one holds the count elsewhere. */
function wantedWords(trace: HpaTrace, unit: Unit | undefined): string {
  const winner = trace.metrics.find((m) => m.index === trace.winner);
  const held = trace.stabilization;
  const stabilized = held !== undefined && held.from !== held.to;
  const words = winner === undefined ? 'no metric decides' : metricWords(winner, trace, unit, !stabilized);
  const among =
    trace.metrics.length > 1 && winner !== undefined
      ? `highest of ${trace.metrics.length} metrics is ${winner.name}: `
      : '';
  if (!stabilized) return `${among}${words}`;
  const seconds = Math.ceil(((held.heldUntilMs ?? trace.nowMs) - trace.nowMs) / 1000);
  return `wanted ${held.from} (${among}${words}), stabilised at ${held.to} ${seconds > 0 ? `for another ${seconds} s` : 'in this sync for the last time'}`;
}

function blockedWords(trace: HpaTrace, unit: Unit | undefined): string {
  const failed = trace.metrics.filter((m) => m.outcome === 'failed');
  const [first] = failed;
  const good = trace.metrics.filter((m) => m.outcome !== 'failed');
  const reason = first === undefined ? 'no metric gave a count' : metricWords(first, trace, unit, true);
  if (good.length === 0)
    return failed.length > 1 ? `all ${failed.length} metrics failed, first ${reason}` : reason;
  const highest = Math.max(...good.map((m) => m.proposal ?? 0));
  return `the other ${good.length === 1 ? 'metric wants' : 'metrics want'} ${highest}, but a failed metric forbids to scale down; ${reason}`;
}

function failedWords(trace: HpaTrace): string | undefined {
  const failed = trace.metrics.filter((m) => m.outcome === 'failed').length;
  return failed === 0 ? undefined : `${failed} of ${counted(trace.metrics.length, 'metric')} failed`;
}

function refused(trace: HpaTrace): string {
  return !trace.scaled && trace.desired !== trace.specReplicas
    ? `; the update to ${trace.desired} was refused: ${trace.error}`
    : '';
}

function selectorWords({ selectedBy }: HpaTrace): string {
  return selectedBy === undefined
    ? "the target's scale has no selector"
    : `${selectedBy.length} HPAs select the same pods: ${selectedBy.join(', ')}`;
}
