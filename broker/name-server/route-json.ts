import type { BrokerData, TopicRouteData } from '../../lib/protocol/body/topic-route-data.js';

/** Ordinal of V4_9_4 in Apache's MQVersion: clients from then on read standard JSON. */
const FIRST_VERSION_WITH_STANDARD_JSON = 401;

/**
 * A route in the form the asker expects. Old clients get broker ids as bare numbers, `{0:"10.0.0.1:10911"}`, as fastjson writes
 * them; newer ones, and all that say so, get standard JSON in ASCII. Apache: ClientRequestProcessor.java.
 */
export function encodeRouteFor(route: TopicRouteData, clientVersion: number, acceptStandardJsonOnly: boolean): Buffer {
  const isStandard = acceptStandardJsonOnly || clientVersion >= FIRST_VERSION_WITH_STANDARD_JSON;
  const text = writeRoute(route, isStandard);
  return Buffer.from(isStandard ? escapeNonAscii(text) : text);
}

/** Keys in alphabetical order and absent values left out, as fastjson does. */
function writeRoute(route: TopicRouteData, quoteIds: boolean): string {
  const { orderTopicConf } = route;
  const parts = [
    `"brokerDatas":[${route.brokerDatas.map((broker) => writeBroker(broker, quoteIds)).join(',')}]`,
    `"filterServerTable":${JSON.stringify(route.filterServerTable)}`,
    ...(orderTopicConf === undefined ? [] : [`"orderTopicConf":${JSON.stringify(orderTopicConf)}`]),
    `"queueDatas":${JSON.stringify(route.queueDatas.map(sortedQueue))}`,
  ];
  return `{${parts.join(',')}}`;
}

function writeBroker(broker: BrokerData, quoteIds: boolean): string {
  const addresses = Object.entries(broker.brokerAddrs).map(([id, address]) => `${quoteIds ? `"${id}"` : id}:${JSON.stringify(address)}`);
  const parts = [
    `"brokerAddrs":{${addresses.join(',')}}`,
    `"brokerName":${JSON.stringify(broker.brokerName)}`,
    `"cluster":${JSON.stringify(broker.cluster)}`,
    `"enableActingMaster":${String(broker.enableActingMaster ?? false)}`,
    ...(broker.zoneName === undefined ? [] : [`"zoneName":${JSON.stringify(broker.zoneName)}`]),
  ];
  return `{${parts.join(',')}}`;
}

function sortedQueue({ brokerName, perm, readQueueNums, topicSysFlag, writeQueueNums }: TopicRouteData['queueDatas'][number]): object {
  return { brokerName, perm, readQueueNums, topicSysFlag, writeQueueNums };
}

function escapeNonAscii(text: string): string {
  return text.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`);
}
