import { TimeZone, trigger as triggerMaths, type TriggerManifest } from '@scalelab/scaling';
import { fieldsOf, listOf, numberOf, type Check, type Trigger } from './subject';

const at = ({ index }: Trigger, key: string) => ['spec', 'triggers', index, 'metadata', key] as const;

export const formulaNullCoalescing: Check = {
  code: 'formula-null-coalescing',
  level: 'warning',
  title: '"??" in a formula never takes effect',
  why: 'in a formula a trigger without a value counts 0, never nil',
  *find({ spec }) {
    const { formula } = fieldsOf(fieldsOf(spec.advanced).scalingModifiers);
    if (typeof formula === 'string' && formula.includes('??'))
      yield {
        path: ['spec', 'advanced', 'scalingModifiers', 'formula'],
        message: `the right side of "??" in ${formula} is never used`,
        fix: 'use a fallback, or compare with 0',
      };
  },
};

export const formulaFallbackFraction: Check = {
  code: 'formula-fallback-fraction',
  level: 'error',
  title: 'a fractional target switches the fallback of a formula off',
  why: 'with a formula the fallback needs a whole-number target; any other is dropped silently',
  *find({ spec }) {
    const { target } = fieldsOf(fieldsOf(spec.advanced).scalingModifiers);
    const value = numberOf(target);
    if (spec.fallback !== undefined && value !== undefined && !Number.isInteger(value))
      yield {
        path: ['spec', 'advanced', 'scalingModifiers', 'target'],
        message: `target ${String(target)} is no whole number: there is no fallback`,
        fix: 'multiply formula and target until the target is whole',
      };
  },
};

export const fallbackToZero: Check = {
  code: 'fallback-to-zero',
  level: 'warning',
  title: 'fallback.replicas 0 does not lead to zero',
  why: 'a served fallback counts as active: above the failure threshold every poll refreshes lastActiveTime, and zero is never reached',
  *find({ spec }) {
    const { replicas } = fieldsOf(spec.fallback);
    if (replicas === 0)
      yield {
        path: ['spec', 'fallback', 'replicas'],
        message: 'replicas 0 keeps the target active while its source fails',
        fix: 'choose a count that serves the load for the time of an outage',
      };
  },
};

export const metricsApiXml: Check = {
  code: 'metrics-api-xml',
  level: 'error',
  title: 'metrics-api with format xml never works',
  why: 'KEDA 2.19 cannot decode any XML answer',
  *find({ triggers }) {
    for (const trigger of triggers)
      if (trigger.type === 'metrics-api' && trigger.metadata.format === 'xml')
        yield {
          path: at(trigger, 'format'),
          message: 'every query will fail',
          fix: 'answer JSON, YAML or Prometheus text',
        };
  },
};

export const metricsApiMatchers: Check = {
  code: 'metrics-api-matchers',
  level: 'warning',
  title: '!=, =~ and !~ in a metrics-api valueLocation act as equality',
  why: 'KEDA 2.19 compares every label for equality',
  *find({ triggers }) {
    for (const trigger of triggers)
      if (
        trigger.type === 'metrics-api' &&
        trigger.metadata.format === 'prometheus' &&
        /!=|=~|!~/.test(trigger.metadata.valueLocation ?? '')
      )
        yield {
          path: at(trigger, 'valueLocation'),
          message: `${trigger.metadata.valueLocation} is read as equality`,
          fix: 'name the labels exactly',
        };
  },
};

export const queueLengthNotPositive: Check = {
  code: 'queue-length-not-positive',
  level: 'error',
  title: 'a queueLength of 0 or less is accepted',
  why: 'KEDA takes it as it is, and the HPA divides by it: an overflow, or replicas that fall while the queue grows',
  *find({ triggers }) {
    for (const trigger of triggers) {
      const length = numberOf(trigger.metadata.queueLength);
      if (trigger.type === 'aws-sqs-queue' && length !== undefined && length <= 0)
        yield {
          path: at(trigger, 'queueLength'),
          message: `queueLength ${length} is no number of messages a replica`,
          fix: 'set the messages that one replica can have waiting',
        };
    }
  },
};

export const evenDistributionRestoresCap: Check = {
  code: 'even-distribution-restores-cap',
  level: 'warning',
  title: 'ensureEvenDistributionOfPartitions undoes allowIdleConsumers',
  why: 'it caps at the partitions again, and it never gives 0',
  *find({ triggers }) {
    for (const trigger of triggers)
      if (
        trigger.type === 'kafka' &&
        trigger.metadata.allowIdleConsumers === 'true' &&
        trigger.metadata.ensureEvenDistributionOfPartitions === 'true'
      )
        yield {
          path: at(trigger, 'ensureEvenDistributionOfPartitions'),
          message: 'idle consumers are not allowed any more',
          fix: 'choose one of the two',
        };
  },
};

export const unknownTimeZone: Check = {
  code: 'cron-unknown-time-zone',
  level: 'error',
  title: 'a time zone that does not exist is accepted',
  why: 'the object is Ready, and every query of the trigger fails',
  *find({ triggers }) {
    for (const trigger of triggers) {
      const zone = trigger.metadata.timezone;
      if (trigger.type === 'cron' && zone !== undefined && !TimeZone.load(zone))
        yield {
          path: at(trigger, 'timezone'),
          message: `there is no time zone ${zone}`,
          fix: 'use a name of the IANA data base, such as Europe/Berlin',
        };
    }
  },
};

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

export const triggerRefused: Check = {
  code: 'trigger-refused',
  level: 'error',
  title: 'trigger metadata that KEDA refuses',
  why: 'the ScaledObject is not Ready and nothing scales',
  *find({ triggers, spec }) {
    const manifests = listOf(spec.triggers);
    for (const trigger of triggers) {
      if (!triggerMaths.types.some((type) => type === trigger.type)) continue;
      const env: Record<string, string> = {};
      for (const [key, name] of Object.entries(trigger.metadata))
        if (key.endsWith('FromEnv')) env[name] = 'given';
      const parsed = triggerMaths.parse(
        { ...(manifests[trigger.index] as unknown as TriggerManifest), metadata: trigger.metadata },
        {
          index: trigger.index,
          env,
          asMetricSource: fieldsOf(fieldsOf(spec.advanced).scalingModifiers).formula !== undefined,
          authParams:
            manifests[trigger.index]?.authenticationRef === undefined
              ? {}
              : {
                  awsAccessKeyID: 'given',
                  awsSecretAccessKey: 'given',
                  username: 'given',
                  password: 'given',
                },
        },
      );
      if (!parsed.ok)
        yield {
          path: ['spec', 'triggers', trigger.index],
          message: parsed.message,
          fix: 'correct the metadata; the message is KEDA’s own',
        };
    }
  },
};
