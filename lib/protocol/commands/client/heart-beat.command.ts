import { defineCommand, optional } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Tells a broker of the producer and consumer groups of a client; request body: heartbeat data.
 * Apache: HeartbeatRequestHeader.java.
 */
export const heartBeat = defineCommand({
  name: 'HEART_BEAT',
  code: RequestCode.HEART_BEAT,
  request: {},
  response: {
    /** The broker knows heartbeats without subscriptions. */
    supportHeartbeatV2: optional.boolean('IS_SUPPORT_HEART_BEAT_V2'),
    subChange: optional.boolean('IS_SUB_CHANGE'),
  },
});
