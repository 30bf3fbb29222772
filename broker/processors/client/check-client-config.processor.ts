import { decodeCheckClientConfigBody } from '../../../lib/protocol/body/subscription-data.js';
import { checkClientConfig } from '../../../lib/protocol/commands/client/check-client-config.command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import { isTagExpression } from '../message/tag-filter.js';

/** Tells a consumer before it starts whether the broker understands its filter. Apache: ClientManageProcessor.java. */
export class CheckClientConfigProcessor implements RequestProcessor<typeof checkClientConfig> {
  readonly command = checkClientConfig;

  handle(request: TypedRequest<typeof checkClientConfig>): Reply<typeof checkClientConfig> {
    if (request.body.length === 0) return success();
    const { subscriptionData } = decodeCheckClientConfigBody(request.body);
    if (subscriptionData === undefined || isTagExpression(subscriptionData.expressionType)) return success();
    const remark = `The broker does not support consumer to filter message by ${subscriptionData.expressionType}`;
    throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, remark);
  }
}
