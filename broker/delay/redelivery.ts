import { PROPERTY } from '../../lib/protocol/message/properties.js';
import { decodeRecord, propertiesAt } from '../../lib/protocol/message/stored-message-codec.js';
import type { MessageToStore } from '../store/message-store.js';

/**
 * The message that a record of the schedule topic was stored for; `undefined` when it does not say for which topic. Its properties stay
 * as they are, `DELAY` and `REAL_…` included: consumers of Apache's broker see them too.
 */
export function redelivery(record: Buffer): MessageToStore | undefined {
  const message = decodeRecord(record, 0, { decompress: false });
  const topic = message.properties[PROPERTY.REAL_TOPIC];
  const queueId = Number(message.properties[PROPERTY.REAL_QUEUE_ID]);
  if (topic === undefined || !Number.isInteger(queueId) || queueId < 0) return undefined;
  return {
    topic,
    queueId,
    flag: message.flag,
    sysFlag: message.sysFlag,
    bornTimestamp: message.bornTimestamp,
    bornHost: message.bornHost,
    storeHost: message.storeHost,
    reconsumeTimes: message.reconsumeTimes,
    preparedTransactionOffset: 0,
    body: message.body,
    properties: propertiesAt(record, 0),
  };
}
