import { Injectable } from '@nestjs/common';

import { encodeTopicList } from '../../../lib/protocol/body/topic-list.js';
import { getUnitTopicList } from '../../../lib/protocol/commands/name-server/get-unit-topic-list.command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor } from '../../remoting/request-processor.js';
import { NameServerSettings } from '../name-server-settings.js';
import { RouteTables } from '../route-tables.js';
import { isUnit } from '../topic-unit-flags.js';

/** Lists the topics that belong to a unit. */
@Injectable()
export class GetUnitTopicListProcessor implements RequestProcessor<typeof getUnitTopicList> {
  readonly command = getUnitTopicList;

  constructor(
    private readonly routes: RouteTables,
    private readonly settings: NameServerSettings,
  ) {}

  handle(): Reply<typeof getUnitTopicList> {
    if (!this.settings.current.enableTopicList) throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, 'disable');
    return success(undefined, encodeTopicList({ topicList: this.routes.topicNamesByFlag(isUnit) }));
  }
}
