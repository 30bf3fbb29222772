/** Pieces up to this size are copied into one buffer; larger ones are handed to the system as they are. */
const COPY_UP_TO_BYTES = 16 * 1024;

/**
 * Frames that wait for the end of the turn. Small pieces are joined, because one system call with one buffer costs a
 * fraction of many; large bodies are not copied.
 */
export class FrameOutbox {
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  /** Bytes waiting. */
  get bytes(): number {
    return this.#bytes;
  }

  push(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
  }

  clear(): void {
    this.#pieces = [];
    this.#bytes = 0;
  }

  /** Takes everything out as chunks for one write. */
  take(): Uint8Array[] {
    const pieces = this.#pieces;
    this.clear();
    if (pieces.length < 2) return pieces;
    const chunks: Uint8Array[] = [];
    let from = 0;
    let smallBytes = 0;
    for (let i = 0; i < pieces.length; i++) {
      if (pieces[i].length <= COPY_UP_TO_BYTES) {
        smallBytes += pieces[i].length;
        continue;
      }
      if (i > from) chunks.push(join(pieces, from, i, smallBytes));
      chunks.push(pieces[i]);
      from = i + 1;
      smallBytes = 0;
    }
    if (pieces.length > from) chunks.push(join(pieces, from, pieces.length, smallBytes));
    return chunks;
  }
}

function join(pieces: readonly Uint8Array[], from: number, to: number, bytes: number): Uint8Array {
  if (to - from === 1) return pieces[from];
  const joined = Buffer.allocUnsafe(bytes);
  let position = 0;
  for (let i = from; i < to; i++) {
    joined.set(pieces[i], position);
    position += pieces[i].length;
  }
  return joined;
}
