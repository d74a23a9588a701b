import type { Check } from './subject';

const boolean = /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/;

export const pausedByOddValue: Check = {
  code: 'paused-by-odd-value',
  level: 'warning',
  title: 'any value that is no boolean pauses',
  why: 'KEDA reads a value that it cannot parse as true',
  *find({ loaded }) {
    for (const [key, value] of Object.entries(loaded.object.metadata.annotations ?? {}))
      if (/^autoscaling\.keda\.sh\/paused(-scale-in|-scale-out)?$/.test(key) && !boolean.test(value))
        yield {
          path: ['metadata', 'annotations', key],
          message: `${key}: "${value}" pauses`,
          fix: 'write "true" or "false", or remove the annotation',
        };
  },
};

export const pausedReplicasNoNumber: Check = {
  code: 'paused-replicas-no-number',
  level: 'error',
  title: 'paused-replicas that is no number',
  why: 'the object is not Ready, with the reason of success: nothing says what is wrong',
  *find({ loaded }) {
    const key = 'autoscaling.keda.sh/paused-replicas';
    const value = loaded.object.metadata.annotations?.[key];
    if (value !== undefined && !/^[+-]?\d+$/.test(value))
      yield {
        path: ['metadata', 'annotations', key],
        message: `"${value}" is no number of replicas`,
        fix: 'write a whole number of 0 or more',
      };
  },
};
