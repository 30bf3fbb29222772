import { type Decoder, decodeBody, encodeBody, integer, list, object, optionally, record, text } from '../json/body-decoder.js';
import { type BrokerData, brokerDataDecoder } from './topic-route-data.js';

/** All brokers of a NameServer. Apache: ClusterInfo.java. */
export interface ClusterInfo {
  /** By broker name. */
  readonly brokerAddrTable: Readonly<Record<string, BrokerData>>;
  /** Broker names by cluster name. */
  readonly clusterAddrTable: Readonly<Record<string, readonly string[]>>;
}

const clusterInfoDecoder: Decoder<ClusterInfo> = object<ClusterInfo>({
  brokerAddrTable: record(brokerDataDecoder),
  clusterAddrTable: record(list(text())),
});

export function encodeClusterInfo(value: ClusterInfo): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeClusterInfo(body: Buffer): ClusterInfo {
  return decodeBody(body, clusterInfoDecoder, 'ClusterInfo');
}

/** A master with its replicas, as brokers ask for it. Apache: BrokerMemberGroup.java. */
export interface BrokerMemberGroup {
  readonly cluster: string;
  readonly brokerName: string;
  /** Addresses by broker id; 0 is the master. */
  readonly brokerAddrs: Readonly<Record<number, string>>;
}

const memberGroupDecoder: Decoder<BrokerMemberGroup> = object<BrokerMemberGroup>({ cluster: text(), brokerName: text(), brokerAddrs: record(text()) });

/** Apache: GetBrokerMemberGroupResponseBody.java. */
export function encodeBrokerMemberGroup(value: BrokerMemberGroup | undefined): Buffer {
  return encodeBody({ brokerMemberGroup: value });
}

/** `undefined` when the broker name is not known. @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeBrokerMemberGroup(body: Buffer): BrokerMemberGroup | undefined {
  const decoder = object<{ brokerMemberGroup?: BrokerMemberGroup }>({ brokerMemberGroup: optionally(memberGroupDecoder) });
  return decodeBody(body, decoder, 'GetBrokerMemberGroupResponseBody').brokerMemberGroup;
}

/** Runtime facts of a broker as the HA command gives them, plain numbers and booleans. Apache: HARuntimeInfo.java. */
export interface HaRuntimeInfo {
  readonly master: boolean;
  readonly masterCommitLogMaxOffset: number;
  readonly inSyncSlaveNums: number;
  readonly haConnectionInfo: readonly HaConnectionInfo[];
  readonly haClientRuntimeInfo: Readonly<Record<string, string | number>>;
}

/** One slave of a master. Apache: HARuntimeInfo.HAConnectionRuntimeInfo. */
export interface HaConnectionInfo {
  readonly addr: string;
  readonly slaveAckOffset: number;
  readonly diff: number;
  readonly inSync: boolean;
  readonly transferredByteInSecond: number;
  readonly transferFromWhere: number;
}

export function encodeHaRuntimeInfo(value: HaRuntimeInfo): Buffer {
  return encodeBody(value);
}

/** Ids of the brokers of one name, in ascending order. */
export function brokerIdsOf(addresses: Readonly<Record<number, string>>): number[] {
  return Object.keys(addresses).map((id) => integer()(id, 'brokerId')).sort((a, b) => a - b);
}
