import { crc32 } from 'node:zlib';

/** CRC-32 of a stored body with its top bit cleared, as records and registrations carry it. Apache: UtilAll.java. */
export function bodyCrc(body: Uint8Array): number {
  return crc32(body) & 0x7fff_ffff;
}
