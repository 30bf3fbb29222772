import { viewMessageById } from '../../../lib/protocol/commands/message/view-message-by-id.command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { MessageStore } from '../../store/message-store.js';

/** Reads one message by its commit-log position. Apache: QueryMessageProcessor.java. */
export class ViewMessageByIdProcessor implements RequestProcessor<typeof viewMessageById> {
  readonly command = viewMessageById;

  constructor(private readonly store: MessageStore) {}

  async handle(request: TypedRequest<typeof viewMessageById>): Promise<Reply<typeof viewMessageById>> {
    const { offset } = request.header;
    const record = offset < 0 ? undefined : await this.store.readAt(offset);
    if (record === undefined) throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, `can not find message by the offset, ${offset}`);
    return success(undefined, record);
  }
}
