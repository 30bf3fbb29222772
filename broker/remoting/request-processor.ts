import type { Command, HeaderOf, RequestHeaderOf, ResponseHeaderOf } from '../../lib/protocol/define-command.js';
import type { ExtFields, RemotingCommand } from '../../lib/protocol/remoting-command.js';
import { ResponseCode } from '../../lib/protocol/response-code.js';

/** A request with its header decoded by its command's declaration. */
export interface TypedRequest<C extends Command = Command> {
  readonly header: RequestHeaderOf<C>;
  readonly body: Buffer;
  /** The request as received: version, language, ext fields outside the declaration. */
  readonly raw: RemotingCommand;
}

/** What a processor may know of where a request came from; deliberately no more. */
export interface RequestContext {
  /** Identifies the connection; key of `ClientChannels` for pushes to that client. */
  readonly connectionId: number;
  /** Peer, `ip:port`. */
  readonly remoteAddress: string;
  /** When the request's frame was read, ms since the epoch. */
  readonly receivedAt: number;
  /** Aborted when the connection closes. */
  readonly signal: AbortSignal;
}

/** Answer of a processor; `request-dispatcher` turns it into a frame. */
export interface Reply<C extends Command = Command> {
  readonly code: number;
  readonly remark?: string;
  /** Response header; may be left out for errors of commands whose clients do not read it then. */
  readonly header?: ResponseHeaderOf<C> | Partial<HeaderOf<C['response']>>;
  /** Fields beside the declared header. */
  readonly extFields?: ExtFields;
  readonly body?: Uint8Array | readonly Uint8Array[];
}

/** The rare request that is never answered (END_TRANSACTION "unknown"). */
export const NO_REPLY = Symbol('no reply');

/**
 * Serves one request code. Throwing {@link RequestRefusedError} answers with its code; any other error answers
 * SYSTEM_ERROR and is logged. The promise may stay open (long polling); it is given up when `context.signal` aborts.
 */
export interface RequestProcessor<C extends Command = Command> {
  readonly command: C;
  handle(request: TypedRequest<C>, context: RequestContext): Reply<C> | typeof NO_REPLY | Promise<Reply<C> | typeof NO_REPLY>;
}

/** A refusal with a response code and the remark the client shows to its user. */
export class RequestRefusedError extends Error {
  constructor(
    readonly responseCode: number,
    remark: string,
    /** Header fields to answer with all the same. */
    readonly extFields?: ExtFields,
  ) {
    super(remark);
    this.name = 'RequestRefusedError';
  }
}

/** A successful reply. */
export function success<C extends Command>(header?: ResponseHeaderOf<C>, body?: Reply<C>['body']): Reply<C> {
  return { code: ResponseCode.SUCCESS, header, body };
}
