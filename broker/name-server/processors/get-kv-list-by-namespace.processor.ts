import { Injectable } from '@nestjs/common';

import { encodeKvTable } from '../../../lib/protocol/body/kv-table.js';
import { getKvListByNamespace } from '../../../lib/protocol/commands/name-server/get-kv-list-by-namespace.command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import { KvConfigTable } from '../kv-config-table.js';

/** Reads all key-value settings of a namespace. */
@Injectable()
export class GetKvListByNamespaceProcessor implements RequestProcessor<typeof getKvListByNamespace> {
  readonly command = getKvListByNamespace;

  constructor(private readonly kvConfigs: KvConfigTable) {}

  handle({ header }: TypedRequest<typeof getKvListByNamespace>): Reply<typeof getKvListByNamespace> {
    const table = this.kvConfigs.namespace(header.namespace);
    if (table === undefined) throw new RequestRefusedError(ResponseCode.QUERY_NOT_FOUND, `No config item, Namespace: ${header.namespace}`);
    return success(undefined, encodeKvTable({ table }));
  }
}
