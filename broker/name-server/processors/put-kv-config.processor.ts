import { Injectable } from '@nestjs/common';

import { putKvConfig } from '../../../lib/protocol/commands/name-server/put-kv-config.command.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import { KvConfigTable } from '../kv-config-table.js';

/** Sets a key-value setting; answered when it is safe on disk. */
@Injectable()
export class PutKvConfigProcessor implements RequestProcessor<typeof putKvConfig> {
  readonly command = putKvConfig;

  constructor(private readonly kvConfigs: KvConfigTable) {}

  async handle({ header }: TypedRequest<typeof putKvConfig>): Promise<Reply<typeof putKvConfig>> {
    await this.kvConfigs.put(header.namespace, header.key, header.value);
    return success();
  }
}
