import { Injectable } from '@nestjs/common';

import { updateNamesrvConfig } from '../../../lib/protocol/commands/name-server/update-namesrv-config.command.js';
import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { MalformedPropertiesError } from '../../config/properties.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import { NameServerSettings } from '../name-server-settings.js';

/** Changes settings of the running NameServer. */
@Injectable()
export class UpdateNamesrvConfigProcessor implements RequestProcessor<typeof updateNamesrvConfig> {
  readonly command = updateNamesrvConfig;

  constructor(private readonly settings: NameServerSettings) {}

  handle({ body }: TypedRequest<typeof updateNamesrvConfig>): Reply<typeof updateNamesrvConfig> {
    try {
      const properties = this.settings.parse(body.toString('utf8'));
      if (this.settings.protectedKeyIn(properties) !== undefined) {
        throw new RequestRefusedError(ResponseCode.NO_PERMISSION, 'Can not update config in black list.');
      }
      this.settings.update(properties);
    } catch (error) {
      const isWrongInput = error instanceof MalformedPropertiesError || (error instanceof RocketMqError && error.code === 'CONFIG_INVALID');
      throw isWrongInput ? new RequestRefusedError(ResponseCode.SYSTEM_ERROR, error.message) : error;
    }
    return success();
  }
}
