import { numberOf, type Check } from './subject';

export const jobMaxLessMin: Check = {
  code: 'scaledjob-max-less-min',
  level: 'note',
  title: 'maxReplicaCount of a ScaledJob is lessened by minReplicaCount',
  why: 'KEDA keeps the minimum beside what it scales, and takes it off the maximum',
  *find({ kind, spec, min }) {
    const max = numberOf(spec.maxReplicaCount);
    if (kind === 'ScaledJob' && min > 0 && max !== undefined && min <= max)
      yield {
        path: ['spec', 'maxReplicaCount'],
        message: `at most ${max - min} Jobs come by demand, not ${max}`,
        fix: `set maxReplicaCount to ${max + min} where ${max} are meant`,
      };
  },
};
