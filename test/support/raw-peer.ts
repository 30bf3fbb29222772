import { connect, type Socket } from 'node:net';

/** A JSON-header frame, also of headers that make no sense. */
export function jsonFrame(header: unknown, body: Uint8Array = Buffer.alloc(0), serializeType = 0): Buffer {
  const head = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const frame = Buffer.alloc(8 + head.length);
  frame.writeUInt32BE(4 + head.length + body.length, 0);
  frame.writeUInt32BE(((serializeType << 24) | head.length) >>> 0, 4);
  head.copy(frame, 8);
  return Buffer.concat([frame, body]);
}

/** A response as far as tests of raw bytes look at it. */
export interface RawResponse {
  readonly code: number;
  readonly opaque: number;
  readonly remark?: string;
}

/** A socket without a protocol: writes any bytes, reads frames with JSON headers. */
export class RawPeer {
  readonly responses: RawResponse[] = [];
  /** Resolves when the other side has closed the connection. */
  readonly closed: Promise<void>;
  #received = Buffer.alloc(0);
  #isClosed = false;

  private constructor(private readonly socket: Socket) {
    this.closed = new Promise((resolve) => socket.once('close', () => ((this.#isClosed = true), resolve())));
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => this.#read(chunk));
  }

  static connect(address: string): Promise<RawPeer> {
    const colon = address.lastIndexOf(':');
    const socket = connect(Number(address.slice(colon + 1)), address.slice(0, colon));
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new RawPeer(socket));
      });
    });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  write(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Says that nothing more will come, and keeps reading. */
  end(): void {
    this.socket.end();
  }

  destroy(): void {
    this.socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    while (this.#received.length >= 4) {
      const length = this.#received.readUInt32BE(0) + 4;
      if (this.#received.length < length) return;
      const headLength = this.#received.readUInt32BE(4) & 0xff_ffff;
      this.responses.push(JSON.parse(this.#received.subarray(8, 8 + headLength).toString()) as RawResponse);
      this.#received = this.#received.subarray(length);
    }
  }
}
