import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One remoting command as Apache encodes it, with both header serializations. */
export interface GoldenFrame {
  readonly name: string;
  readonly kind: 'request' | 'oneway' | 'response';
  /** Request code, or response code. */
  readonly code: number;
  readonly opaque: number;
  readonly remark: string | null;
  /** Apache's simple class name of the custom header; null when the command has none. */
  readonly headerClass: string | null;
  /** The custom header's fields as they travel. */
  readonly fields: Readonly<Record<string, string>>;
  /** Empty when there is no body. */
  readonly bodyBase64: string;
  /** The JSON header's text, the readable part of `jsonFrameHex`. */
  readonly jsonHeader: string;
  readonly jsonFrameHex: string;
  /** With the binary header; codes above 32767 arrive truncated there, in Apache too. */
  readonly rocketmqFrameHex: string;
}

/** One body or configuration file. */
export interface GoldenBody {
  readonly name: string;
  /** Apache's simple class name. */
  readonly class: string;
  /** The text; null for a body that is not text. */
  readonly text: string | null;
  readonly bodyBase64: string;
}

/** What Apache's client decodes from a stored record; bodies are uncompressed. */
export interface GoldenDecodedMessage {
  readonly topic: string;
  readonly queueId: number;
  readonly queueOffset: number;
  readonly physicalOffset: number;
  readonly storeSize: number;
  readonly flag: number;
  readonly sysFlag: number;
  readonly bodyCrc: number;
  readonly bornTimestamp: number;
  /** `address:port`, an IPv6 address without brackets. */
  readonly bornHost: string;
  readonly storeTimestamp: number;
  readonly storeHost: string;
  readonly reconsumeTimes: number;
  readonly preparedTransactionOffset: number;
  readonly offsetMsgId: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly bodyBase64: string;
}

export interface GoldenRecord {
  readonly name: string;
  readonly recordHex: string;
  readonly decoded: GoldenDecodedMessage;
}

export interface GoldenBatch {
  readonly name: string;
  readonly bodyHex: string;
  readonly messages: readonly { readonly flag: number; readonly properties: Readonly<Record<string, string>>; readonly bodyBase64: string }[];
}

export interface GoldenProperties {
  /** `write`: `map` becomes `text`; `read`: `text` becomes `map`. */
  readonly direction: 'write' | 'read';
  readonly map: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface GoldenTagsCode {
  readonly tag: string;
  readonly tagsCode: number;
}

export type GoldenId =
  | { readonly kind: 'offsetMsgId'; readonly host: string; readonly physicalOffset: string; readonly id: string; readonly decodedOffset: string }
  | { readonly kind: 'uniqueId'; readonly id: string; readonly ip: string; readonly pid: number }
  | { readonly kind: 'popReceipt'; readonly text: string; readonly parts: Readonly<Record<string, string | number>> };

function entries<T>(path: string): readonly T[] {
  const document = JSON.parse(readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8')) as { entries: T[] };
  return document.entries;
}

/** The areas of recorded frames: the file names of `wire/` without `.json`. */
export function goldenFrameAreas(): string[] {
  return readdirSync(new URL('wire/', import.meta.url)).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length)).sort();
}

/** Recorded frames, of one area or of all. */
export function goldenFrames(area?: string): readonly GoldenFrame[] {
  const areas = area === undefined ? goldenFrameAreas() : [area];
  return areas.flatMap((name) => entries<GoldenFrame>(`wire/${name}.json`));
}

/** The frame of this name; throws when none is recorded. */
export function goldenFrame(name: string): GoldenFrame {
  return named(goldenFrames(), name, 'frame');
}

/** Recorded bodies and configuration files. */
export function goldenBodies(): readonly GoldenBody[] {
  return entries<GoldenBody>('bodies/bodies.json');
}

/** The body of this name; throws when none is recorded. */
export function goldenBody(name: string): GoldenBody {
  return named(goldenBodies(), name, 'body');
}

export function goldenRecords(): readonly GoldenRecord[] {
  return entries<GoldenRecord>('messages/records.json');
}

export function goldenBatches(): readonly GoldenBatch[] {
  return entries<GoldenBatch>('messages/batches.json');
}

export function goldenProperties(): readonly GoldenProperties[] {
  return entries<GoldenProperties>('messages/properties.json');
}

export function goldenTagsCodes(): readonly GoldenTagsCode[] {
  return entries<GoldenTagsCode>('messages/tags-codes.json');
}

export function goldenIds(): readonly GoldenId[] {
  return entries<GoldenId>('messages/ids.json');
}

function named<T extends { readonly name: string }>(all: readonly T[], name: string, what: string): T {
  const found = all.find((entry) => entry.name === name);
  if (!found) throw new Error(`no golden ${what} "${name}"; recorded: ${all.map((entry) => entry.name).join(', ')}`);
  return found;
}

/** One thing in the recorded store, in the order of the commit log, then the consume queues by topic and queue. */
export type GoldenStoreEntry =
  /** Properties of the broker that wrote it. */
  | { readonly kind: 'settings'; readonly settings: Readonly<Record<string, string>> }
  | ({ readonly kind: 'message' } & GoldenDecodedMessage)
  /** The filler at the end of a full segment. */
  | { readonly kind: 'blank'; readonly physicalOffset: number; readonly size: number }
  | {
      readonly kind: 'consumeQueue';
      readonly topic: string;
      readonly queueId: number;
      /** From queue offset 0. In a delay queue `tagsCode` is the time of delivery. */
      readonly units: readonly { readonly physicalOffset: number; readonly size: number; readonly tagsCode: number }[];
    };

/** What is in the recorded store. */
export function goldenStoreContents(): readonly GoldenStoreEntry[] {
  return entries<GoldenStoreEntry>('store/contents.json');
}

/** Unpacks the recorded store into `directory`, which must exist: `commitlog/`, `consumequeue/`, `index/`, `config/`, `checkpoint`. */
export function unpackGoldenStore(directory: string): void {
  const archive = fileURLToPath(new URL('store/store.tar.gz', import.meta.url));
  execFileSync('tar', ['-xzf', archive, '-C', directory]);
}
