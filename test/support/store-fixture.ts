import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { LogMessageStore, type StoreEnvironment } from '../../broker/store/log-message-store.js';
import type { MessageToStore } from '../../broker/store/message-store.js';
import type { StoreOptionsInput } from '../../broker/store/store-options.js';
import { encodeProperties } from '../../lib/protocol/message/properties.js';
import { SystemClock } from '../../lib/runtime/clock.js';
import { NodeFileSystem } from '../../lib/runtime/node-file-system.js';

/** Sizes that make files roll after a few messages. */
export const SMALL_SIZES = {
  mappedFileSizeCommitLog: 64 * 1024,
  mappedFileSizeConsumeQueue: 20 * 50,
  maxHashSlotNum: 50,
  maxIndexNum: 200,
  tailBlockSize: 16 * 1024,
  tailMemoryMax: 32 * 1024,
} as const;

/** A message with the parts a test cares about. */
export function messageOf(overrides: Partial<Omit<MessageToStore, 'body' | 'properties'>> & { body?: string | Buffer; properties?: Record<string, string> } = {}): MessageToStore {
  return {
    topic: 'TopicTest',
    queueId: 0,
    flag: 0,
    sysFlag: 0,
    bornTimestamp: 1_700_000_000_000,
    bornHost: { ip: '127.0.0.1', port: 40_000 },
    storeHost: { ip: '127.0.0.1', port: 10_911 },
    reconsumeTimes: 0,
    preparedTransactionOffset: 0,
    ...overrides,
    body: Buffer.from(overrides.body ?? 'hello'),
    properties: encodeProperties(overrides.properties ?? {}),
  };
}

/** A temporary directory for stores on the real disk; `remove` it in the end. */
export function temporaryStore(): { readonly root: string; open(options?: Partial<StoreOptionsInput>, environment?: Partial<StoreEnvironment>): Promise<LogMessageStore>; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), 'store-'));
  return {
    root,
    open: async (options = {}, environment = {}) => {
      const store = new LogMessageStore({ storePathRootDir: root, ...SMALL_SIZES, ...options }, { fileSystem: new NodeFileSystem(), clock: new SystemClock(), ...environment });
      await store.open();
      return store;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
