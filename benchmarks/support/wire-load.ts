// Wire-level load: request frames made from a template, so light that the broker is the bottleneck. One socket write per received
// chunk. Headers are JSON as Apache's Java client writes them.
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { summarize, type LatencySummary } from './statistics.js';

/** A load and how it is put on the broker. */
export interface WireLoadOptions {
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  /** Requests outstanding per connection. */
  readonly inFlight: number;
  readonly warmupMs: number;
  readonly durationMs: number;
  /** Ends the run when this many messages were counted, even before `durationMs`. */
  readonly maxMessages?: number;
  /** Makes the frame of one connection's next request; called once per request. */
  readonly request: (connection: number) => RequestTemplate;
  /** Messages a response stands for; default 1 for code 0, else 0. `undefined` ends that connection's load. */
  readonly onResponse?: (connection: number, header: Buffer, bodyLength: number) => number | undefined;
}

/** What one run measured. */
export interface WireLoadResult {
  readonly messages: number;
  readonly requests: number;
  readonly failures: number;
  readonly firstFailure: string;
  readonly seconds: number;
  readonly roundTrip: LatencySummary;
}

const OPAQUE_DIGITS = 7;
const OPAQUE_START = 10 ** (OPAQUE_DIGITS - 1);
const OPAQUE_COUNT = 9 * OPAQUE_START;
/** Times of sending are kept for this many windows: a broker with several threads answers out of order. */
const REMEMBERED_WINDOWS = 16;
const CODE = Buffer.from('"code":');
const OPAQUE = Buffer.from('"opaque":');

/** A frame with a hole for the request id (and maybe more), to be copied and filled in per request. */
export class RequestTemplate {
  private constructor(
    readonly frame: Buffer,
    private readonly opaqueAt: number,
    private readonly holes: ReadonlyMap<string, number>,
  ) {}

  /** `holes`: names whose value (`extFields` text of fixed width) is overwritten later by {@link fill}. */
  static of(code: number, extFields: Readonly<Record<string, string>>, body: Buffer, holes: readonly string[] = []): RequestTemplate {
    const head = { code, extFields, flag: 0, language: 'JAVA', opaque: OPAQUE_START, serializeTypeCurrentRPC: 'JSON', version: 479 };
    const header = Buffer.from(JSON.stringify(head));
    const frame = Buffer.alloc(8 + header.length + body.length);
    frame.writeInt32BE(4 + header.length + body.length, 0);
    frame.writeInt32BE(header.length, 4);
    header.copy(frame, 8);
    body.copy(frame, 8 + header.length);
    const at = (text: string): number => frame.indexOf(text) + text.length;
    return new RequestTemplate(frame, at('"opaque":'), new Map(holes.map((name) => [name, at(`"${name}":"`)])));
  }

  /** Overwrites a hole with text of the same width. */
  fill(hole: string, text: string): void {
    this.frame.write(text, this.holes.get(hole) ?? 0, 'latin1');
  }

  /** Where text that occurs once in the frame begins; for values inside a field, to be overwritten by the caller. */
  locate(text: string): number {
    return this.frame.indexOf(text);
  }

  writeTo(target: Buffer, position: number, opaque: number): number {
    this.frame.copy(target, position);
    target.write(String(opaque), position + this.opaqueAt, 'latin1');
    return position + this.frame.length;
  }
}

class LoadConnection {
  private sequence = 0;
  private received: Buffer = Buffer.alloc(0);
  private readonly startedAt: Float64Array;

  constructor(
    private readonly index: number,
    private readonly socket: Socket,
    private readonly options: WireLoadOptions,
    private readonly tally: Tally,
  ) {
    this.startedAt = new Float64Array(options.inFlight * REMEMBERED_WINDOWS);
    socket.on('data', (chunk: Buffer) => this.onData(chunk));
  }

  start(): void {
    this.sendNext(this.options.inFlight);
  }

  private sendNext(count: number): void {
    if (count === 0 || this.tally.finished) return;
    const now = performance.now();
    const chunks: Buffer[] = [];
    for (let i = 0; i < count; i++) {
      const template = this.options.request(this.index);
      const opaque = OPAQUE_START + (this.sequence++ % OPAQUE_COUNT);
      this.startedAt[opaque % this.startedAt.length] = now;
      const frame = Buffer.allocUnsafe(template.frame.length);
      template.writeTo(frame, 0, opaque);
      chunks.push(frame);
    }
    this.socket.write(Buffer.concat(chunks));
  }

  private onData(chunk: Buffer): void {
    const data = this.received.length > 0 ? Buffer.concat([this.received, chunk]) : chunk;
    const now = performance.now();
    let position = 0;
    let answered = 0;
    while (data.length - position >= 8) {
      const length = data.readInt32BE(position);
      if (data.length - position < length + 4) break;
      const headerLength = data.readInt32BE(position + 4) & 0xff_ffff;
      if (this.onFrame(data.subarray(position + 8, position + 8 + headerLength), length - 4 - headerLength, now)) answered++;
      position += length + 4;
    }
    this.received = position === data.length ? Buffer.alloc(0) : data.subarray(position);
    this.sendNext(answered);
  }

  private onFrame(header: Buffer, bodyLength: number, now: number): boolean {
    const code = Number.parseInt(header.toString('latin1', header.indexOf(CODE) + CODE.length, header.indexOf(CODE) + CODE.length + 6), 10);
    const opaqueAt = header.indexOf(OPAQUE) + OPAQUE.length;
    const opaque = Number.parseInt(header.toString('latin1', opaqueAt, opaqueAt + OPAQUE_DIGITS), 10);
    const messages = this.options.onResponse ? this.options.onResponse(this.index, header, bodyLength) : code === 0 ? 1 : 0;
    this.tally.add(messages ?? 0, now - this.startedAt[opaque % this.startedAt.length], code, header);
    return messages !== undefined;
  }
}

class Tally {
  finished = false;
  measuring = false;
  messages = 0;
  requests = 0;
  failures = 0;
  firstFailure = '';
  readonly latencies: number[] = [];
  /** Resolves when `limit` messages were counted. */
  readonly limitReached: Promise<void>;
  private onLimit: () => void = () => undefined;

  constructor(private readonly limit: number) {
    this.limitReached = new Promise((resolve) => (this.onLimit = resolve));
  }

  add(messages: number, latencyMs: number, code: number, header: Buffer): void {
    if (code !== 0 && this.firstFailure === '') this.firstFailure = header.toString('utf8', 0, 300);
    if (!this.measuring) return;
    this.requests++;
    this.messages += messages;
    if (code !== 0) this.failures++;
    this.latencies.push(latencyMs);
    if (this.messages >= this.limit) this.onLimit();
  }
}

async function openSocket(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** A pause that keeps no process alive: it may be left behind, and while it is awaited the sockets do. */
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

/** Called at the two ends of the measured window, e.g. to read the broker's CPU time. */
export interface WindowHooks {
  readonly onStart?: () => void;
  readonly onEnd?: () => void;
}

/** Runs a load and reports what was answered between the end of the warm-up and the end of the run. */
export async function runWireLoad(options: WireLoadOptions, hooks: WindowHooks = {}): Promise<WireLoadResult> {
  const tally = new Tally(options.maxMessages ?? Number.POSITIVE_INFINITY);
  const sockets = await Promise.all(Array.from({ length: options.connections }, () => openSocket(options.host, options.port)));
  const connections = sockets.map((socket, index) => new LoadConnection(index, socket, options, tally));
  const broken = Promise.race(
    sockets.map((socket) => new Promise<never>((_, reject) => socket.once('close', () => reject(new Error('the broker closed a connection under load'))))),
  );
  broken.catch(() => undefined);
  for (const connection of connections) connection.start();
  await Promise.race([pause(options.warmupMs), broken]);
  tally.measuring = true;
  hooks.onStart?.();
  const start = performance.now();
  await Promise.race([pause(options.durationMs), tally.limitReached, broken]);
  tally.measuring = false;
  hooks.onEnd?.();
  const seconds = (performance.now() - start) / 1000;
  tally.finished = true;
  for (const socket of sockets) {
    socket.removeAllListeners('close');
    socket.destroy();
  }
  const { messages, requests, failures, firstFailure } = tally;
  return { messages, requests, failures, firstFailure, seconds, roundTrip: summarize(tally.latencies) };
}
