import { ErrorCode } from '../protocol/error-codes';
import { apiVersions } from '../protocol/messages';
import { describeClusterRoute, metadataRoute } from './cluster';
import { offsetCommitRoute, offsetDeleteRoute, offsetFetchRoute } from './committed-offsets';
import { alterConfigsRoute, describeConfigsRoute, incrementalAlterConfigsRoute } from './configs';
import { fetchRoute } from './fetch';
import {
  findCoordinatorRoute,
  heartbeatRoute,
  joinGroupRoute,
  leaveGroupRoute,
  syncGroupRoute,
} from './group-membership';
import { deleteGroupsRoute, describeGroupsRoute, listGroupsRoute } from './groups';
import { deleteRecordsRoute, listOffsetsRoute, offsetForLeaderEpochRoute } from './logs';
import { produceRoute } from './produce';
import { route, type Route } from './route';
import { createPartitionsRoute, createTopicsRoute, deleteTopicsRoute } from './topics';
import {
  addOffsetsToTxnRoute,
  addPartitionsToTxnRoute,
  endTxnRoute,
  initProducerIdRoute,
  txnOffsetCommitRoute,
} from './transactions';

const apiVersionsRoute = route(apiVersions, () => ({
  errorCode: ErrorCode.NONE,
  apiKeys: servedVersions(),
}));

/** Every API that the broker answers. */
export const routes: readonly Route[] = [
  produceRoute,
  fetchRoute,
  listOffsetsRoute,
  metadataRoute,
  offsetCommitRoute,
  offsetFetchRoute,
  findCoordinatorRoute,
  joinGroupRoute,
  heartbeatRoute,
  leaveGroupRoute,
  syncGroupRoute,
  describeGroupsRoute,
  listGroupsRoute,
  apiVersionsRoute,
  createTopicsRoute,
  deleteTopicsRoute,
  deleteRecordsRoute,
  initProducerIdRoute,
  offsetForLeaderEpochRoute,
  addPartitionsToTxnRoute,
  addOffsetsToTxnRoute,
  endTxnRoute,
  txnOffsetCommitRoute,
  describeConfigsRoute,
  alterConfigsRoute,
  createPartitionsRoute,
  deleteGroupsRoute,
  incrementalAlterConfigsRoute,
  offsetDeleteRoute,
  describeClusterRoute,
];

/** What ApiVersions tells. */
export function servedVersions(): { apiKey: number; minVersion: number; maxVersion: number }[] {
  return routes.map(({ api: { key, versions } }) => ({
    apiKey: key,
    minVersion: versions[0],
    maxVersion: versions[1],
  }));
}
