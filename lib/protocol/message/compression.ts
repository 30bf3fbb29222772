import { deflateSync, inflateSync } from 'node:zlib';
import { RocketMqError } from '../../errors/rocketmq-error.js';
import { COMPRESSED_FLAG, COMPRESSION_LZ4_TYPE, COMPRESSION_TYPE_MASK, COMPRESSION_ZLIB_TYPE, COMPRESSION_ZSTD_TYPE, isCompressed } from './message-sys-flag.js';
import { decodeLz4Frame, encodeLz4Frame } from './lz4-frame.js';
import { decodeZstdFrame } from './zstd-frame.js';

/** Ways to compress a body; the names are Apache's `rocketmq.message.compressType` in lower case. */
export type CompressionType = 'zlib' | 'lz4' | 'zstd';

/** Level used when none is given, as Apache's producer does. */
export const DEFAULT_COMPRESSION_LEVEL = 5;
/** Largest body that decompression may yield, in bytes: guards against small bodies that claim to be huge. */
export const MAX_DECOMPRESSED_BYTES = 64 * 1024 * 1024;

/** `sysFlag` with the bits that say: compressed, this way. */
export function withCompression(sysFlag: number, type: CompressionType): number {
  const bits = { zlib: COMPRESSION_ZLIB_TYPE, lz4: COMPRESSION_LZ4_TYPE, zstd: COMPRESSION_ZSTD_TYPE }[type];
  return (sysFlag & ~COMPRESSION_TYPE_MASK) | COMPRESSED_FLAG | bits;
}

/**
 * How a compressed body was compressed. Clients before 5.0 set no type and mean zlib.
 * @throws RocketMqError `COMPRESSION_UNSUPPORTED` for a type nobody has defined
 */
export function compressionTypeOf(sysFlag: number): CompressionType {
  switch (sysFlag & COMPRESSION_TYPE_MASK) {
    case 0:
    case COMPRESSION_ZLIB_TYPE:
      return 'zlib';
    case COMPRESSION_LZ4_TYPE:
      return 'lz4';
    case COMPRESSION_ZSTD_TYPE:
      return 'zstd';
    default:
      throw new RocketMqError('COMPRESSION_UNSUPPORTED', `the message's compression type is ${(sysFlag & COMPRESSION_TYPE_MASK) >> 8}; known are 0 and 3 (zlib), 1 (lz4), 2 (zstd)`);
  }
}

/**
 * Compresses a body; set the bits of {@link withCompression} with it.
 * @param level for zlib, 0 to 9; default 5
 * @throws RocketMqError `COMPRESSION_UNSUPPORTED` for zstd, which can be read but not written
 */
export function compressBody(body: Uint8Array, type: CompressionType, level: number = DEFAULT_COMPRESSION_LEVEL): Buffer {
  switch (type) {
    case 'zlib':
      return deflateSync(body, { level });
    case 'lz4':
      return encodeLz4Frame(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
    case 'zstd':
      throw new RocketMqError('COMPRESSION_UNSUPPORTED', 'bodies can be read but not written with zstd; use zlib or lz4');
  }
}

/**
 * The body as its producer made it; `body` itself when `sysFlag` says that it is not compressed.
 * @param maxBytes largest result accepted; default 64 MiB
 * @throws RocketMqError `COMPRESSION_UNSUPPORTED`, `MESSAGE_MALFORMED` (not what the bits say), `MESSAGE_TOO_LARGE`
 */
export function decompressBody(body: Buffer, sysFlag: number, maxBytes: number = MAX_DECOMPRESSED_BYTES): Buffer {
  if (!isCompressed(sysFlag)) return body;
  switch (compressionTypeOf(sysFlag)) {
    case 'zlib':
      return inflate(body, maxBytes);
    case 'lz4':
      return decodeLz4Frame(body, maxBytes);
    case 'zstd':
      return decodeZstdFrame(body, maxBytes);
  }
}

function inflate(body: Buffer, maxBytes: number): Buffer {
  try {
    return inflateSync(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError) throw new RocketMqError('MESSAGE_TOO_LARGE', `a compressed body unpacks to more than ${maxBytes} bytes`, { cause: error });
    throw new RocketMqError('MESSAGE_MALFORMED', `a body of ${body.length} bytes marked as zlib-compressed cannot be decompressed`, { cause: error });
  }
}
