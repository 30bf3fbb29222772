import { decodeBody, object, record, text, type Decoder } from '../../lib/protocol/json/body-decoder.js';
import type { Logger } from '../../lib/runtime/logger.js';
import type { ConfigFile } from '../config/config-file.js';

/** Namespace whose entries tell how many queues of an ordered topic each broker has: `brokerA:4;brokerB:4`. */
export const ORDER_TOPIC_NAMESPACE = 'ORDER_TOPIC_CONFIG';

interface StoredKvConfig {
  readonly configTable: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const storedKvConfig: Decoder<StoredKvConfig> = object<StoredKvConfig>({ configTable: record(record(text())) });

/** Key-value settings by namespace, kept in `kvConfig.json`. Apache: KVConfigManager.java. */
export class KvConfigTable {
  readonly #namespaces = new Map<string, Map<string, string>>();

  constructor(
    private readonly file: ConfigFile,
    private readonly logger: Logger,
  ) {}

  /** Reads the file. @throws RocketMqError `CONFIG_INVALID` when it cannot be understood */
  load(): void {
    const stored = this.file.load((content) => decodeBody(content, storedKvConfig, 'KV configuration'));
    if (stored === undefined) return;
    for (const [namespace, table] of Object.entries(stored.configTable)) this.#namespaces.set(namespace, new Map(Object.entries(table)));
  }

  /** A value; `undefined` when there is none. */
  get(namespace: string, key: string): string | undefined {
    return this.#namespaces.get(namespace)?.get(key);
  }

  /** All values of a namespace; `undefined` for one that was never used. */
  namespace(namespace: string): Readonly<Record<string, string>> | undefined {
    const table = this.#namespaces.get(namespace);
    return table && Object.fromEntries(table);
  }

  /** Sets a value; resolves when it is safe on disk. @throws the disk's error; the value is set all the same */
  put(namespace: string, key: string, value: string): Promise<void> {
    let table = this.#namespaces.get(namespace);
    if (table === undefined) this.#namespaces.set(namespace, (table = new Map()));
    table.set(key, value);
    this.logger.info('a key-value setting was set', { namespace, key, value });
    return this.#save();
  }

  /** Removes a value; resolves when that is safe on disk. */
  delete(namespace: string, key: string): Promise<void> {
    this.#namespaces.get(namespace)?.delete(key);
    this.logger.info('a key-value setting was deleted', { namespace, key });
    return this.#save();
  }

  /** Waits for the writes under way. */
  close(): Promise<void> {
    return this.file.settled();
  }

  #save(): Promise<void> {
    return this.file.save(() => {
      const configTable = Object.fromEntries([...this.#namespaces].map(([namespace, table]) => [namespace, Object.fromEntries(table)]));
      return JSON.stringify({ configTable });
    });
  }
}
