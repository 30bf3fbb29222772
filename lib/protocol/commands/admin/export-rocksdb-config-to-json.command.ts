import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Writes RocksDB configuration as JSON files.
 * Apache: ExportRocksDBConfigToJsonRequestHeader.java.
 */
export const exportRocksdbConfigToJson = defineCommand({
  name: 'EXPORT_ROCKSDB_CONFIG_TO_JSON',
  code: RequestCode.EXPORT_ROCKSDB_CONFIG_TO_JSON,
  request: {
    typeName: optional.string(),
    configType: required.string(),
  },
  response: {},
});
