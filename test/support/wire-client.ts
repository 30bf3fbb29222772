import type { Command, RequestHeaderOf } from '../../lib/protocol/define-command.js';
import { pullMessage } from '../../lib/protocol/commands/message/pull-message.command.js';
import { sendMessageV2 } from '../../lib/protocol/commands/message/send-message-v2.command.js';
import { encodeProperties } from '../../lib/protocol/message/properties.js';
import { decodeRecords } from '../../lib/protocol/message/stored-message-codec.js';
import type { MessageExt } from '../../lib/protocol/message/message.js';
import { PULL_SUBSCRIPTION_FLAG } from '../../lib/protocol/message/pull-sys-flag.js';
import { RemotingClient } from '../../lib/remoting/remoting-client.js';
import { SystemClock } from '../../lib/runtime/clock.js';
import { silentLogger } from '../../lib/runtime/logger.js';

/** Single requests to a broker over its socket, for tests that look at the protocol itself. */
export class WireClient {
  readonly #client = new RemotingClient({}, new SystemClock(), silentLogger);

  constructor(readonly address: string) {}

  /** Sends one request and returns its answer, whatever its code. */
  ask<C extends Command>(command: C, header: RequestHeaderOf<C>, body?: Uint8Array) {
    return this.#client.invokeCommand(command, this.address, header, body, 10_000);
  }

  /** Sends a message to queue 0 of a topic that its first message creates. */
  send(topic: string, body: string, properties: Record<string, string> = {}, header: Partial<RequestHeaderOf<typeof sendMessageV2>> = {}) {
    const full = { producerGroup: 'PG', topic, defaultTopic: 'TBW102', defaultTopicQueueNums: 4, queueId: 0, sysFlag: 0, bornTimestamp: 1, flag: 0, batch: false };
    return this.ask(sendMessageV2, { ...full, properties: encodeProperties(properties), ...header }, Buffer.from(body));
  }

  /** Everything that is in queue 0 of a topic now. */
  async messagesIn(topic: string): Promise<MessageExt[]> {
    const messages: MessageExt[] = [];
    for (;;) {
      const header = { consumerGroup: 'READER', topic, queueId: 0, queueOffset: messages.length, maxMsgNums: 32, sysFlag: PULL_SUBSCRIPTION_FLAG };
      const { code, body } = await this.ask(pullMessage, { ...header, commitOffset: 0, suspendTimeoutMillis: 0, subscription: '*', subVersion: 0 });
      if (code !== 0) return messages;
      messages.push(...decodeRecords(body));
    }
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
