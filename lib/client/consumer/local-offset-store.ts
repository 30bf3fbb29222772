import { dirname, join } from 'node:path';
import { RocketMqError } from '../../errors/rocketmq-error.js';
import { parseFastJson, stringifyFastJson } from '../../protocol/json/fast-json.js';
import type { MessageQueue } from '../../protocol/message/message.js';
import type { FileSystem } from '../../runtime/file-system.js';
import type { Logger } from '../../runtime/logger.js';
import { messageQueueKey, messageQueueOfKey } from '../../protocol/body/message-queue-key.js';
import { queueKey } from '../message-queue.js';
import type { OffsetStore, QueueOffset } from './offset-store.js';

/*
 * `<directory>/<clientId>/<group>/offsets.json`, before each write copied to `offsets.json.bak`:
 * {"offsetTable":{{"brokerName":"broker-a","queueId":0,"topic":"T"}:5}}. Apache: LocalFileOffsetStore.java.
 */

/** Offsets kept in a file of this machine: those of broadcasting consumers, each of which has its own. */
export class LocalOffsetStore implements OffsetStore {
  readonly #fileSystem: FileSystem;
  readonly #logger: Logger;
  readonly #path: string;
  #offsets: Map<string, QueueOffset> | undefined;

  constructor(fileSystem: FileSystem, logger: Logger, place: { readonly directory: string; readonly clientId: string; readonly group: string }) {
    this.#fileSystem = fileSystem;
    this.#logger = logger;
    this.#path = join(place.directory, place.clientId, place.group, 'offsets.json');
  }

  read(queue: MessageQueue): Promise<number | undefined> {
    return Promise.resolve(this.#table().get(queueKey(queue))?.offset);
  }

  commit(offsets: readonly QueueOffset[]): Promise<void> {
    const table = this.#table();
    let changed = false;
    for (const entry of offsets) {
      const key = queueKey(entry.queue);
      changed ||= table.get(key)?.offset !== entry.offset;
      table.set(key, entry);
    }
    if (changed) this.#write(table);
    return Promise.resolve();
  }

  #table(): Map<string, QueueOffset> {
    this.#offsets ??= this.#load(this.#path) ?? this.#load(`${this.#path}.bak`) ?? new Map();
    return this.#offsets;
  }

  /** `undefined` when the file is missing or cannot be read as offsets. */
  #load(path: string): Map<string, QueueOffset> | undefined {
    const content = this.#fileSystem.readFile(path);
    if (content === undefined || content.length === 0) return undefined;
    try {
      return offsetsIn(parseFastJson(content));
    } catch (error) {
      this.#logger.error('a file of broadcast offsets cannot be read; its backup is used if there is one', { path, error });
      return undefined;
    }
  }

  #write(table: ReadonlyMap<string, QueueOffset>): void {
    const entries = [...table.values()].map(({ queue, offset }) => [messageQueueKey(queue), offset] as const);
    const text = stringifyFastJson({ offsetTable: new Map(entries) });
    try {
      this.#fileSystem.makeDirectory(dirname(this.#path));
      const previous = this.#fileSystem.readFile(this.#path);
      if (previous !== undefined) this.#fileSystem.writeFile(`${this.#path}.bak`, previous);
      this.#fileSystem.writeFile(`${this.#path}.tmp`, text);
      this.#fileSystem.rename(`${this.#path}.tmp`, this.#path);
    } catch (error) {
      this.#logger.error('broadcast offsets could not be written', { path: this.#path, error });
    }
  }
}

function offsetsIn(json: unknown): Map<string, QueueOffset> {
  const table = typeof json === 'object' && json !== null ? (json as Record<string, unknown>).offsetTable : undefined;
  const offsets = new Map<string, QueueOffset>();
  const pairs = table instanceof Map ? [...(table as Map<string, unknown>)] : Object.entries(table ?? {});
  for (const [key, value] of pairs) {
    const queue = messageQueueOfKey(key);
    const offset = Number(value);
    if (!Number.isSafeInteger(offset)) throw new RocketMqError('PROTOCOL_MALFORMED_BODY', `the offset of ${key} is ${String(value)}; expected an integer`);
    offsets.set(queueKey(queue), { queue, offset });
  }
  return offsets;
}
