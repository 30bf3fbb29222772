import { Injectable } from '@nestjs/common';

import { deleteKvConfig } from '../../../lib/protocol/commands/name-server/delete-kv-config.command.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import { KvConfigTable } from '../kv-config-table.js';

/** Removes a key-value setting; answered when that is safe on disk. */
@Injectable()
export class DeleteKvConfigProcessor implements RequestProcessor<typeof deleteKvConfig> {
  readonly command = deleteKvConfig;

  constructor(private readonly kvConfigs: KvConfigTable) {}

  async handle({ header }: TypedRequest<typeof deleteKvConfig>): Promise<Reply<typeof deleteKvConfig>> {
    await this.kvConfigs.delete(header.namespace, header.key);
    return success();
  }
}
