import { dirname } from 'node:path';

import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import type { FileSystem } from '../../../lib/runtime/file-system.js';
import { systemProcessTable, type ProcessTable } from '../../../lib/runtime/process-lock.js';

/**
 * `abort`: holds the id of the process that uses the store, and is removed at a clean stop; present at start, it tells
 * that the last stop was none. Ours says behind the id that it is ours: against our own processes the lock protects,
 * which is not fooled by ids that were given out again. Apache: DefaultMessageStore.java, createTempFile
 */
export class AbortFile {
  constructor(
    private readonly fileSystem: FileSystem,
    private readonly path: string,
    private readonly processes: ProcessTable = systemProcessTable(),
  ) {}

  /** Whether the last user of the store did not stop cleanly. */
  exists(): boolean {
    return this.fileSystem.stat(this.path) !== undefined;
  }

  /**
   * An Apache broker guards its directory by a kernel lock, which Node cannot see; the process id in its abort file is
   * what tells that it still runs. @throws RocketMqError `STORE_LOCKED`
   */
  requireNoLivingOwner(): void {
    const text = this.fileSystem.readFile(this.path)?.toString('utf8').trim() ?? '';
    if (!/^\d+$/.test(text)) return;
    const pid = Number(text);
    if (pid === this.processes.pid || !this.processes.isAlive(pid)) return;
    throw new RocketMqError('STORE_LOCKED', `${this.path} names process ${pid}, which is running; stop that broker, or remove the file if the process is something else`, {
      details: { path: this.path, pid },
    });
  }

  create(): void {
    this.fileSystem.writeFile(this.path, `${this.processes.pid} nestjs-rocketmq`);
    this.fileSystem.syncDirectory(dirname(this.path));
  }

  remove(): void {
    this.fileSystem.remove(this.path);
    this.fileSystem.syncDirectory(dirname(this.path));
  }
}
