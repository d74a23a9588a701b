import { TimeZone, trigger as triggerMaths, type TriggerManifest } from '@scalelab/scaling';
import { fieldsOf, listOf, numberOf, type Check, type Trigger } from './subject';

const at = ({ index }: Trigger, key: string) => ['spec', 'triggers', index, 'metadata', key] as const;

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
