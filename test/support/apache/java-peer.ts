import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from '../eventually.js';
import { JavaProcess } from './java-process.js';
import type { PeerError, PeerEvent, PeerOperations, PeerReceivedMessage } from './peer-protocol.js';

/** A failure inside Apache's client, as it reported it. */
export class JavaPeerError extends Error {
  /** Simple name of the Java exception, e.g. `MQBrokerException`. */
  readonly type: string;
  /** The response code it carries, when it carries one. */
  readonly code: number | undefined;
  readonly details: PeerError;

  constructor(operation: string, details: PeerError) {
    super(`${operation}: ${details.type}: ${details.message}`);
    this.name = 'JavaPeerError';
    this.type = details.type;
    this.code = details.code ?? details.cause?.code;
    this.details = details;
  }
}

interface Waiting {
  readonly operation: string;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

type Line = { id: number; ok: true; result: unknown } | { id: number; ok: false; error: PeerError } | PeerEvent;

/** A JVM with Apache's client in it. One can run any number of producers and consumers, each under a name of its own. */
export class JavaPeer {
  readonly #java: JavaProcess;
  readonly #directory: string;
  readonly #waiting = new Map<number, Waiting>();
  readonly #events: PeerEvent[] = [];
  #nextId = 1;

  private constructor(java: JavaProcess, directory: string) {
    this.#java = java;
    this.#directory = directory;
    createInterface({ input: java.stdout }).on('line', (line) => this.#take(line));
    void java.exited.then(() => this.#end());
  }

  /** Starts the JVM and waits until it answers. `jvmOptions` may carry `-D` settings of Apache's client. */
  static async start(options: { readonly jvmOptions?: readonly string[] } = {}): Promise<JavaPeer> {
    const directory = await mkdtemp(join(tmpdir(), 'rocketmq-peer-'));
    const java = await JavaProcess.start({ name: 'Java peer', mainClass: 'PeerClient', directory, heapMegabytes: 192, jvmOptions: options.jvmOptions });
    const peer = new JavaPeer(java, directory);
    await peer.call('hello', {});
    return peer;
  }

  /** What has happened so far, oldest first. */
  get events(): readonly PeerEvent[] {
    return this.#events;
  }

  /** Does one operation. @throws JavaPeerError when Apache's client failed, Error when the JVM ended. */
  call<K extends keyof PeerOperations>(op: K, args: PeerOperations[K]['args']): Promise<PeerOperations[K]['result']> {
    if (!this.#java.running) return Promise.reject(new Error(`${op}: the Java peer has ended`));
    const id = this.#nextId++;
    const { promise, resolve, reject } = withResolvers<unknown>();
    this.#waiting.set(id, { operation: op, resolve, reject });
    this.#java.stdin.write(`${JSON.stringify({ id, op, ...args })}\n`);
    return promise as Promise<PeerOperations[K]['result']>;
  }

  /** Deliveries so far to this consumer, in order of arrival. */
  received(consumer: string): PeerReceivedMessage[] {
    return this.#events.flatMap((event) => (event.event === 'received' && event.consumer === consumer ? [event.message] : []));
  }

  /** Waits until `consumer` had `count` deliveries that satisfy `which` (default: all), and returns these. */
  async waitForReceived(consumer: string, count: number, which: (message: PeerReceivedMessage) => boolean = () => true, timeoutMs = 30_000): Promise<PeerReceivedMessage[]> {
    const found = (): PeerReceivedMessage[] => this.received(consumer).filter(which);
    try {
      await eventually(`${count} deliveries to ${consumer}`, () => found().length >= count, timeoutMs);
      return found();
    } catch (error) {
      const bodies = found().map((message) => `${message.body}#${message.reconsumeTimes}`).join(', ');
      throw new Error(`${consumer} had ${found().length} of ${count} deliveries: ${bodies}\n${await this.#java.diagnosis()}`, { cause: error });
    }
  }

  /** Ends the JVM without telling any broker, as a crash does. */
  async kill(): Promise<void> {
    await this.#java.kill();
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** Ends the JVM. Clients that were not stopped leave like killed ones; stop them first where that matters. */
  async close(): Promise<void> {
    this.#java.stdin.end();
    await this.#java.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }

  #take(line: string): void {
    const parsed = JSON.parse(line) as Line;
    if ('event' in parsed) {
      this.#events.push(parsed);
      return;
    }
    const waiting = this.#waiting.get(parsed.id);
    this.#waiting.delete(parsed.id);
    if (parsed.ok) waiting?.resolve(parsed.result);
    else waiting?.reject(new JavaPeerError(waiting.operation, parsed.error));
  }

  #end(): void {
    for (const { operation, reject } of this.#waiting.values()) reject(new Error(`${operation}: the Java peer ended before it answered`));
    this.#waiting.clear();
  }
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
