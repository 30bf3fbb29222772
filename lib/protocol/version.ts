/**
 * Versions as the protocol numbers them: the ordinal of a release in Apache's MQVersion, two per release
 * (`Vx_SNAPSHOT`, `Vx`). Only ordinals that change behaviour are named. Apache: MQVersion.java.
 */
export const VERSION = {
  /** From here on a broker relays running-info and consume-directly to a client. */
  V3_1_8_SNAPSHOT: 62,
  /** From here on `maxReconsumeTimes` of a send-back and of a retry send counts. */
  V3_4_9: 121,
  /** A Java consumer refuses SQL92 filters of brokers older than this. */
  V4_1_0_SNAPSHOT: 232,
  /** What the Go client sends. */
  V4_5_2: 317,
  /** Up to here `_UNIQUE_KEY_QUERY` is left out of signed content. */
  V4_9_3: 399,
  /** From here on routes are read as strict JSON. */
  V4_9_4: 401,
  /** From here on a compressed registration carries the static-topic section. */
  V5_0_0: 413,
  /** Clients newer than this understand GO_AWAY. */
  V5_3_1: 475,
  V5_3_3: 479,
} as const;

/** Version this project announces: that of the release whose behaviour it reproduces. */
export const OUR_VERSION: number = VERSION.V5_3_3;

/** Release name of {@link OUR_VERSION}, as `brokerVersionDesc` and `PROP_CLIENT_VERSION` show it. */
export const OUR_VERSION_NAME = 'V5_3_3';

/** Whether a peer with this version needs a route body that a strict JSON parser can read. */
export function readsStrictJsonRoutes(version: number): boolean {
  return version >= VERSION.V4_9_4;
}

/** Ordinal of V4_1_0; from its snapshot on the table goes on without gaps, ten patch releases per minor one. */
const V4_1_0 = 233;
const V5_9_9 = 611;

/**
 * Release name of an ordinal, e.g. `V4_9_4` or `V5_3_0_SNAPSHOT`; `HIGHER_VERSION` above Apache's table. Releases before
 * 4.1.0 are not told apart: `BEFORE_V4_1_0`.
 */
export function versionName(ordinal: number): string {
  if (ordinal < V4_1_0 - 1) return 'BEFORE_V4_1_0';
  if (ordinal > V5_9_9) return 'HIGHER_VERSION';
  const digits = String(410 + Math.ceil((ordinal - V4_1_0) / 2));
  return `V${digits[0]}_${digits[1]}_${digits[2]}${ordinal % 2 === 0 ? '_SNAPSHOT' : ''}`;
}
