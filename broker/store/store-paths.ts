import { join } from 'node:path';

/** Where things are below the root. Apache: StorePathConfigHelper.java */
export interface StorePaths {
  readonly root: string;
  readonly commitLog: string;
  readonly consumeQueue: string;
  readonly index: string;
  readonly checkpoint: string;
  readonly abort: string;
  readonly lock: string;
}

export function storePaths(root: string, commitLog: string): StorePaths {
  return {
    root,
    commitLog,
    consumeQueue: join(root, 'consumequeue'),
    index: join(root, 'index'),
    checkpoint: join(root, 'checkpoint'),
    abort: join(root, 'abort'),
    lock: join(root, 'lock'),
  };
}
