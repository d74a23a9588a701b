import { observed } from './answer';
import { readSelector } from './label-selector';
import { MetadataReader } from './metadata-reader';
import { toMilli } from './milli';
import { externalMetricType, externalSpec, normalizeName } from './target';
import { TriggerError } from './trigger-error';
import { type TriggerMaths } from './trigger';

export interface WorkloadSettings {
  readonly podSelector: string;
  readonly matches: (labels: Readonly<Record<string, string>>) => boolean;
  readonly activationValue: number;
}

const prefix = 'error parsing kubernetes workload metadata: ';

/** kubernetes-workload: the pods of the namespace that a selector picks and that have not ended. */
export const kubernetesWorkload: TriggerMaths<WorkloadSettings> = {
  parse(metadata, context) {
    const type = externalMetricType(context);
    const reader = new MetadataReader(metadata, context);
    const podSelector = reader.text('podSelector');
    const value = reader.float64('value', { default: '0' });
    const activationValue = reader.float64('activationValue', { default: '0' });
    if (value <= 0 && !context.asMetricSource) reader.complain('value must be a float greater than 0');
    const complaint = reader.error();
    if (complaint) throw new TriggerError('BadMetadata', prefix + prefix + complaint);
    const matches = readSelector(podSelector);
    if (typeof matches !== 'function') {
      throw new TriggerError('BadMetadata', `${prefix}error parsing pod selector: ${matches.error}`);
    }
    return {
      settings: { podSelector, matches, activationValue },
      metricSpecs: [
        externalSpec(
          context,
          normalizeName(`workload-${context.namespace ?? 'default'}`),
          type,
          toMilli(value),
        ),
      ],
    };
  },

  evaluate(settings, state, observation) {
    if (observation.kind === 'unreachable') {
      throw new TriggerError('SourceFailed', `error inspecting kubernetes workload: ${observation.message}`);
    }
    const { pods } = observed(observation, 'pods');
    const count = pods.filter(
      (pod) => settings.matches(pod.labels) && pod.phase !== 'Succeeded' && pod.phase !== 'Failed',
    ).length;
    return {
      valueMilli: [toMilli(count)],
      isActive: count > settings.activationValue,
      activationMilli: toMilli(settings.activationValue),
      state,
      how: `${count} pod${count === 1 ? '' : 's'} of ${settings.podSelector}`,
    };
  },
};
