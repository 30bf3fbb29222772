import type { TopicRouteData } from '../../protocol/body/topic-route-data.js';
import type { MessageQueue } from '../../protocol/message/message.js';
import { isReadable, isWriteable } from '../../protocol/perm.js';

/** Id of a master among the brokers of one name. */
export const MASTER_ID = 0;

/** Queues of a topic that can be written to: those of masters with write permission, or what the order configuration says. Apache: MQClientInstance.java. */
export function publishQueuesOf(topic: string, route: TopicRouteData): readonly MessageQueue[] {
  if (route.orderTopicConf) return orderedQueuesOf(topic, route.orderTopicConf);
  const withMaster = new Set(route.brokerDatas.filter((broker) => broker.brokerAddrs[MASTER_ID] !== undefined).map((broker) => broker.brokerName));
  return route.queueDatas
    .filter((data) => isWriteable(data.perm) && withMaster.has(data.brokerName))
    .sort((a, b) => (a.brokerName < b.brokerName ? -1 : 1))
    .flatMap((data) => queuesOf(topic, data.brokerName, data.writeQueueNums));
}

/** Queues of a topic that can be read; a slave alone is enough. */
export function subscribeQueuesOf(topic: string, route: TopicRouteData): readonly MessageQueue[] {
  return route.queueDatas.filter((data) => isReadable(data.perm)).flatMap((data) => queuesOf(topic, data.brokerName, data.readQueueNums));
}

/** A route for a topic that does not exist yet, made from the pattern topic: as many queues as its creation will give. */
export function routeForCreation(pattern: TopicRouteData, defaultTopicQueueNums: number): TopicRouteData {
  const queueDatas = pattern.queueDatas.map((data) => {
    const queues = Math.min(defaultTopicQueueNums, data.readQueueNums);
    return { ...data, readQueueNums: queues, writeQueueNums: queues };
  });
  return { ...pattern, queueDatas };
}

/** `brokerA:4;brokerB:4` */
function orderedQueuesOf(topic: string, configuration: string): readonly MessageQueue[] {
  return configuration.split(';').flatMap((entry) => {
    const [brokerName, count] = entry.split(':');
    const queues = Number(count);
    return brokerName && Number.isInteger(queues) ? queuesOf(topic, brokerName, queues) : [];
  });
}

function queuesOf(topic: string, brokerName: string, count: number): MessageQueue[] {
  return Array.from({ length: count }, (_, queueId) => ({ topic, brokerName, queueId }));
}
