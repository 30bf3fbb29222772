import { EMPTY_BODY, type RemotingCommand } from '../../lib/protocol/remoting-command.js';
import type { OutgoingRequest, OutgoingResponse, RemotingChannel } from '../../lib/remoting/remoting-channel.js';

let nextId = 1;

/** A connection without a socket: keeps what was written to it. */
export class FakeChannel implements RemotingChannel {
  readonly id = nextId++;
  readonly localAddress = '127.0.0.1:10911';
  readonly pendingWriteBytes = 0;
  readonly replies: { request: RemotingCommand; response: OutgoingResponse }[] = [];
  readonly sent: OutgoingRequest[] = [];
  readonly #closing = new AbortController();

  constructor(readonly remoteAddress: string = '10.0.0.9:50001') {}

  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  invoke(request: OutgoingRequest): Promise<RemotingCommand> {
    this.sent.push(request);
    return Promise.reject(new Error('nobody answers on a fake channel'));
  }

  sendOneway(request: OutgoingRequest): Promise<void> {
    this.sent.push(request);
    return Promise.resolve();
  }

  reply(request: RemotingCommand, response: OutgoingResponse): void {
    this.replies.push({ request, response });
  }

  close(): void {
    this.#closing.abort();
  }
}

let nextOpaque = 1;

/** A request as a server receives it. */
export function incoming(code: number, fields: Record<string, string> = {}, rest: Partial<RemotingCommand> = {}): RemotingCommand {
  return {
    code,
    language: 'JAVA',
    version: 479,
    opaque: nextOpaque++,
    flag: 0,
    remark: undefined,
    extFields: fields,
    body: EMPTY_BODY,
    serializeType: 'JSON',
    ...rest,
  };
}
