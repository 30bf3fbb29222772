import { queryMessage } from '../../../lib/protocol/commands/message/query-message.command.js';
import { storeTimestampAt, physicalOffsetAt } from '../../../lib/protocol/message/stored-message-codec.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import type { Reply, RequestProcessor, TypedRequest } from '../../remoting/request-processor.js';
import type { MessageStore } from '../../store/message-store.js';

/** Options of queries by key, under their names in `broker.conf`. */
export interface QueryOptions {
  /** Most messages a query by unique key returns. */
  readonly defaultQueryMaxNum: number;
}

/** Most messages any query returns. */
const RESULTS_MAX = 1_024;

/** Finds messages by key or unique key. Apache: QueryMessageProcessor.java. */
export class QueryMessageProcessor implements RequestProcessor<typeof queryMessage> {
  readonly command = queryMessage;

  constructor(
    private readonly options: QueryOptions,
    private readonly store: MessageStore,
  ) {}

  async handle(request: TypedRequest<typeof queryMessage>): Promise<Reply<typeof queryMessage>> {
    const { topic, key, maxNum, beginTimestamp, endTimestamp } = request.header;
    const byUniqueKey = request.raw.extFields._UNIQUE_KEY_QUERY === 'true';
    const limit = Math.max(0, Math.min(byUniqueKey ? this.options.defaultQueryMaxNum : maxNum, RESULTS_MAX));
    const records = await this.store.queryByKey(topic, key, limit, beginTimestamp, endTimestamp);
    const last = records.at(-1);
    const header = {
      indexLastUpdateTimestamp: last === undefined ? 0 : storeTimestampAt(last, 0),
      indexLastUpdatePhyoffset: last === undefined ? 0 : physicalOffsetAt(last, 0),
    };
    if (last !== undefined) return { code: ResponseCode.SUCCESS, header, body: records };
    return { code: ResponseCode.QUERY_NOT_FOUND, remark: 'can not find message, maybe time range not correct', header };
  }
}
