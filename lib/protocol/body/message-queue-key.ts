import { type Decoder, integer, object, text } from '../json/body-decoder.js';
import { parseFastJson } from '../json/fast-json.js';
import type { MessageQueue } from '../message/message.js';

export const messageQueueDecoder: Decoder<MessageQueue> = object<MessageQueue>({ topic: text(), brokerName: text(), queueId: integer() });

/** The key that stands for a queue in maps of bodies: its JSON, names in alphabetical order. */
export function messageQueueKey(queue: MessageQueue): string {
  return `{"brokerName":${JSON.stringify(queue.brokerName)},"queueId":${queue.queueId},"topic":${JSON.stringify(queue.topic)}}`;
}

/** The queue a key of {@link messageQueueKey}'s form stands for. @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function messageQueueOfKey(key: string): MessageQueue {
  return messageQueueDecoder(parseFastJson(key), 'MessageQueue');
}
