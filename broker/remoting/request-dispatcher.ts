import { encodeHeader } from '../../lib/protocol/define-command.js';
import { isOneway, type ExtFields, type RemotingCommand } from '../../lib/protocol/remoting-command.js';
import { decodeHeaderOf } from '../../lib/protocol/request-header-decoder.js';
import { ResponseCode } from '../../lib/protocol/response-code.js';
import type { OutgoingResponse, RemotingChannel } from '../../lib/remoting/remoting-channel.js';
import type { Clock } from '../../lib/runtime/clock.js';
import type { Logger } from '../../lib/runtime/logger.js';
import { replyOfError } from './error-replies.js';
import { FailureLog } from './failure-log.js';
import { InFlightMeter, type ConnectionLoad } from './in-flight-limits.js';
import type { ProcessorTable } from './processor-table.js';
import { NO_REPLY, type Reply, type RequestContext, type RequestProcessor } from './request-processor.js';

/** Ordinal of V5_3_1 in Apache's MQVersion; clients above it understand GO_AWAY. */
const LAST_VERSION_WITHOUT_GO_AWAY = 475;

const UNSUPPORTED_CODE = ResponseCode.REQUEST_CODE_NOT_SUPPORTED;
const OVERLOADED: OutgoingResponse = { code: ResponseCode.SYSTEM_BUSY, remark: '[OVERLOAD]system busy, start flow control for a while' };
const GO_AWAY: OutgoingResponse = { code: ResponseCode.GO_AWAY, remark: 'please go away' };

/** What a dispatcher has seen since it was made, and what is open now. */
export interface DispatcherCounters {
  /** Requests that arrived. */
  readonly received: number;
  /** Answered SYSTEM_BUSY because too much was unanswered. */
  readonly overloaded: number;
  /** Of a code nobody serves. */
  readonly unsupported: number;
  /** Ended with an error that is ours (answered SYSTEM_ERROR and logged). */
  readonly failed: number;
  /** Unanswered at the moment. */
  readonly inFlightRequests: number;
  /** Body bytes of the unanswered ones. */
  readonly inFlightBytes: number;
}

/** Facts of a request's origin; shared by the requests of one connection that arrive within one millisecond. */
class ChannelContext implements RequestContext {
  readonly connectionId: number;
  readonly remoteAddress: string;
  readonly signal: AbortSignal;

  constructor(
    channel: RemotingChannel,
    readonly receivedAt: number,
  ) {
    this.connectionId = channel.id;
    this.remoteAddress = channel.remoteAddress;
    this.signal = channel.closed;
  }
}

/**
 * Serves the requests of a server: finds the processor, decodes the header, and writes the reply. The only place that writes
 * replies and turns errors into response codes. Replies that are there at once take no promise.
 */
export class RequestDispatcher {
  readonly #failures: FailureLog;
  #context: ChannelContext | undefined;
  #received = 0;
  #overloaded = 0;
  #unsupported = 0;
  #failed = 0;
  #draining = false;

  constructor(
    private readonly table: ProcessorTable,
    private readonly clock: Clock,
    logger: Logger,
    /** Shared by the ports of one process, whose limits it keeps. */
    private readonly inFlight: InFlightMeter = new InFlightMeter(),
  ) {
    this.#failures = new FailureLog(logger, clock);
  }

  /** The handler to give to a `RemotingServer`; never throws. */
  readonly handle = (request: RemotingCommand, channel: RemotingChannel): void => {
    this.#received += 1;
    if (this.#draining && request.version > LAST_VERSION_WITHOUT_GO_AWAY) return channel.reply(request, GO_AWAY);
    const processor = this.table.find(request.code);
    if (processor === undefined) return this.#refuseUnsupported(request, channel);
    const load = this.inFlight.loadOf(channel);
    if (!this.inFlight.admits(load, request.body.length)) {
      this.#overloaded += 1;
      return channel.reply(request, OVERLOADED);
    }
    try {
      const header = decodeHeaderOf(processor.command.request, request);
      const reply = processor.handle({ header, body: request.body, raw: request }, this.#contextOf(channel));
      if (reply instanceof Promise) void this.#answerLater(reply, processor, request, channel, load);
      else this.#answer(reply, processor, request, channel);
    } catch (error) {
      this.#answerError(error, processor, request, channel);
    }
  };

  /** Answers GO_AWAY from now on to clients that understand it (they open a new connection and send again). */
  beginDraining(): void {
    this.#draining = true;
  }

  /** Resolves when every request was answered, or after `timeoutMs`; says whether all were. */
  async whenIdle(timeoutMs: number): Promise<boolean> {
    const deadline = new AbortController();
    await Promise.race([this.inFlight.whenIdle(), this.clock.sleep(timeoutMs, deadline.signal)]);
    deadline.abort();
    return this.inFlight.requests === 0;
  }

  /** Figures for health and metrics. */
  counters(): DispatcherCounters {
    return {
      received: this.#received,
      overloaded: this.#overloaded,
      unsupported: this.#unsupported,
      failed: this.#failed,
      inFlightRequests: this.inFlight.requests,
      inFlightBytes: this.inFlight.bytes,
    };
  }

  #contextOf(channel: RemotingChannel): RequestContext {
    const now = this.clock.now();
    const last = this.#context;
    if (last !== undefined && last.connectionId === channel.id && last.receivedAt === now) return last;
    return (this.#context = new ChannelContext(channel, now));
  }

  async #answerLater(
    pending: Promise<Reply | typeof NO_REPLY>,
    processor: RequestProcessor,
    request: RemotingCommand,
    channel: RemotingChannel,
    load: ConnectionLoad,
  ): Promise<void> {
    const bytes = request.body.length;
    this.inFlight.take(load, bytes);
    try {
      this.#answer(await pending, processor, request, channel);
    } catch (error) {
      this.#answerError(error, processor, request, channel);
    } finally {
      this.inFlight.giveBack(load, bytes);
    }
  }

  #answer(reply: Reply | typeof NO_REPLY, processor: RequestProcessor, request: RemotingCommand, channel: RemotingChannel): void {
    if (reply === NO_REPLY || isOneway(request)) return;
    channel.reply(request, { code: reply.code, remark: reply.remark, extFields: extFieldsOf(reply, processor), body: reply.body });
  }

  #answerError(error: unknown, processor: RequestProcessor, request: RemotingCommand, channel: RemotingChannel): void {
    const { reply, isFailure } = replyOfError(error);
    // What fails because its connection is gone has nobody to report to.
    if (isFailure && !channel.closed.aborted) {
      this.#failed += 1;
      this.#failures.failed(processor.command.code, processor.command.name, channel.remoteAddress, error);
    }
    if (!isOneway(request)) channel.reply(request, { code: reply.code, remark: reply.remark, extFields: reply.extFields });
  }

  #refuseUnsupported(request: RemotingCommand, channel: RemotingChannel): void {
    this.#unsupported += 1;
    if (!isOneway(request)) channel.reply(request, { code: UNSUPPORTED_CODE, remark: ` request type ${request.code} not supported` });
  }
}

function extFieldsOf(reply: Reply, processor: RequestProcessor): ExtFields | undefined {
  if (reply.header === undefined) return reply.extFields;
  const fields = encodeHeader(processor.command.response, reply.header);
  return reply.extFields === undefined ? fields : Object.assign(fields, reply.extFields);
}
