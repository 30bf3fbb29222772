import type { MessageQueue } from '../../protocol/message/message.js';
import type { RemotingCommand } from '../../protocol/remoting-command.js';
import { RequestCode } from '../../protocol/request-code.js';
import { ResponseCode } from '../../protocol/response-code.js';
import { SYSTEM_TOPIC } from '../../protocol/topic-names.js';
import { responseError } from '../../remoting/command-response.js';
import type { OutgoingRequest } from '../../remoting/remoting-channel.js';
import type { SendResult, SendStatus } from '../types.js';
import type { OutgoingMessage } from './outgoing-message.js';

/** What a send request says besides the message. */
export interface SendEnvelope {
  readonly producerGroup: string;
  readonly defaultTopicQueueNums: number;
  readonly bornTimestamp: number;
}

/**
 * Makes the request of a send: SEND_MESSAGE_V2 and its relatives, whose fields are the single letters of
 * `send-message-v2.command.ts`. Written out, because every message passes here; a test holds it against that declaration.
 */
export function sendRequest(message: OutgoingMessage, queue: MessageQueue, envelope: SendEnvelope): OutgoingRequest {
  const fields: Record<string, string> = {
    a: envelope.producerGroup,
    b: message.topic,
    c: SYSTEM_TOPIC.AUTO_CREATE,
    d: String(envelope.defaultTopicQueueNums),
    e: String(queue.queueId),
    f: String(message.sysFlag),
    g: String(envelope.bornTimestamp),
    h: String(message.flag),
    i: message.properties,
    j: String(message.reconsumeTimes),
    k: 'false',
    m: message.batch ? 'true' : 'false',
    n: queue.brokerName,
  };
  if (message.maxReconsumeTimes !== undefined) fields.l = String(message.maxReconsumeTimes);
  return { code: codeOf(message), extFields: fields, body: message.body };
}

function codeOf(message: OutgoingMessage): number {
  if (message.kind === 'reply') return RequestCode.SEND_REPLY_MESSAGE_V2;
  return message.batch ? RequestCode.SEND_BATCH_MESSAGE : RequestCode.SEND_MESSAGE_V2;
}

/**
 * Reads the answer to a send.
 * @throws RocketMqError `RESPONSE_ERROR` when the message was not stored
 */
export function sendResultOf(response: RemotingCommand, message: OutgoingMessage, queue: MessageQueue, address: string): SendResult {
  const sendStatus = statusOf(response.code);
  if (sendStatus === undefined) throw responseError('SEND_MESSAGE', response, address);
  const fields = response.extFields;
  const queueId = fields.queueId === undefined ? queue.queueId : Number(fields.queueId);
  return {
    sendStatus,
    msgId: message.uniqueKey,
    offsetMsgId: fields.msgId ?? '',
    messageQueue: queueId === queue.queueId ? queue : { ...queue, queueId },
    queueOffset: Number(fields.queueOffset ?? 0),
    transactionId: fields.transactionId,
    recallHandle: fields.recallHandle,
    regionId: fields.MSG_REGION ?? 'DefaultRegion',
  };
}

function statusOf(code: number): SendStatus | undefined {
  switch (code) {
    case ResponseCode.SUCCESS:
      return 'SEND_OK';
    case ResponseCode.FLUSH_DISK_TIMEOUT:
      return 'FLUSH_DISK_TIMEOUT';
    case ResponseCode.FLUSH_SLAVE_TIMEOUT:
      return 'FLUSH_SLAVE_TIMEOUT';
    case ResponseCode.SLAVE_NOT_AVAILABLE:
      return 'SLAVE_NOT_AVAILABLE';
    default:
      return undefined;
  }
}
