import { boundsOf, type SimulationOptions } from '../run/simulate';
import type { Totals } from '../run/totals';
import { applyChoice, type Choice } from './variant';

/** Paths of a sweep that lead to the highest count. */
const ceilingPaths: ReadonlySet<string> = new Set([
  'maxReplicaCount',
  'maxReplicas',
  'spec.maxReplicaCount',
  'spec.maxReplicas',
]);

/**
 * Configurations that differ in their highest count alone. A ceiling that a run never touched decided nothing in it: with any other ceiling
 * above the peak of that run every sync limits to the same count, so the whole run is the same. The highest is simulated first.
 */
export interface CeilingGroup {
  /** Indices of the choices, the highest ceiling first. */
  readonly members: readonly number[];
  readonly ceilings: readonly number[];
}

/** @throws SweepError of a choice that cannot be */
export function ceilingGroups(
  { target, model }: Pick<SimulationOptions, 'target' | 'model'>,
  choices: readonly Choice[],
): readonly CeilingGroup[] {
  // Jobs are counted another way, and without partitions in the model a topic has as many as the ceiling.
  const matters =
    target.kind === 'ScaledJob' ||
    (target.kind === 'ScaledObject' &&
      target.object.spec.triggers.some(({ type }) => type === 'kafka') &&
      typeof model?.partitions !== 'number');
  const groups = new Map<string, [index: number, ceiling: number][]>();
  for (const [index, choice] of choices.entries()) {
    const rest = Object.entries(choice).filter(([path]) => !ceilingPaths.has(path));
    const key = matters ? String(index) : JSON.stringify(rest);
    const member: [number, number] = [index, boundsOf(applyChoice(target, choice)).max];
    const group = groups.get(key);
    if (group) group.push(member);
    else groups.set(key, [member]);
  }
  return [...groups.values()].map((group) => {
    const sorted = group.sort(([, a], [, b]) => b - a);
    return { members: sorted.map(([index]) => index), ceilings: sorted.map(([, ceiling]) => ceiling) };
  });
}

/** Whether a run with a lower ceiling must come out as this one did. */
export const comesOutAlike = ({ peakReplicas }: Totals, ceiling: number, lowerCeiling: number): boolean =>
  lowerCeiling <= ceiling && peakReplicas < lowerCeiling;
