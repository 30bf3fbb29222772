import type { BrokerData, TopicRouteData } from '../../lib/protocol/body/topic-route-data.js';
import { isWriteable } from '../../lib/protocol/perm.js';
import { MASTER_ID } from './broker-table.js';

/** Topics in which brokers of one name exchange their members; their routes stay as they are. Apache: TopicValidator.java. */
const MEMBER_GROUP_TOPIC_PREFIX = 'rmq_sys_SYNC_BROKER_MEMBER_';

/**
 * Shows the first slave as master where a name has none, allows it, and is read-only: so that clients which insist on a
 * master go on consuming. Apache: RouteInfoManager.java.
 */
export function routeWithActingMasters(topic: string, route: TopicRouteData): TopicRouteData {
  if (topic.startsWith(MEMBER_GROUP_TOPIC_PREFIX)) return route;
  return { ...route, brokerDatas: route.brokerDatas.map((broker) => withActingMaster(broker, route)) };
}

function withActingMaster(broker: BrokerData, route: TopicRouteData): BrokerData {
  const ids = Object.keys(broker.brokerAddrs).map(Number);
  if (ids.length === 0 || ids.includes(MASTER_ID) || !broker.enableActingMaster) return broker;
  const queues = route.queueDatas.find(({ brokerName }) => brokerName === broker.brokerName);
  if (queues === undefined || isWriteable(queues.perm)) return broker;
  const { [Math.min(...ids)]: address, ...others } = broker.brokerAddrs;
  return { ...broker, brokerAddrs: { ...others, [MASTER_ID]: address } };
}
