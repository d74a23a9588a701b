import { type TriggerManifest } from '../trigger/trigger';

const uncached = ['cpu', 'memory', 'cron'];

/** What is wrong with a list of triggers as a whole, undefined when nothing is. */
export function triggerListError(triggers: readonly TriggerManifest[]): string | undefined {
  if (triggers.length === 0) return 'no triggers defined in the ScaledObject/ScaledJob';
  const names = new Set<string>();
  for (const { type, name, useCachedMetrics } of triggers) {
    if (useCachedMetrics && uncached.includes(type)) {
      return `property "useCachedMetrics" is not supported for "${type}" scaler`;
    }
    if (!name) continue;
    if (names.has(name)) {
      return `triggerName "${name}" is defined multiple times in the ScaledObject/ScaledJob, but it must be unique`;
    }
    names.add(name);
  }
  return undefined;
}

/** Types of the triggers and names of their authentications, each once and in order, for the status. */
export function triggerTypesOf(triggers: readonly TriggerManifest[]): {
  readonly triggersTypes: string;
  readonly authenticationsTypes: string;
} {
  const authentications = triggers.flatMap(({ authenticationRef }) => authenticationRef?.name ?? []);
  return {
    triggersTypes: [...new Set(triggers.map(({ type }) => type))].join(','),
    authenticationsTypes: [...new Set(authentications)].join(','),
  };
}

export const isResourceTrigger = ({ type }: TriggerManifest): boolean => type === 'cpu' || type === 'memory';
