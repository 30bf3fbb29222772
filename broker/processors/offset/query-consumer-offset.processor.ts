import { queryConsumerOffset } from '../../../lib/protocol/commands/offset/query-consumer-offset.command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import type { ConsumerOffsetTable } from '../../offsets/consumer-offset-table.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { MessageStore } from '../../store/message-store.js';

/** Options that say what counts as being in memory, under their names in `broker.conf`. */
export interface MemoryOptions {
  /** Percent of the machine's memory. */
  readonly accessMessageInMemoryMaxRatio: number;
  /** Bytes of memory the machine has. */
  readonly physicalMemory: number;
}

/** Tells a consumer where to go on. Apache: ConsumerManageProcessor.java. */
export class QueryConsumerOffsetProcessor implements RequestProcessor<typeof queryConsumerOffset> {
  readonly command = queryConsumerOffset;

  constructor(
    private readonly options: MemoryOptions,
    private readonly offsets: ConsumerOffsetTable,
    private readonly store: MessageStore,
  ) {}

  handle(request: TypedRequest<typeof queryConsumerOffset>): Reply<typeof queryConsumerOffset> {
    const { consumerGroup, topic, queueId, setZeroIfNotFound } = request.header;
    const offset = this.offsets.query(consumerGroup, topic, queueId);
    if (offset >= 0) return success({ offset });
    if (setZeroIfNotFound === false) {
      throw new RequestRefusedError(ResponseCode.QUERY_NOT_FOUND, 'Not found, do not set to zero, maybe this group boot first');
    }
    if (this.store.minOffset(topic, queueId) <= 0 && this.#firstMessageIsYoung(topic, queueId)) return success({ offset: 0 });
    throw new RequestRefusedError(ResponseCode.QUERY_NOT_FOUND, 'Not found, V3_0_6_SNAPSHOT maybe this group consumer boot first');
  }

  /** A new group reads a topic from its beginning as long as that is likely to be in memory. */
  #firstMessageIsYoung(topic: string, queueId: number): boolean {
    const first = this.store.readEntries(topic, queueId, 0, 1).at(0);
    if (first === undefined || first.queueOffset !== 0) return false;
    const distance = this.store.status().commitLogMaxOffset - first.physicalOffset;
    return distance <= (this.options.physicalMemory * this.options.accessMessageInMemoryMaxRatio) / 100;
  }
}
