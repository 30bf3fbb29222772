import { describe, expect, it } from 'vitest';
import { decodeBatchAckBody, encodeBatchAckBody } from '../../../lib/protocol/body/batch-ack.js';
import { decodeBrokerMemberGroup, decodeClusterInfo, encodeBrokerMemberGroup, encodeClusterInfo } from '../../../lib/protocol/body/cluster-info.js';
import { decodeConsumeMessageDirectlyResult, encodeConsumeMessageDirectlyResult } from '../../../lib/protocol/body/consume-message-directly-result.js';
import { decodeConsumeStats, encodeConsumeStats } from '../../../lib/protocol/body/consume-stats.js';
import { decodeConsumerConnection, encodeConsumerConnection } from '../../../lib/protocol/body/consumer-connection.js';
import { decodeConsumerList, encodeConsumerList } from '../../../lib/protocol/body/consumer-list.js';
import { decodeConsumerOffsetWrapper, encodeConsumerOffsetWrapper } from '../../../lib/protocol/body/consumer-offset-wrapper.js';
import { decodeDataVersion, encodeDataVersion } from '../../../lib/protocol/body/data-version.js';
import { decodeHeartbeatData, encodeHeartbeatData } from '../../../lib/protocol/body/heartbeat-data.js';
import { decodeKvTable, encodeKvTable } from '../../../lib/protocol/body/kv-table.js';
import { decodeLockBatchRequest, decodeLockBatchResponse, encodeLockBatchRequest, encodeLockBatchResponse } from '../../../lib/protocol/body/lock-batch.js';
import {
  decodeMessageRequestModeSetting,
  decodeQueryAssignmentRequest,
  decodeQueryAssignmentResponse,
  encodeMessageRequestModeSetting,
  encodeQueryAssignmentRequest,
  encodeQueryAssignmentResponse,
} from '../../../lib/protocol/body/query-assignment.js';
import { decodeRegisterBrokerBody, encodeRegisterBrokerBody } from '../../../lib/protocol/body/register-broker-body.js';
import {
  decodeConsumerStatusBody,
  decodeResetOffsetBody,
  encodeConsumerStatusBody,
  encodeResetOffsetBody,
  encodeResetOffsetBodyForC,
} from '../../../lib/protocol/body/reset-offset-body.js';
import { decodeConsumerRunningInfo, encodeConsumerRunningInfo } from '../../../lib/protocol/body/running-info.js';
import { decodeCheckClientConfigBody, encodeCheckClientConfigBody } from '../../../lib/protocol/body/subscription-data.js';
import {
  decodeSubscriptionGroupConfig,
  decodeSubscriptionGroupWrapper,
  encodeSubscriptionGroupConfig,
  encodeSubscriptionGroupWrapper,
} from '../../../lib/protocol/body/subscription-group-config.js';
import { decodeTopicConfigList, decodeTopicConfig, encodeTopicConfig, encodeTopicConfigList } from '../../../lib/protocol/body/topic-config.js';
import { decodeTopicConfigWrapper, encodeTopicConfigWrapper } from '../../../lib/protocol/body/topic-config-wrapper.js';
import { decodeGroupList, decodeTopicList, encodeGroupList, encodeTopicList } from '../../../lib/protocol/body/topic-list.js';
import { decodeTopicRouteData, encodeTopicRouteData } from '../../../lib/protocol/body/topic-route-data.js';
import { decodeTopicStats, encodeTopicStats } from '../../../lib/protocol/body/topic-stats.js';
import { OUR_VERSION, VERSION } from '../../../lib/protocol/version.js';
import { goldenBodies, goldenBody } from '../fixtures.js';

/** Decodes a recorded body and encodes it again. */
const ROUND_TRIPS: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  'data-version': (body) => encodeDataVersion(decodeDataVersion(body)),
  'topic-route-data': (body) => encodeTopicRouteData(decodeTopicRouteData(body)),
  'topic-route-data-strict': (body) => encodeTopicRouteData(decodeTopicRouteData(body)),
  'cluster-info': (body) => encodeClusterInfo(decodeClusterInfo(body)),
  'broker-member-group': (body) => encodeBrokerMemberGroup(decodeBrokerMemberGroup(body)),
  'topic-list': (body) => encodeTopicList(decodeTopicList(body)),
  'kv-table': (body) => encodeKvTable(decodeKvTable(body)),
  'heartbeat-data': (body) => encodeHeartbeatData(decodeHeartbeatData(body)),
  'consumer-list': (body) => encodeConsumerList(decodeConsumerList(body)),
  'consumer-connection': (body) => encodeConsumerConnection(decodeConsumerConnection(body)),
  'consumer-running-info': (body) => encodeConsumerRunningInfo(decodeConsumerRunningInfo(body)),
  'consume-message-directly-result': (body) => encodeConsumeMessageDirectlyResult(decodeConsumeMessageDirectlyResult(body)),
  'topic-config-serialize-wrapper': (body) => encodeTopicConfigWrapper(decodeTopicConfigWrapper(body)),
  'topic-config-file': (body) => encodeTopicConfigWrapper(decodeTopicConfigWrapper(body)),
  'topic-config-and-queue-mapping': (body) => encodeTopicConfig(decodeTopicConfig(body)),
  'create-topic-list': (body) => encodeTopicConfigList(decodeTopicConfigList(body)),
  'subscription-group-config': (body) => encodeSubscriptionGroupConfig(decodeSubscriptionGroupConfig(body)),
  'subscription-group-wrapper': (body) => encodeSubscriptionGroupWrapper(decodeSubscriptionGroupWrapper(body)),
  'consumer-offset-serialize-wrapper': (body) => encodeConsumerOffsetWrapper(decodeConsumerOffsetWrapper(body)),
  'lock-batch-request': (body) => encodeLockBatchRequest(decodeLockBatchRequest(body)),
  'lock-batch-response': (body) => encodeLockBatchResponse(decodeLockBatchResponse(body)),
  'unlock-batch-request': (body) => encodeLockBatchRequest(decodeLockBatchRequest(body)),
  'reset-offset': (body) => encodeResetOffsetBody(decodeResetOffsetBody(body)),
  'reset-offset-for-c': (body) => encodeResetOffsetBodyForC(decodeResetOffsetBody(body)),
  'get-consumer-status': (body) => encodeConsumerStatusBody(decodeConsumerStatusBody(body)),
  'consume-stats': (body) => encodeConsumeStats(decodeConsumeStats(body)),
  'topic-stats-table': (body) => encodeTopicStats(decodeTopicStats(body)),
  'query-assignment-request': (body) => encodeQueryAssignmentRequest(decodeQueryAssignmentRequest(body)),
  'query-assignment-response': (body) => encodeQueryAssignmentResponse(decodeQueryAssignmentResponse(body)),
  'set-message-request-mode': (body) => encodeMessageRequestModeSetting(decodeMessageRequestModeSetting(body)),
  'batch-ack': (body) => encodeBatchAckBody(decodeBatchAckBody(body)),
  'group-list': (body) => encodeGroupList(decodeGroupList(body)),
  'check-client': (body) => encodeCheckClientConfigBody(decodeCheckClientConfigBody(body)),
  'register-broker': (body) => encodeRegisterBrokerBody(decodeRegisterBrokerBody(body, false, OUR_VERSION), false),
};

/** What we write differently on purpose: integer keys quoted, no blanks, doubles without a needless `.0`. */
function ourForm(text: string): string {
  const compact = text.replace(/[\n\t]/g, '');
  return compact.replace(/([{,])(\d+):/g, '$1"$2":').replace(/:(\d+)\.0([,}])/g, ':$1$2');
}

describe('bodies recorded from Apache', () => {
  it('has a round trip for every recorded JSON body', () => {
    const recorded = goldenBodies().filter(({ text }) => text !== null).map(({ name }) => name);
    expect(Object.keys(ROUND_TRIPS).sort()).toEqual([...recorded].sort());
  });

  it.each(Object.entries(ROUND_TRIPS))('reads and writes %s', (name, roundTrip) => {
    const { text, bodyBase64 } = goldenBody(name);
    expect(roundTrip(Buffer.from(bodyBase64, 'base64')).toString()).toBe(ourForm(text ?? ''));
  });

  it('reads the compressed registration as the plain one', () => {
    const plain = decodeRegisterBrokerBody(Buffer.from(goldenBody('register-broker').bodyBase64, 'base64'), false, OUR_VERSION);
    const packed = Buffer.from(goldenBody('register-broker-compressed').bodyBase64, 'base64');
    const unpacked = decodeRegisterBrokerBody(packed, true, OUR_VERSION);
    expect(unpacked.topicConfigSerializeWrapper.topicConfigTable).toEqual(plain.topicConfigSerializeWrapper.topicConfigTable);
    expect(unpacked.topicConfigSerializeWrapper.dataVersion).toEqual(plain.topicConfigSerializeWrapper.dataVersion);
    expect(unpacked.filterServerList).toEqual([]);
    expect(decodeRegisterBrokerBody(encodeRegisterBrokerBody(unpacked, true), true, OUR_VERSION)).toEqual(unpacked);
    expect(decodeRegisterBrokerBody(packed, true, VERSION.V4_9_4).topicConfigSerializeWrapper).toEqual(unpacked.topicConfigSerializeWrapper);
  });
});
