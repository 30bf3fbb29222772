import type { ConsumeMessageDirectlyResult } from '../protocol/body/consume-message-directly-result.js';
import type { ConsumerData } from '../protocol/body/heartbeat-data.js';
import type { ConsumerRunningInfo } from '../protocol/body/running-info.js';
import type { MessageExt, MessageQueue } from '../protocol/message/message.js';

/** A broker's question what became of a half message. */
export interface TransactionCheck {
  /** The half message, with its real topic and queue. */
  readonly message: MessageExt;
  /** Broker that asks; the answer goes to it. */
  readonly brokerAddress: string;
  readonly tranStateTableOffset: number;
  readonly commitLogOffset: number;
  readonly transactionId: string | undefined;
}

/** A producer, as the client it belongs to sees it. */
export interface ProducerMember {
  /** Group on the wire. */
  readonly group: string;
  /** Answers a broker that asks for the outcome of a transaction; absent in producers without transactions. */
  checkTransaction?(check: TransactionCheck): void;
}

/** A consumer, as the client it belongs to sees it. */
export interface ConsumerMember {
  /** Group on the wire. */
  readonly group: string;
  /** Its part of the heartbeat. */
  consumerData(): ConsumerData;
  /** Topics whose routes it needs. */
  topics(): Iterable<string>;
  /** The group's members, or a topic's queues, may have changed. */
  rebalanceSoon(): void;
  /** Goes on from other offsets, as an administrator wishes. */
  resetOffsets(topic: string, offsets: readonly (readonly [MessageQueue, number])[]): Promise<void>;
  /** Offsets of the topic's queues held here. */
  offsetsOf(topic: string): readonly (readonly [MessageQueue, number])[];
  runningInfo(): ConsumerRunningInfo;
  /** Hands one message to the listener, outside the ordinary flow; `undefined` when there is no listener. */
  consumeDirectly(message: MessageExt): Promise<ConsumeMessageDirectlyResult>;
}
