import { Injectable } from '@nestjs/common';

import { getRouteInfoByTopic } from '../../../lib/protocol/commands/name-server/get-route-info-by-topic.command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import { KvConfigTable, ORDER_TOPIC_NAMESPACE } from '../kv-config-table.js';
import { NameServerSettings } from '../name-server-settings.js';
import { encodeRouteFor } from '../route-json.js';
import { RouteTables } from '../route-tables.js';
import { StartupGrace } from '../startup-grace.js';
import { filterByZone } from '../zone-filter.js';

/** Tells a client where a topic's queues are. */
@Injectable()
export class GetRouteInfoByTopicProcessor implements RequestProcessor<typeof getRouteInfoByTopic> {
  readonly command = getRouteInfoByTopic;

  constructor(
    private readonly routes: RouteTables,
    private readonly kvConfigs: KvConfigTable,
    private readonly settings: NameServerSettings,
    private readonly grace: StartupGrace,
  ) {}

  handle({ header, raw }: TypedRequest<typeof getRouteInfoByTopic>): Reply<typeof getRouteInfoByTopic> {
    if (this.grace.isWaiting()) throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, 'name server not ready');
    const { topic } = header;
    let route = this.routes.routeOf(topic);
    if (route === undefined) {
      throw new RequestRefusedError(ResponseCode.TOPIC_NOT_EXIST, `No topic route info in name server for the topic: ${topic}`);
    }
    if (this.settings.current.orderMessageEnable) {
      const orderTopicConf = this.kvConfigs.get(ORDER_TOPIC_NAMESPACE, topic);
      if (orderTopicConf !== undefined) route = { ...route, orderTopicConf };
    }
    if (header.zoneMode === true && header.zoneName?.trim()) route = filterByZone(route, header.zoneName);
    return success(undefined, encodeRouteFor(route, raw.version, header.acceptStandardJsonOnly ?? false));
  }
}
