import { Injectable } from '@nestjs/common';

import { getNamesrvConfig } from '../../../lib/protocol/commands/name-server/get-namesrv-config.command.js';
import { success, type Reply, type RequestProcessor } from '../../remoting/request-processor.js';
import { NameServerSettings } from '../name-server-settings.js';

/** Shows the settings of the running NameServer as `key=value` lines. */
@Injectable()
export class GetNamesrvConfigProcessor implements RequestProcessor<typeof getNamesrvConfig> {
  readonly command = getNamesrvConfig;

  constructor(private readonly settings: NameServerSettings) {}

  handle(): Reply<typeof getNamesrvConfig> {
    return success(undefined, Buffer.from(this.settings.format()));
  }
}
