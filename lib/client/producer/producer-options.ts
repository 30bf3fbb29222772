import { SYSTEM_GROUP } from '../../protocol/topic-names.js';
import { checkedGroup } from '../client-options.js';
import { integerOption } from '../option-checks.js';
import type { ProducerOptions } from '../types.js';

/** {@link ProducerOptions} beyond those of every client, checked, with every default filled in. */
export interface ResolvedProducerOptions {
  readonly group: string;
  readonly sendTimeoutMs: number;
  readonly retryTimesWhenSendFailed: number;
  readonly retryAnotherBrokerWhenNotStoreOk: boolean;
  readonly compressBodyOverBytes: number;
  readonly maxMessageSize: number;
  readonly defaultTopicQueueNums: number;
  readonly sendLatencyFaultEnable: boolean;
}

const MIB = 1024 * 1024;

/**
 * Checks a producer's options.
 * @throws RocketMqError `OPTION_INVALID`
 */
export function resolveProducerOptions(options: ProducerOptions): ResolvedProducerOptions {
  return {
    group: checkedGroup(options.group ?? SYSTEM_GROUP.DEFAULT_PRODUCER),
    sendTimeoutMs: integerOption('sendTimeoutMs', options.sendTimeoutMs, 3_000, 1),
    retryTimesWhenSendFailed: integerOption('retryTimesWhenSendFailed', options.retryTimesWhenSendFailed, 2, 0),
    retryAnotherBrokerWhenNotStoreOk: options.retryAnotherBrokerWhenNotStoreOk ?? false,
    compressBodyOverBytes: integerOption('compressBodyOverBytes', options.compressBodyOverBytes, 4_096, 0),
    maxMessageSize: integerOption('maxMessageSize', options.maxMessageSize, 4 * MIB, 1),
    defaultTopicQueueNums: integerOption('defaultTopicQueueNums', options.defaultTopicQueueNums, 4, 1),
    sendLatencyFaultEnable: options.sendLatencyFaultEnable ?? false,
  };
}
