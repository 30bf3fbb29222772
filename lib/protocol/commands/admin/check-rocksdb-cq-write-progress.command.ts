import { defineCommand, required, withDefault } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Compares file and RocksDB consume queues.
 * Apache: CheckRocksdbCqWriteProgressRequestHeader.java.
 */
export const checkRocksdbCqWriteProgress = defineCommand({
  name: 'CHECK_ROCKSDB_CQ_WRITE_PROGRESS',
  code: RequestCode.CHECK_ROCKSDB_CQ_WRITE_PROGRESS,
  request: {
    topic: required.string(),
    checkStoreTime: withDefault('long', 0),
  },
  response: {},
});
