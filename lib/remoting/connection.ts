import type { RocketMqError } from '../errors/rocketmq-error.js';
import { FrameDecoder } from '../protocol/frame-decoder.js';
import type { LanguageName } from '../protocol/language-code.js';
import { EMPTY_BODY, FLAG_ONEWAY, FLAG_RESPONSE, isOneway, isResponse } from '../protocol/remoting-command.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';
import { ResponseCode } from '../protocol/response-code.js';
import { decodeFrame, encodeFrameHead } from '../protocol/remoting-codec.js';
import { OUR_VERSION } from '../protocol/version.js';
import type { Clock } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';
import type { NetworkSocket, SocketEvents } from '../runtime/network.js';
import { FrameOutbox } from './frame-outbox.js';
import { PendingRequests } from './pending-requests.js';
import type { OutgoingRequest, OutgoingResponse, RemotingChannel, RequestHandler } from './remoting-channel.js';
import { connectionClosed, requestTimeout, tooManyRequests } from './remoting-errors.js';

/** Bounds of one connection. */
export interface ConnectionLimits {
  /** Largest frame accepted, bytes, its length field included; default 16 MiB. */
  readonly maxFrameBytes?: number;
  /** Requests waiting for a response; default 65 536. */
  readonly maxPendingRequests?: number;
  /** Unread bytes towards the peer from which on we stop reading from it; default 16 MiB. */
  readonly maxPendingWriteBytes?: number;
  /** A peer that takes nothing for this long while over that bound is closed, ms; default 30 000. */
  readonly frozenReaderTimeoutMs?: number;
  /** Silence in both directions after which the connection is closed, ms; default 120 000. */
  readonly idleTimeoutMs?: number;
}

/** {@link ConnectionLimits} with every default filled in. */
export const DEFAULT_CONNECTION_LIMITS: Required<ConnectionLimits> = {
  maxFrameBytes: 16 * 1024 * 1024,
  maxPendingRequests: 65_536,
  maxPendingWriteBytes: 16 * 1024 * 1024,
  frozenReaderTimeoutMs: 30_000,
  idleTimeoutMs: 120_000,
};

/** What the owner of a connection gives to it. */
export interface ConnectionOwner {
  readonly limits: Required<ConnectionLimits>;
  /** Language announced in every frame. */
  readonly language: LanguageName;
  /** Called for every request of the peer. */
  readonly onRequest: RequestHandler;
  /** The peer answered GO_AWAY: it wants no further requests on this connection. */
  readonly onGoAway?: (connection: Connection) => void;
  /** Called once, when the connection is gone. */
  readonly onClosed: (connection: Connection, error: Error | undefined) => void;
}

/** How long a closing connection may take to send what was written, ms. */
const CLOSE_GRACE_MS = 5_000;
/** Requests and one-ways are refused when this many times the write bound is unsent: the caller ignores our answers. */
const WRITE_REFUSAL_FACTOR = 4;

interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: RocketMqError) => void;
}

function deferred(): Deferred {
  let resolve!: () => void;
  let reject!: (error: RocketMqError) => void;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  // Whoever queued the frame may not look at the promise.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}

let lastId = 0;

/**
 * One connection, either side of it. Reads frames, hands requests to the handler and responses to their requests, and is the
 * only writer of its socket. Nothing here is allocated per request but the command and its frame: 100 000 small
 * requests a second pass through.
 */
export class Connection implements RemotingChannel, SocketEvents {
  readonly id = ++lastId;
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly #socket: NetworkSocket;
  readonly #owner: ConnectionOwner;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #decoder: FrameDecoder;
  readonly #pending: PendingRequests;
  readonly #outbox = new FrameOutbox();
  readonly #closing = new AbortController();

  #state: 'open' | 'closing' | 'closed' = 'open';
  #lastOpaque = 0;
  #lateResponses = 0;
  #flushScheduled = false;
  #lastTrafficAt: number;
  /** Set while the peer does not read and we therefore do not read either. */
  #blocked: { since: number; pendingBytes: number } | undefined;
  /** Settles when the frames queued now are with the socket. */
  #handedOver: Deferred | undefined;

  constructor(socket: NetworkSocket, owner: ConnectionOwner, clock: Clock, logger: Logger) {
    this.remoteAddress = socket.remoteAddress;
    this.localAddress = socket.localAddress;
    this.#socket = socket;
    this.#owner = owner;
    this.#clock = clock;
    this.#logger = logger;
    this.#lastTrafficAt = clock.monotonic();
    this.#decoder = new FrameDecoder(owner.limits.maxFrameBytes);
    this.#pending = new PendingRequests(clock, (code, timeoutMs) => requestTimeout(this.remoteAddress, code, timeoutMs));
  }

  /** Starts reading. Separate from construction, so that the owner can enter the connection in its table first. */
  start(): void {
    this.#socket.start(this);
  }

  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  get pendingWriteBytes(): number {
    return this.#outbox.bytes + this.#socket.pendingBytes;
  }

  /** Requests that wait for a response. */
  get pendingRequests(): number {
    return this.#pending.size;
  }

  /** Responses nobody waited for any more; they are dropped. */
  get lateResponses(): number {
    return this.#lateResponses;
  }

  invoke(request: OutgoingRequest, timeoutMs: number): Promise<RemotingCommand> {
    const refusal = this.#refusal();
    if (refusal !== undefined) return Promise.reject(refusal);
    const opaque = this.#nextOpaque();
    try {
      this.#enqueueRequest(request, opaque, 0);
    } catch (error) {
      // The header cannot be written; nothing was queued.
      return Promise.reject(error);
    }
    return this.#pending.add(opaque, request.code, timeoutMs);
  }

  sendOneway(request: OutgoingRequest): Promise<void> {
    const refusal = this.#refusal();
    if (refusal !== undefined) return Promise.reject(refusal);
    try {
      this.#enqueueRequest(request, this.#nextOpaque(), FLAG_ONEWAY);
    } catch (error) {
      return Promise.reject(error);
    }
    this.#handedOver ??= deferred();
    return this.#handedOver.promise;
  }

  reply(request: RemotingCommand, response: OutgoingResponse): void {
    if (this.#state !== 'open' || isOneway(request)) return;
    this.#enqueue(
      {
        code: response.code,
        language: this.#owner.language,
        version: OUR_VERSION,
        opaque: request.opaque,
        flag: FLAG_RESPONSE,
        remark: response.remark,
        extFields: response.extFields ?? {},
        body: EMPTY_BODY,
        serializeType: request.serializeType,
      },
      response.body,
    );
  }

  close(): void {
    if (this.#state !== 'open') return;
    this.#flush();
    this.#state = 'closing';
    this.#socket.end();
    const grace = this.#clock.schedule(CLOSE_GRACE_MS, () => this.#socket.destroy());
    this.#closing.signal.addEventListener('abort', () => grace.cancel(), { once: true });
    this.#pending.failAll(connectionClosed(this.remoteAddress));
  }

  /** Closes at once. */
  destroy(): void {
    this.#socket.destroy();
  }

  /** Called by the owner every few seconds: closes a silent connection and one whose peer stopped reading. */
  examine(now: number): void {
    const { idleTimeoutMs, frozenReaderTimeoutMs } = this.#owner.limits;
    if (this.#blocked !== undefined) {
      const pendingBytes = this.#socket.pendingBytes;
      if (pendingBytes < this.#blocked.pendingBytes) this.#blocked = { since: now, pendingBytes };
      else if (now - this.#blocked.since >= frozenReaderTimeoutMs) this.#abandon('the peer does not read', { pendingBytes });
    } else if (now - this.#lastTrafficAt >= idleTimeoutMs) {
      this.#abandon('nothing was sent or received', { idleTimeoutMs });
    }
  }

  onData(chunk: Buffer): void {
    this.#lastTrafficAt = this.#clock.monotonic();
    if (this.#state !== 'open') return;
    try {
      this.#decoder.feed(chunk, this.#onFrame);
    } catch (error) {
      this.#abandon('a frame is malformed', { error });
    }
  }

  onDrain(): void {
    this.#lastTrafficAt = this.#clock.monotonic();
    if (this.#blocked !== undefined) {
      this.#blocked = undefined;
      this.#socket.resume();
    }
    if (this.#outbox.bytes === 0) this.#settleHandedOver();
  }

  onClose(error: Error | undefined): void {
    this.#state = 'closed';
    this.#outbox.clear();
    const reason = connectionClosed(this.remoteAddress, error);
    this.#pending.failAll(reason);
    this.#handedOver?.reject(reason);
    this.#closing.abort(reason);
    this.#owner.onClosed(this, error);
  }

  readonly #onFrame = (frame: Buffer): void => {
    // A frame before this one in the same chunk may have made us close.
    if (this.#state !== 'open') return;
    let command: RemotingCommand;
    try {
      command = decodeFrame(frame);
    } catch (error) {
      this.#abandon('a header is malformed', { error });
      return;
    }
    if (isResponse(command)) {
      if (command.code === ResponseCode.GO_AWAY) this.#owner.onGoAway?.(this);
      if (!this.#pending.settle(command)) this.#lateResponses++;
      return;
    }
    try {
      this.#owner.onRequest(command, this);
    } catch (error) {
      // Handlers must not throw; one that does must not cost the other requests of this connection.
      this.#logger.error('a request handler threw', { remoteAddress: this.remoteAddress, requestCode: command.code, error });
    }
  };

  #refusal(): RocketMqError | undefined {
    const { maxPendingRequests, maxPendingWriteBytes } = this.#owner.limits;
    if (this.#state !== 'open') return connectionClosed(this.remoteAddress);
    if (this.#pending.size >= maxPendingRequests) return tooManyRequests(this.remoteAddress, 'unanswered requests', maxPendingRequests);
    const mostBytes = maxPendingWriteBytes * WRITE_REFUSAL_FACTOR;
    return this.pendingWriteBytes >= mostBytes ? tooManyRequests(this.remoteAddress, 'unsent bytes', mostBytes) : undefined;
  }

  #nextOpaque(): number {
    do {
      this.#lastOpaque = (this.#lastOpaque + 1) | 0;
      // After 2^32 requests an id may still be taken by one that waits.
    } while (this.#pending.has(this.#lastOpaque));
    return this.#lastOpaque;
  }

  #enqueueRequest(request: OutgoingRequest, opaque: number, flag: number): void {
    const { language } = this.#owner;
    this.#enqueue(
      { code: request.code, language, version: OUR_VERSION, opaque, flag, remark: undefined, extFields: request.extFields ?? {}, body: EMPTY_BODY, serializeType: 'JSON' },
      request.body,
    );
  }

  #enqueue(command: RemotingCommand, body: Uint8Array | readonly Uint8Array[] | undefined): void {
    if (body === undefined) {
      this.#outbox.push(encodeFrameHead(command, 0));
    } else if (body instanceof Uint8Array) {
      this.#outbox.push(encodeFrameHead(command, body.length));
      if (body.length > 0) this.#outbox.push(body);
    } else {
      let length = 0;
      for (const part of body) length += part.length;
      this.#outbox.push(encodeFrameHead(command, length));
      for (const part of body) this.#outbox.push(part);
    }
    if (!this.#flushScheduled) {
      this.#flushScheduled = true;
      queueMicrotask(this.#afterMicrotasks);
    }
  }

  /**
   * The flush comes when the promises of this turn have settled: a microtask's `nextTick` runs once no microtask is left,
   * so replies that were resolved by promises leave in the same write as those made at once.
   */
  readonly #afterMicrotasks = (): void => process.nextTick(this.#flush);

  readonly #flush = (): void => {
    this.#flushScheduled = false;
    if (this.#state !== 'open' || this.#outbox.bytes === 0) return;
    const now = this.#clock.monotonic();
    this.#lastTrafficAt = now;
    const accepted = this.#socket.write(this.#outbox.take());
    if (accepted) this.#settleHandedOver();
    const pendingBytes = this.#socket.pendingBytes;
    if (this.#blocked === undefined && !accepted && pendingBytes >= this.#owner.limits.maxPendingWriteBytes) {
      this.#blocked = { since: now, pendingBytes };
      this.#socket.pause();
    }
  };

  #settleHandedOver(): void {
    this.#handedOver?.resolve();
    this.#handedOver = undefined;
  }

  #abandon(reason: string, fields: Record<string, unknown>): void {
    this.#logger.warn(`closing a connection: ${reason}`, { remoteAddress: this.remoteAddress, ...fields });
    this.#state = 'closing';
    this.#socket.destroy();
  }
}
