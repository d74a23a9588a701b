import { ErrorCode, ProtocolError } from '../protocol/error-codes';
import { alterConfigs, describeConfigs, incrementalAlterConfigs } from '../protocol/messages';
import type { Topic } from '../topics/topic';
import { checkTopicConfig, type ConfigDefinition, topicConfigs } from '../topics/topic-config';
import type { BrokerContext } from './context';
import { accepted, attempt, refusalOf } from './refusal';
import { route } from './route';

const resourceTypes = { topic: 2, broker: 4 } as const;
const sources = { topic: 1, staticBroker: 4, default: 5 } as const;
const operations = { set: 0, delete: 1 } as const;

interface Resource {
  readonly resourceType: number;
  readonly resourceName: string;
}

/** Settings of a topic as the protocol lists them; all, or those named. */
export function describeTopicConfigs(context: BrokerContext, topic: Topic, keys: readonly string[] | null) {
  return topicConfigs
    .filter(({ name }) => keys === null || keys.includes(name))
    .map(({ name, type, fallback }: ConfigDefinition) => {
      const own = topic.configs.get(name);
      const value = own ?? fallback(context.topics.defaults);
      const configSource = own === undefined ? sources.default : sources.topic;
      const synonyms = [{ name, value, source: configSource }];
      return { name, value, readOnly: false, configSource, isSensitive: false, configType: type, synonyms };
    });
}

function describeBrokerConfigs(context: BrokerContext, keys: readonly string[] | null) {
  const { retentionBytes, segmentBytes, maxMessageBytes } = context.topics.defaults;
  const values: readonly (readonly [string, string])[] = [
    ['broker.id', String(context.nodeId)],
    ['auto.create.topics.enable', String(context.autoCreateTopics)],
    ['num.partitions', String(context.defaultPartitions)],
    ['log.retention.bytes', String(retentionBytes)],
    ['log.segment.bytes', String(segmentBytes)],
    ['message.max.bytes', String(maxMessageBytes)],
  ];
  return values
    .filter(([name]) => keys === null || keys.includes(name))
    .map(([name, value]) => ({
      name,
      value,
      readOnly: true,
      configSource: sources.staticBroker,
      isSensitive: false,
      synonyms: [{ name, value, source: sources.staticBroker }],
    }));
}

export const describeConfigsRoute = route(describeConfigs, ({ resources, includeSynonyms }, context) => ({
  results: resources.map(({ resourceType, resourceName, configurationKeys }) => {
    try {
      const configs =
        resourceType === resourceTypes.broker
          ? describeBrokerConfigs(checkBroker(context, resourceName), configurationKeys)
          : describeTopicConfigs(
              context,
              topicOf(context, { resourceType, resourceName }),
              configurationKeys,
            );
      const shown = includeSynonyms ? configs : configs.map((config) => ({ ...config, synonyms: [] }));
      return { ...accepted, resourceType, resourceName, configs: shown };
    } catch (error) {
      return { ...refusalOf(context, error), resourceType, resourceName, configs: [] };
    }
  }),
}));

export const alterConfigsRoute = route(alterConfigs, ({ resources, validateOnly }, context) => ({
  responses: resources.map(({ configs, ...resource }) => ({
    ...resource,
    ...attempt(context, () => {
      const topic = topicOf(context, resource);
      const wanted = new Map(configs.map(({ name, value }) => [name, checkTopicConfig(name, value)]));
      if (!validateOnly) context.topics.configure(topic, wanted);
    }),
  })),
}));

export const incrementalAlterConfigsRoute = route(
  incrementalAlterConfigs,
  ({ resources, validateOnly }, context) => ({
    responses: resources.map(({ configs, ...resource }) => ({
      ...resource,
      ...attempt(context, () => {
        const topic = topicOf(context, resource);
        const wanted = new Map(topic.configs);
        for (const { name, value, configOperation } of configs) {
          if (configOperation === operations.set) wanted.set(name, checkTopicConfig(name, value));
          else if (configOperation === operations.delete) wanted.delete(name);
          else {
            throw new ProtocolError(
              ErrorCode.INVALID_REQUEST,
              `${name}: operation ${configOperation}, served are 0 (set) and 1 (delete)`,
            );
          }
        }
        if (!validateOnly) context.topics.configure(topic, wanted);
      }),
    })),
  }),
);

function topicOf(context: BrokerContext, { resourceType, resourceName }: Resource): Topic {
  if (resourceType !== resourceTypes.topic) {
    throw new ProtocolError(
      ErrorCode.INVALID_REQUEST,
      `resource type ${resourceType}: topics (2) can be altered, topics and the broker (4) described`,
    );
  }
  const topic = context.topics.get(resourceName);
  if (topic) return topic;
  throw new ProtocolError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `there is no topic ${resourceName}`);
}

function checkBroker(context: BrokerContext, resourceName: string): BrokerContext {
  if (resourceName === '' || resourceName === String(context.nodeId)) return context;
  throw new ProtocolError(
    ErrorCode.INVALID_REQUEST,
    `there is no broker ${resourceName}, only ${context.nodeId}`,
  );
}
