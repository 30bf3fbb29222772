import { Injectable } from '@nestjs/common';

import { getKvConfig } from '../../../lib/protocol/commands/name-server/get-kv-config.command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import { KvConfigTable } from '../kv-config-table.js';

/** Reads a key-value setting. */
@Injectable()
export class GetKvConfigProcessor implements RequestProcessor<typeof getKvConfig> {
  readonly command = getKvConfig;

  constructor(private readonly kvConfigs: KvConfigTable) {}

  handle({ header }: TypedRequest<typeof getKvConfig>): Reply<typeof getKvConfig> {
    const value = this.kvConfigs.get(header.namespace, header.key);
    if (value === undefined) {
      throw new RequestRefusedError(ResponseCode.QUERY_NOT_FOUND, `No config item, Namespace: ${header.namespace} Key: ${header.key}`);
    }
    return success<typeof getKvConfig>({ value });
  }
}
