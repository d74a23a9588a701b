import { initialConditions } from '../../keda/conditions';
import { combineDemands, triggerDemand } from '../../keda/job-demand';
import { JobDraft } from '../../keda/job-draft';
import { requestJobScale } from '../../keda/job-executor';
import { type JobFacts } from '../../keda/job-facts';
import { type ScaledJobSpec } from '../../keda/scaled-job';
import { type KedaCondition } from '../../keda/scaled-object';
import { type TriggerMetricSpec } from '../../trigger/metric-spec';
import { parseMilli } from '../../quantity/milli';
import { type KedaCase } from './case';
import { firstDifference, type KedaDifference } from './compare';
import { instantOf, recordedConditions } from './time-line';

interface ScaledJobCaseInput {
  readonly scaledJob: { readonly spec: Omit<ScaledJobSpec, 'triggers'> };
  readonly triggers: readonly {
    readonly value: string;
    readonly target: string;
    readonly isActive: boolean;
  }[];
  readonly isError: boolean;
  readonly runningJobs: number;
  readonly pendingJobs: number;
  readonly completedJobs: number;
  readonly failedJobs: number;
}
interface ScaledJobExpectation {
  readonly isActive: boolean;
  readonly scaleTo: number;
  readonly maxScale: number;
  readonly jobsCreated: number;
  readonly jobsDeleted: number;
  readonly conditions: readonly KedaCondition[];
  readonly events?: readonly string[];
}

/** A case of the family scaledjob: a queue and Jobs, one check. */
export function replayScaledJobCase(recorded: KedaCase): KedaDifference | undefined {
  const input = recorded.input as ScaledJobCaseInput;
  const expect = recorded.expect as ScaledJobExpectation;
  const spec: ScaledJobSpec = { triggers: [], ...input.scaledJob.spec };
  const demands = input.triggers.map(({ value, target, isActive }, i) => {
    const name = `s${i}-metric`;
    const metric: TriggerMetricSpec = {
      type: 'External',
      external: { metric: { name }, target: { type: 'AverageValue', averageValue: target } },
    };
    return triggerDemand([{ name, valueMilli: parseMilli(value) }], [metric], isActive, spec);
  });
  const demand = combineDemands(demands, spec);
  const draft = new JobDraft({ conditions: initialConditions });
  const object = { metadata: { name: 'job', namespace: 'default' }, spec };
  const scaling = requestJobScale(object, jobsOf(input), instantOf(0), demand, input.isError, draft);
  const events = draft.effects.flatMap((effect) =>
    effect.kind === 'event' ? [`${effect.type} ${effect.reason} ${effect.message}`] : [],
  );
  return (
    firstDifference('expect.isActive', expect.isActive, demand.isActive) ??
    firstDifference('expect.scaleTo', expect.scaleTo, demand.scaleTo) ??
    firstDifference('expect.maxScale', expect.maxScale, demand.maxScale) ??
    firstDifference('expect.jobsCreated', expect.jobsCreated, scaling.created) ??
    firstDifference('expect.jobsDeleted', expect.jobsDeleted, scaling.deleted) ??
    firstDifference('expect.conditions', expect.conditions, recordedConditions(draft.status.conditions)) ??
    firstDifference('expect.events', expect.events ?? [], events)
  );
}

function jobsOf(input: ScaledJobCaseInput): readonly JobFacts[] {
  const many = (count: number, kind: string, facts: Omit<JobFacts, 'name'>): readonly JobFacts[] =>
    Array.from({ length: count }, (_, i) => ({ name: `${kind}-${i}`, ...facts }));
  return [
    ...many(input.runningJobs, 'running', {
      finished: null,
      pods: [{ phase: 'Running', conditions: ['Ready'] }],
    }),
    ...many(input.pendingJobs, 'pending', { finished: null, pods: [{ phase: 'Pending' }] }),
    ...many(input.completedJobs, 'completed', { finished: 'Complete', pods: [] }),
    ...many(input.failedJobs, 'failed', { finished: 'Failed', pods: [] }),
  ];
}
