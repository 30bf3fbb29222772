import { Injectable } from '@nestjs/common';

import { encodeKvTable } from '../../../lib/protocol/body/kv-table.js';
import { decodeRegisterBrokerBody, type RegisterBrokerBody } from '../../../lib/protocol/body/register-broker-body.js';
import { registerBroker } from '../../../lib/protocol/commands/name-server/register-broker.command.js';
import { bodyCrc } from '../../../lib/protocol/message/crc32.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import {
  RequestRefusedError,
  success,
  type Reply,
  type RequestContext,
  type RequestProcessor,
  type TypedRequest,
} from '../../remoting/request-processor.js';
import { KvConfigTable, ORDER_TOPIC_NAMESPACE } from '../kv-config-table.js';
import { NameServerSettings } from '../name-server-settings.js';
import { RouteTables } from '../route-tables.js';

type Request = TypedRequest<typeof registerBroker>;

/** Takes a broker's announcement of itself and its topics. */
@Injectable()
export class RegisterBrokerProcessor implements RequestProcessor<typeof registerBroker> {
  readonly command = registerBroker;

  constructor(
    private readonly routes: RouteTables,
    private readonly kvConfigs: KvConfigTable,
    private readonly settings: NameServerSettings,
  ) {}

  handle(request: Request, context: RequestContext): Reply<typeof registerBroker> {
    const { header } = request;
    const body = bodyOf(request);
    const result = this.routes.register({
      clusterName: header.clusterName,
      brokerName: header.brokerName,
      brokerAddr: header.brokerAddr,
      brokerId: header.brokerId,
      haServerAddr: header.haServerAddr,
      zoneName: header.zoneName,
      heartbeatTimeoutMs: header.heartbeatTimeoutMillis,
      enableActingMaster: header.enableActingMaster,
      topics: body.topicConfigSerializeWrapper,
      filterServers: body.filterServerList,
      connectionId: context.connectionId,
    });
    if (result === undefined) throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, 'register broker failed');
    return success<typeof registerBroker>(result, this.#orderTopics());
  }

  #orderTopics(): Buffer | undefined {
    const table = this.settings.current.returnOrderTopicConfigToBroker ? this.kvConfigs.namespace(ORDER_TOPIC_NAMESPACE) : undefined;
    return table && encodeKvTable({ table });
  }
}

function bodyOf({ header, body, raw }: Request): RegisterBrokerBody {
  if (header.bodyCrc32 !== 0 && header.bodyCrc32 !== bodyCrc(body)) throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, 'crc32 not match');
  if (body.length > 0) return decodeRegisterBrokerBody(body, header.compressed, raw.version);
  const dataVersion = { counter: 0, timestamp: 0, stateVersion: 0 };
  return { topicConfigSerializeWrapper: { topicConfigTable: {}, dataVersion }, filterServerList: [] };
}
