import { ErrorCode, ProtocolError } from '../protocol/error-codes';
import { createPartitions, createTopics, deleteTopics } from '../protocol/messages';
import type { Decoded } from '../protocol/schema';
import { noUuid } from '../protocol/types';
import type { Topic } from '../topics/topic';
import type { BrokerContext } from './context';
import { describeTopicConfigs } from './configs';
import { accepted, attempt, refusalOf } from './refusal';
import { route } from './route';

type NewTopic = Decoded<typeof createTopics.request>['topics'][number];

export const createTopicsRoute = route(createTopics, ({ topics, validateOnly }, context) => ({
  topics: topics.map((wanted) => {
    const { name } = wanted;
    try {
      if (topics.filter((other) => other.name === name).length > 1) {
        throw new ProtocolError(ErrorCode.INVALID_REQUEST, `topic ${name} is in the request twice`);
      }
      const partitions = partitionCount(wanted, context);
      const configs = new Map(wanted.configs.map((config) => [config.name, config.value ?? '']));
      context.topics.checkNew(name, partitions, configs);
      if (validateOnly) return { name, ...accepted, numPartitions: partitions, replicationFactor: 1 };
      const topic = context.topics.create(name, partitions, configs);
      return {
        name,
        topicId: topic.id,
        ...accepted,
        numPartitions: partitions,
        replicationFactor: 1,
        configs: describeTopicConfigs(context, topic, null),
      };
    } catch (error) {
      return { name, ...refusalOf(context, error) };
    }
  }),
}));

/** Checks that one broker can hold what is asked, and gives the number of partitions. */
function partitionCount(
  { numPartitions, replicationFactor, assignments }: NewTopic,
  context: BrokerContext,
): number {
  if (assignments.length > 0) {
    const indexes = new Set(assignments.map(({ partitionIndex }) => partitionIndex));
    const consecutive = assignments.every((_assignment, index) => indexes.has(index));
    const here = assignments.every(
      ({ brokerIds }) => brokerIds.length === 1 && brokerIds[0] === context.nodeId,
    );
    if (consecutive && here) return assignments.length;
    throw new ProtocolError(
      ErrorCode.INVALID_REPLICA_ASSIGNMENT,
      `an assignment names partitions 0, 1, 2 ... and broker ${context.nodeId} alone`,
    );
  }
  if (replicationFactor !== -1 && replicationFactor !== 1) {
    throw new ProtocolError(
      ErrorCode.INVALID_REPLICATION_FACTOR,
      `replication factor ${replicationFactor}, there is 1 broker`,
    );
  }
  return numPartitions === -1 ? context.defaultPartitions : numPartitions;
}

export const deleteTopicsRoute = route(deleteTopics, (request, context, call) => {
  const { topics } = context;
  if (call.version < 6) {
    const responses = request.topicNames.map((name) => ({ name, ...remove(context, topics.get(name)) }));
    return { responses };
  }
  const responses = request.topics.map(({ name, topicId }) => {
    if (name !== null) return { name, topicId: noUuid, ...remove(context, topics.get(name)) };
    const topic = topics.byId(topicId);
    return { name: topic?.name ?? null, topicId, ...remove(context, topic, ErrorCode.UNKNOWN_TOPIC_ID) };
  });
  return { responses };
});

function remove(
  context: BrokerContext,
  topic: Topic | undefined,
  unknown: ErrorCode = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
) {
  return attempt(context, () => {
    if (!topic) throw new ProtocolError(unknown, 'there is no such topic');
    context.topics.delete(topic);
  });
}

export const createPartitionsRoute = route(createPartitions, ({ topics, validateOnly }, context) => ({
  results: topics.map(({ name, count, assignments }) => ({
    name,
    ...attempt(context, () => {
      const topic = context.topics.get(name);
      if (!topic) throw new ProtocolError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `there is no topic ${name}`);
      const added = count - topic.partitions.length;
      context.topics.checkGrowth(topic, count);
      const here = assignments?.every(
        ({ brokerIds }) => brokerIds.length === 1 && brokerIds[0] === context.nodeId,
      );
      if (assignments && (assignments.length !== added || !here)) {
        throw new ProtocolError(
          ErrorCode.INVALID_REPLICA_ASSIGNMENT,
          `an assignment names broker ${context.nodeId} alone, once for each of ${added} new partitions`,
        );
      }
      if (!validateOnly) context.topics.grow(topic, count);
    }),
  })),
}));
