import { decodeDataVersion, type DataVersion } from '../../lib/protocol/body/data-version.js';

/** Largest page of a table. Apache: BrokerConfig.java, splitMetadataSize. */
const PAGE_MAX = 2_000;

/** A page of a table that a peer asks for. */
export interface PageRequest {
  /** Version the peer has seen; pages of another version begin again. */
  readonly dataVersion: DataVersion | undefined;
  readonly first: number;
  readonly count: number;
}

/** The page that header fields ask for; `undefined` when they ask for everything, as old peers do. */
export function pageOf(dataVersion: string | undefined, first: number | undefined, count: number | undefined): PageRequest | undefined {
  if (dataVersion === undefined && first === undefined && count === undefined) return undefined;
  return {
    dataVersion: dataVersion === undefined || dataVersion.trim() === '' ? undefined : decodeDataVersion(Buffer.from(dataVersion)),
    first: Math.max(0, first ?? 0),
    count: Math.max(0, Math.min(count ?? PAGE_MAX, PAGE_MAX)),
  };
}
