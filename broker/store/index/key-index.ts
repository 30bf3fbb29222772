/** Finds records by key. What the rest of the store sees of the index. */
export interface KeyIndex {
  /** Records with `key` of a topic, stored within [beginMs, endMs], oldest first. */
  query(topic: string, key: string, maxMessages: number, beginMs: number, endMs: number): Promise<readonly Buffer[]>;
  /** Indexes what is new, for a moment; called now and then. */
  follow(): void;
  /** Whether there is something to follow. */
  readonly isBehind: boolean;
  /** Everything below is indexed. */
  readonly indexedOffset: number;
  /** Writes and syncs; below the returned offset everything is indexed for good. */
  sync(): Promise<{ readonly offset: number; readonly fullFilesTimestamp: number }>;
  /** Removes files of which no record is left. */
  removeBelow(physicalOffset: number): void;
  /** Indexes the rest, writes and syncs it. */
  close(): Promise<void>;
}

/** With `messageIndexEnable=false`: finds nothing. */
export const noIndex: KeyIndex = {
  query: () => Promise.resolve([]),
  follow: () => undefined,
  isBehind: false,
  indexedOffset: Number.MAX_SAFE_INTEGER,
  sync: () => Promise.resolve({ offset: 0, fullFilesTimestamp: 0 }),
  removeBelow: () => undefined,
  close: () => Promise.resolve(),
};
