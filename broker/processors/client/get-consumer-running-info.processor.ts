import { getConsumerRunningInfo } from '../../../lib/protocol/commands/client/get-consumer-running-info.command.js';
import type { Reply, RequestProcessor, TypedRequest } from '../../remoting/request-processor.js';
import type { ConsumerRelay } from './consumer-relay.js';

/** Asks a consumer how it is, for a tool. Apache: AdminBrokerProcessor.java. */
export class GetConsumerRunningInfoProcessor implements RequestProcessor<typeof getConsumerRunningInfo> {
  readonly command = getConsumerRunningInfo;

  constructor(private readonly relay: ConsumerRelay) {}

  handle(request: TypedRequest<typeof getConsumerRunningInfo>): Promise<Reply<typeof getConsumerRunningInfo>> {
    const { consumerGroup, clientId } = request.header;
    return this.relay.relay(consumerGroup, clientId, { code: this.command.code, extFields: request.raw.extFields, body: request.body });
  }
}
