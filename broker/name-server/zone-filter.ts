import type { TopicRouteData } from '../../lib/protocol/body/topic-route-data.js';
import { MASTER_ID } from './broker-table.js';

/** Keeps the brokers of the asker's zone, and those that lost their master, wherever they are. Apache: ZoneRouteRPCHook.java. */
export function filterByZone(route: TopicRouteData, zoneName: string): TopicRouteData {
  const wanted = zoneName.toLowerCase();
  const isNear = (broker: TopicRouteData['brokerDatas'][number]): boolean =>
    broker.brokerAddrs[MASTER_ID] === undefined || broker.zoneName?.toLowerCase() === wanted;
  const far = new Set(route.brokerDatas.filter((broker) => !isNear(broker)).map(({ brokerName }) => brokerName));
  const farAddresses = new Set(route.brokerDatas.filter(({ brokerName }) => far.has(brokerName)).flatMap(({ brokerAddrs }) => Object.values(brokerAddrs)));
  return {
    ...route,
    brokerDatas: route.brokerDatas.filter(({ brokerName }) => !far.has(brokerName)),
    queueDatas: route.queueDatas.filter(({ brokerName }) => !far.has(brokerName)),
    filterServerTable: Object.fromEntries(Object.entries(route.filterServerTable).filter(([address]) => !farAddresses.has(address))),
  };
}
