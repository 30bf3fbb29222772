import { Injectable } from '@nestjs/common';

import { encodeTopicList } from '../../../lib/protocol/body/topic-list.js';
import { getHasUnitSubTopicList } from '../../../lib/protocol/commands/name-server/get-has-unit-sub-topic-list.command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor } from '../../remoting/request-processor.js';
import { NameServerSettings } from '../name-server-settings.js';
import { RouteTables } from '../route-tables.js';
import { isSubscribedByUnit } from '../topic-unit-flags.js';

/** Lists the topics that units subscribe to. */
@Injectable()
export class GetHasUnitSubTopicListProcessor implements RequestProcessor<typeof getHasUnitSubTopicList> {
  readonly command = getHasUnitSubTopicList;

  constructor(
    private readonly routes: RouteTables,
    private readonly settings: NameServerSettings,
  ) {}

  handle(): Reply<typeof getHasUnitSubTopicList> {
    if (!this.settings.current.enableTopicList) throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, 'disable');
    return success(undefined, encodeTopicList({ topicList: this.routes.topicNamesByFlag(isSubscribedByUnit) }));
  }
}
