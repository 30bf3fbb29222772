import type { litePullMessage } from '../../../lib/protocol/commands/message/lite-pull-message.command.js';
import type { pullMessage } from '../../../lib/protocol/commands/message/pull-message.command.js';
import { hasCommitOffsetFlag, hasSuspendFlag } from '../../../lib/protocol/message/pull-sys-flag.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import type { ArrivalWaiters } from '../../long-polling/arrival-waiters.js';
import type { ConsumerOffsetTable } from '../../offsets/consumer-offset-table.js';
import { NO_REPLY, RequestRefusedError, type Reply, type RequestContext, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { MessageStore, ReadResult, ReadStatus } from '../../store/message-store.js';
import type { TrafficMeter } from '../../topics/traffic-meter.js';
import type { PullAdmission, PullHeader, PullPermit } from './pull-admission.js';
import { SLAVE_REFUSAL } from './send-admission.js';

/** Options of pulls, under their names in `broker.conf`. */
export interface PullOptions {
  /** Whether empty pulls are held until a message comes. */
  readonly longPollingEnable: boolean;
  /** How long they are held otherwise, ms. */
  readonly shortPollingTimeMills: number;
  /** Whether an operator's offset reset is kept here and told to the consumer by its next pull. */
  readonly useServerSideResetOffset: boolean;
  /** Whether consumers that have fallen far behind are sent to a slave. */
  readonly slaveReadEnable: boolean;
  /** 0 on a master. */
  readonly brokerId: number;
  readonly brokerRole: 'ASYNC_MASTER' | 'SYNC_MASTER' | 'SLAVE';
}

/** What the pull processors share. */
export interface PullServices {
  readonly options: PullOptions;
  readonly admission: PullAdmission;
  readonly store: MessageStore;
  readonly offsets: ConsumerOffsetTable;
  readonly waiters: ArrivalWaiters;
  readonly traffic: TrafficMeter;
}

type PullCommand = typeof pullMessage | typeof litePullMessage;
type PullReply = Reply<typeof pullMessage>;
type Outcome = PullReply | typeof NO_REPLY;

/** A read's status, or that an operator has set another offset. */
type PullStatus = ReadStatus | 'OFFSET_RESET';

const CODE_OF_STATUS: Readonly<Record<PullStatus, number>> = {
  FOUND: ResponseCode.SUCCESS,
  MESSAGE_WAS_REMOVING: ResponseCode.PULL_RETRY_IMMEDIATELY,
  NO_MATCHED_MESSAGE: ResponseCode.PULL_RETRY_IMMEDIATELY,
  OFFSET_FOUND_NULL: ResponseCode.PULL_NOT_FOUND,
  OFFSET_OVERFLOW_ONE: ResponseCode.PULL_NOT_FOUND,
  OFFSET_OVERFLOW_BADLY: ResponseCode.PULL_OFFSET_MOVED,
  OFFSET_TOO_SMALL: ResponseCode.PULL_OFFSET_MOVED,
  OFFSET_RESET: ResponseCode.PULL_OFFSET_MOVED,
  // An empty queue read from its beginning is not there yet; any other offset of it is wrong.
  NO_MATCHED_LOGIC_QUEUE: ResponseCode.PULL_OFFSET_MOVED,
  NO_MESSAGE_IN_QUEUE: ResponseCode.PULL_OFFSET_MOVED,
};

const never = (): boolean => false;

/**
 * Reads messages of a queue: PULL_MESSAGE (11) and LITE_PULL_MESSAGE (361). A pull that finds nothing is held until there may be
 * something, then read again without being held a second time. The store's buffers go to the socket as they are; the work here does not
 * grow with the number of messages. Apache: PullMessageProcessor.java, DefaultPullMessageResultHandler.java.
 */
export class PullMessageProcessor<C extends PullCommand> implements RequestProcessor<C> {
  constructor(
    readonly command: C,
    private readonly services: PullServices,
  ) {}

  handle(request: TypedRequest<C>, context: RequestContext): Reply<C> | typeof NO_REPLY | Promise<Reply<C> | typeof NO_REPLY> {
    const { options } = this.services;
    if (options.brokerRole === 'SLAVE' && !options.slaveReadEnable) {
      throw new RequestRefusedError(ResponseCode.SYSTEM_BUSY, SLAVE_REFUSAL);
    }
    const outcome = this.#pull(request.header as unknown as PullHeader, context, true);
    return outcome as Reply<C> | typeof NO_REPLY | Promise<Reply<C> | typeof NO_REPLY>;
  }

  #pull(header: PullHeader, context: RequestContext, mayHold: boolean): Outcome | Promise<Outcome> {
    const { admission, store } = this.services;
    const permit = admission.admit(header, this.command.code, context);
    const reset = this.#resetOf(header);
    if (reset !== undefined) return this.#conclude(header, permit, reset, 'OFFSET_RESET', context, mayHold);
    const result = store.read({
      topic: header.topic,
      queueId: header.queueId,
      offset: header.queueOffset,
      maxMessages: header.maxMsgNums,
      filter: permit.filter,
    });
    if (result instanceof Promise) return result.then((read) => this.#conclude(header, permit, read, read.status, context, mayHold));
    return this.#conclude(header, permit, result, result.status, context, mayHold);
  }

  /** An operator's offset for the queue, as a read that found it. */
  #resetOf(header: PullHeader): Omit<ReadResult, 'status'> | undefined {
    const { offsets, options, store } = this.services;
    if (!options.useServerSideResetOffset) return undefined;
    const { consumerGroup, topic, queueId } = header;
    const nextBeginOffset = offsets.takeReset(consumerGroup, topic, queueId);
    if (nextBeginOffset === undefined) return undefined;
    const minOffset = store.minOffset(topic, queueId);
    const maxOffset = store.maxOffset(topic, queueId);
    return { nextBeginOffset, minOffset, maxOffset, records: [], messageCount: 0, totalBytes: 0, behindMemory: false };
  }

  #conclude(
    header: PullHeader,
    permit: PullPermit,
    read: Omit<ReadResult, 'status'>,
    status: PullStatus,
    context: RequestContext,
    mayHold: boolean,
  ): Outcome | Promise<Outcome> {
    const { offsets, options, traffic } = this.services;
    const { consumerGroup, topic, queueId } = header;
    offsets.commitPulled(consumerGroup, topic, queueId, read.nextBeginOffset);
    // The second run of a held pull must not store an offset that is older than what the consumer has committed meanwhile.
    if (mayHold && hasCommitOffsetFlag(header.sysFlag)) offsets.commit(consumerGroup, topic, queueId, header.commitOffset);
    const code = this.#codeOf(status, header.queueOffset, read.behindMemory);
    if (code === ResponseCode.PULL_NOT_FOUND && mayHold && hasSuspendFlag(header.sysFlag)) return this.#hold(header, permit, context);
    if (status === 'FOUND') traffic.delivered(consumerGroup, topic, read.messageCount, read.totalBytes);
    return {
      code,
      // Apache's broker makes a queue by looking at it, so that its clients never hear of a missing one.
      remark: status === 'NO_MATCHED_LOGIC_QUEUE' ? 'NO_MESSAGE_IN_QUEUE' : status,
      header: {
        suggestWhichBrokerId: options.slaveReadEnable ? suggestedBroker(permit, read.behindMemory, options.brokerId) : 0,
        nextBeginOffset: read.nextBeginOffset,
        minOffset: read.minOffset,
        maxOffset: read.maxOffset,
        topicSysFlag: permit.topic.topicSysFlag,
        groupSysFlag: permit.group.groupSysFlag,
      },
      body: status === 'FOUND' ? read.records : undefined,
    };
  }

  #codeOf(status: PullStatus, queueOffset: number, behindMemory: boolean): number {
    // A slave that is up to date sends its readers back to the master, which knows better what is there.
    if (this.services.options.brokerId !== 0 && !behindMemory && status !== 'FOUND') return ResponseCode.PULL_RETRY_IMMEDIATELY;
    if (queueOffset === 0 && (status === 'NO_MESSAGE_IN_QUEUE' || status === 'NO_MATCHED_LOGIC_QUEUE')) return ResponseCode.PULL_NOT_FOUND;
    return CODE_OF_STATUS[status];
  }

  async #hold(header: PullHeader, permit: PullPermit, context: RequestContext): Promise<Outcome> {
    const { options, waiters } = this.services;
    if (context.signal.aborted) return NO_REPLY;
    const outcome = await waiters.waitFor({
      topic: header.topic,
      queueId: header.queueId,
      offset: header.queueOffset,
      timeoutMs: options.longPollingEnable ? header.suspendTimeoutMillis : options.shortPollingTimeMills,
      connectionId: context.connectionId,
      matchesTagsCode: options.longPollingEnable ? permit.filter?.matchesTagsCode : never,
    });
    if (outcome === 'closed' || context.signal.aborted) return NO_REPLY;
    return this.#pull(header, context, false);
  }
}

function suggestedBroker(permit: PullPermit, behindMemory: boolean, brokerId: number): number {
  if (behindMemory) return permit.group.whichBrokerWhenConsumeSlowly;
  return brokerId === 0 ? permit.group.brokerId : 0;
}
