import { RocketMqError } from '../errors/rocketmq-error.js';

/*
 * A frame: i32 length of the rest | i32 serialize type (1 byte) and header length (3 bytes) | header | body.
 * Apache: NettyDecoder.java.
 */

/** Bytes of the length field. */
const LENGTH_BYTES = 4;
/** Shortest rest of a frame: the header-length word. */
const MIN_REST = 4;
/** Largest frame Apache accepts, its length field included. */
export const DEFAULT_MAX_FRAME_BYTES = 16 * 1024 * 1024;
/** Room given to an incomplete frame before more of it has arrived: a claimed length alone reserves no more than this. */
const FIRST_ROOM = 64 * 1024;

/**
 * Cuts a byte stream into whole frames. Frames that lie within one chunk are slices of it; others are gathered in a
 * buffer that grows with what arrived, never with what the length field claims.
 */
export class FrameDecoder {
  readonly #maxFrameBytes: number;
  /** Start of an incomplete frame; its first `#gatheredBytes` bytes count. */
  #gathered: Buffer = Buffer.alloc(0);
  #gatheredBytes = 0;
  /** Size of the incomplete frame; 0 while its length field is incomplete. */
  #frameBytes = 0;
  #failure: RocketMqError | undefined;

  /** @param maxFrameBytes largest frame accepted, its length field included; default 16 MiB */
  constructor(maxFrameBytes: number = DEFAULT_MAX_FRAME_BYTES) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** Bytes held of a frame that is not complete yet. */
  get pendingBytes(): number {
    return this.#gatheredBytes;
  }

  /**
   * Takes the next bytes of the stream and calls `onFrame` with every frame they complete, length field included. `onFrame` must not throw.
   * @throws RocketMqError `PROTOCOL_FRAME_TOO_LARGE`, `PROTOCOL_MALFORMED_FRAME`; the stream is lost then, every later call throws the same
   */
  feed(chunk: Buffer, onFrame: (frame: Buffer) => void): void {
    if (this.#failure !== undefined) throw this.#failure;
    let position = 0;
    if (this.#gatheredBytes > 0) {
      position = this.#gather(chunk);
      if (this.#frameBytes === 0 || this.#gatheredBytes < this.#frameBytes) return;
      const frame = this.#gathered.subarray(0, this.#frameBytes);
      this.#forget();
      onFrame(frame);
    }
    for (;;) {
      const available = chunk.length - position;
      if (available < LENGTH_BYTES) break;
      const frameBytes = this.#frameBytesAt(chunk, position);
      if (available < frameBytes) {
        this.#frameBytes = frameBytes;
        break;
      }
      onFrame(chunk.subarray(position, position + frameBytes));
      position += frameBytes;
    }
    if (position < chunk.length) this.#append(chunk, position, chunk.length);
  }

  /** Adds what the incomplete frame still lacks; returns how much of `chunk` that took. */
  #gather(chunk: Buffer): number {
    let position = 0;
    if (this.#frameBytes === 0) {
      position = Math.min(LENGTH_BYTES - this.#gatheredBytes, chunk.length);
      this.#append(chunk, 0, position);
      if (this.#gatheredBytes < LENGTH_BYTES) return position;
      this.#frameBytes = this.#frameBytesAt(this.#gathered, 0);
    }
    const end = Math.min(chunk.length, position + this.#frameBytes - this.#gatheredBytes);
    this.#append(chunk, position, end);
    return end;
  }

  #append(chunk: Buffer, start: number, end: number): void {
    const needed = this.#gatheredBytes + end - start;
    if (needed > this.#gathered.length) {
      const room = Math.max(needed, Math.min(this.#frameBytes, Math.max(FIRST_ROOM, this.#gathered.length * 2)));
      const larger = Buffer.allocUnsafe(room);
      this.#gathered.copy(larger, 0, 0, this.#gatheredBytes);
      this.#gathered = larger;
    }
    chunk.copy(this.#gathered, this.#gatheredBytes, start, end);
    this.#gatheredBytes = needed;
  }

  #forget(): void {
    this.#gathered = Buffer.alloc(0);
    this.#gatheredBytes = 0;
    this.#frameBytes = 0;
  }

  #frameBytesAt(buffer: Buffer, position: number): number {
    const rest = buffer.readUInt32BE(position);
    if (rest + LENGTH_BYTES > this.#maxFrameBytes) {
      throw this.#fail(
        'PROTOCOL_FRAME_TOO_LARGE',
        `a frame claims ${rest + LENGTH_BYTES} bytes; at most ${this.#maxFrameBytes} are accepted (is the peer speaking another protocol?)`,
      );
    }
    if (rest < MIN_REST) throw this.#fail('PROTOCOL_MALFORMED_FRAME', `a frame claims ${rest} bytes after its length; at least ${MIN_REST} are needed`);
    return rest + LENGTH_BYTES;
  }

  #fail(code: 'PROTOCOL_FRAME_TOO_LARGE' | 'PROTOCOL_MALFORMED_FRAME', message: string): RocketMqError {
    this.#forget();
    this.#failure = new RocketMqError(code, message);
    return this.#failure;
  }
}
