import { Injectable } from '@nestjs/common';

import { decodeDataVersion, encodeDataVersion } from '../../../lib/protocol/body/data-version.js';
import { queryDataVersion } from '../../../lib/protocol/commands/name-server/query-data-version.command.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import { sameVersion } from '../../topics/data-version.js';
import { RouteTables } from '../route-tables.js';

/** Tells a broker whether its topics changed since it registered; a sign of life as well. */
@Injectable()
export class QueryDataVersionProcessor implements RequestProcessor<typeof queryDataVersion> {
  readonly command = queryDataVersion;

  constructor(private readonly routes: RouteTables) {}

  handle({ header, body }: TypedRequest<typeof queryDataVersion>): Reply<typeof queryDataVersion> {
    const asked = decodeDataVersion(body);
    const known = this.routes.dataVersionOf(header);
    this.routes.refresh(header);
    const changed = known === undefined || !sameVersion(known, asked);
    return success<typeof queryDataVersion>({ changed }, known && encodeDataVersion(known));
  }
}
