import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import type { Command } from '../../../lib/protocol/define-command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { VERSION, versionName } from '../../../lib/protocol/version.js';
import type { OutgoingRequest } from '../../../lib/remoting/remoting-channel.js';
import type { ClientMessenger } from '../../clients/client-messenger.js';
import type { ConsumerTable } from '../../clients/consumer-table.js';
import { RequestRefusedError, type Reply } from '../../remoting/request-processor.js';

/** Passes a tool's request on to a consumer, and its answer back. Apache: AdminBrokerProcessor.java, callConsumer. */
export class ConsumerRelay {
  constructor(
    private readonly consumers: ConsumerTable,
    private readonly messenger: ClientMessenger,
  ) {}

  /** @throws RequestRefusedError when the consumer cannot be asked */
  async relay<C extends Command>(group: string, clientId: string, request: OutgoingRequest): Promise<Reply<C>> {
    const client = this.consumers.findClient(group, clientId);
    if (client === undefined) throw notOnline(group, clientId);
    if (client.version < VERSION.V3_1_8_SNAPSHOT) {
      const remark = `The Consumer <${clientId}> Version <${versionName(client.version)}> too low to finish, please upgrade it to V3_1_8_SNAPSHOT`;
      throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, remark);
    }
    try {
      const answer = await this.messenger.call(client.connectionId, request);
      if (answer === undefined) throw notOnline(group, clientId);
      return { code: answer.code, remark: answer.remark, extFields: answer.extFields, body: answer.body };
    } catch (error) {
      if (!(error instanceof RocketMqError)) throw error;
      if (error.code === 'REQUEST_TIMEOUT') {
        throw new RequestRefusedError(ResponseCode.CONSUME_MSG_TIMEOUT, `consumer <${group}> <${clientId}> Timeout: ${error.message}`);
      }
      throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, `invoke consumer <${group}> <${clientId}> Exception: ${error.message}`);
    }
  }
}

function notOnline(group: string, clientId: string): RequestRefusedError {
  return new RequestRefusedError(ResponseCode.SYSTEM_ERROR, `The Consumer <${group}> <${clientId}> not online`);
}
