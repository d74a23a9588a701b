import { type StatusDraft } from './status-draft';

/** Keeps status.triggersActivity: one entry an external metric, written only when something changed. */
export function updateTriggersActivity(draft: StatusDraft, activeTriggers: readonly string[]): void {
  const { triggersActivity: known, externalMetricNames: names = [] } = draft.status;
  const active = new Set(activeTriggers);
  const changed =
    known === undefined
      ? names.length > 0
      : names.some((name) => known[name]?.isActive !== active.has(name)) ||
        Object.keys(known).some((name) => !names.includes(name));
  if (!changed) return;
  const triggersActivity = Object.fromEntries(names.map((name) => [name, { isActive: active.has(name) }]));
  if (names.length > 0) draft.set({ triggersActivity });
  else draft.clear('triggersActivity');
}
