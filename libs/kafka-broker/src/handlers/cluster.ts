import { ErrorCode, ProtocolError } from '../protocol/error-codes';
import { describeCluster, metadata } from '../protocol/messages';
import type { Encodable } from '../protocol/schema';
import { noUuid } from '../protocol/types';
import type { Topic } from '../topics/topic';
import type { BrokerContext, Call } from './context';
import { refusalOf } from './refusal';
import { route } from './route';

type TopicMetadata = Encodable<typeof metadata.response>['topics'][number];

/** Where clients are told to connect. */
export function advertisedAddress(context: BrokerContext, call: Call): { host: string; port: number } {
  return { host: context.advertisedHost ?? call.localAddress, port: context.advertisedPort() };
}

export const metadataRoute = route(metadata, (request, context, call) => {
  const { topics } = request;
  const everything = topics === null || (call.version === 0 && topics.length === 0);
  const mayCreate = context.autoCreateTopics && request.allowAutoTopicCreation;
  return {
    brokers: [{ nodeId: context.nodeId, ...advertisedAddress(context, call) }],
    clusterId: context.clusterId,
    controllerId: context.nodeId,
    topics: everything
      ? context.topics.all.map((topic) => describe(context, topic))
      : topics.map(({ name, topicId }) =>
          name === null ? describeById(context, topicId) : describeByName(context, name, mayCreate),
        ),
  };
});

export const describeClusterRoute = route(describeCluster, (_request, context, call) => ({
  clusterId: context.clusterId,
  controllerId: context.nodeId,
  brokers: [{ brokerId: context.nodeId, ...advertisedAddress(context, call) }],
}));

function describe(context: BrokerContext, topic: Topic): TopicMetadata {
  const self = [context.nodeId];
  return {
    errorCode: ErrorCode.NONE,
    name: topic.name,
    topicId: topic.id,
    partitions: topic.partitions.map((_log, partitionIndex) => ({
      partitionIndex,
      leaderId: context.nodeId,
      leaderEpoch: 0,
      replicaNodes: self,
      isrNodes: self,
    })),
  };
}

function describeByName(context: BrokerContext, name: string, mayCreate: boolean): TopicMetadata {
  const topic = context.topics.get(name);
  if (topic) return describe(context, topic);
  try {
    context.topics.checkNew(name, context.defaultPartitions, []);
    if (mayCreate) return describe(context, context.topics.create(name, context.defaultPartitions));
    throw new ProtocolError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `there is no topic ${name}`);
  } catch (error) {
    return { errorCode: refusalOf(context, error).errorCode, name, topicId: noUuid, partitions: [] };
  }
}

function describeById(context: BrokerContext, topicId: string): TopicMetadata {
  const topic = context.topics.byId(topicId);
  if (topic) return describe(context, topic);
  return { errorCode: ErrorCode.UNKNOWN_TOPIC_ID, name: null, topicId, partitions: [] };
}
