import type { RequestHeaderOf } from '../../protocol/define-command.js';
import type { pushReplyMessageToClient } from '../../protocol/commands/client/push-reply-message-to-client.command.js';
import { decompressBody } from '../../protocol/message/compression.js';
import type { HostAddress, MessageExt } from '../../protocol/message/message.js';
import { PROPERTY, decodeProperties } from '../../protocol/message/properties.js';
import { parseAddress } from '../../runtime/network.js';

const UNKNOWN_HOST: HostAddress = { ip: '0.0.0.0', port: 0 };

/** The reply message that a broker passes on with its header fields instead of a stored record. Apache: ClientRemotingProcessor.java. */
export function replyMessageOf(header: RequestHeaderOf<typeof pushReplyMessageToClient>, body: Buffer, now: number): MessageExt {
  const properties = decodeProperties(header.properties ?? '');
  properties[PROPERTY.ARRIVE_TIME] = String(now);
  const msgId = properties[PROPERTY.UNIQ_KEY] ?? '';
  return {
    topic: header.topic,
    body: decompressBody(body, header.sysFlag),
    flag: header.flag,
    properties,
    brokerName: '',
    queueId: header.queueId,
    queueOffset: 0,
    commitLogOffset: 0,
    storeSize: 0,
    bodyCrc: 0,
    sysFlag: header.sysFlag,
    bornTimestamp: header.bornTimestamp,
    bornHost: hostOf(header.bornHost),
    storeTimestamp: header.storeTimestamp,
    storeHost: hostOf(header.storeHost),
    reconsumeTimes: header.reconsumeTimes ?? 0,
    preparedTransactionOffset: 0,
    msgId,
    offsetMsgId: '',
  };
}

/** Java writes `/ip:port` for an address without a name. */
function hostOf(text: string): HostAddress {
  const parsed = parseAddress(text.slice(text.indexOf('/') + 1));
  return parsed === undefined ? UNKNOWN_HOST : { ip: parsed.host, port: parsed.port };
}
