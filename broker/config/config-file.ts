import { RocketMqError } from '../../lib/errors/rocketmq-error.js';
import type { FileSystem } from '../../lib/runtime/file-system.js';
import type { TurnScheduler } from '../../lib/runtime/turn-scheduler.js';

interface Deferred {
  readonly promise: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * One of the `config/*.json` files. The previous content stays beside it as `<name>.bak`; the new content is written to
 * `<name>.tmp` and synced before it takes the name, so that a crash at any point leaves a whole file.
 * Apache: ConfigManager.java (which knows `.bak` only).
 */
export class ConfigFile {
  readonly #backupPath: string;
  readonly #temporaryPath: string;
  #encode: (() => string) | undefined;
  #waiting: Deferred | undefined;
  #writing: Promise<void> | undefined;

  constructor(
    private readonly fileSystem: FileSystem,
    /** Absolute path of the file. */
    readonly path: string,
    private readonly turns: TurnScheduler,
  ) {
    this.#backupPath = `${path}.bak`;
    this.#temporaryPath = `${path}.tmp`;
  }

  /**
   * Reads the file, or the newest whole copy of it; `undefined` when there has never been one.
   * `decode` gets the bytes and throws when they make no sense.
   * @throws RocketMqError `CONFIG_INVALID` when there is a file but neither it nor its copies can be read
   */
  load<T>(decode: (content: Buffer) => T): T | undefined {
    const own = this.#read(this.path, decode);
    if (own !== undefined && own.error === undefined) return own.value;
    // A crash between the two renames leaves the new content under its temporary name.
    const candidates = own === undefined ? [this.#temporaryPath, this.#backupPath] : [this.#backupPath];
    let firstError = own?.error;
    for (const candidate of candidates) {
      const copy = this.#read(candidate, decode);
      if (copy === undefined) continue;
      if (copy.error === undefined) return copy.value;
      firstError ??= candidate === this.#backupPath ? copy.error : undefined;
    }
    if (firstError === undefined) return undefined;
    throw new RocketMqError(
      'CONFIG_INVALID',
      `${this.path} cannot be read (${firstError.message}) and there is no usable copy at ${this.#backupPath}; restore one of them, or delete both to start empty`,
      { cause: firstError, details: { path: this.path } },
    );
  }

  /**
   * Writes what `encode` returns, without blocking the event loop. Calls that come while a write is under way share the next one;
   * `encode` is called when its write begins. Resolves when a content at least as new as at the call is safe on disk.
   */
  save(encode: () => string): Promise<void> {
    this.#encode = encode;
    if (this.#waiting === undefined) {
      this.#waiting = deferred();
      if (this.#writing === undefined) this.turns.atTurnEnd(() => this.#drain());
    }
    return this.#waiting.promise;
  }

  /** Resolves when nothing is being written; never rejects. */
  async settled(): Promise<void> {
    while (this.#writing !== undefined || this.#waiting !== undefined) {
      await (this.#waiting?.promise ?? this.#writing)?.catch(() => undefined);
    }
  }

  #drain(): void {
    if (this.#writing !== undefined || this.#waiting === undefined) return;
    const request = this.#waiting;
    const encode = this.#encode;
    this.#waiting = undefined;
    if (encode === undefined) return request.resolve();
    this.#writing = this.#write(encode).then(request.resolve, request.reject);
    void this.#writing.finally(() => {
      this.#writing = undefined;
      this.#drain();
    });
  }

  async #write(encode: () => string): Promise<void> {
    const content = Buffer.from(encode(), 'utf8');
    this.#prepareFolder();
    const file = this.fileSystem.open(this.#temporaryPath, 'create');
    try {
      file.truncate(0);
      await file.writeAsync([content], 0);
      await file.sync();
    } finally {
      file.close();
    }
    this.#takePlace();
  }

  #takePlace(): void {
    if (this.fileSystem.stat(this.path) !== undefined) this.fileSystem.rename(this.path, this.#backupPath);
    this.fileSystem.rename(this.#temporaryPath, this.path);
    this.fileSystem.syncDirectory(this.#folder());
  }

  #prepareFolder(): void {
    this.fileSystem.makeDirectory(this.#folder());
  }

  #folder(): string {
    return this.path.slice(0, this.path.lastIndexOf('/')) || '/';
  }

  #read<T>(path: string, decode: (content: Buffer) => T): { value: T; error?: undefined } | { value?: undefined; error: Error } | undefined {
    const raw = this.fileSystem.readFile(path);
    // An empty file is what a crash in the middle of Apache's own write leaves; it counts as missing.
    if (raw === undefined || raw.length === 0) return undefined;
    try {
      return { value: decode(raw) };
    } catch (error) {
      return { error: error instanceof Error ? error : new Error(String(error)) };
    }
  }
}

function deferred(): Deferred {
  let resolve = (): void => undefined;
  let reject = (_error: unknown): void => undefined;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
