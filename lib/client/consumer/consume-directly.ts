import type { ConsumeMessageDirectlyResult } from '../../protocol/body/consume-message-directly-result.js';
import type { MessageExt } from '../../protocol/message/message.js';
import type { Clock } from '../../runtime/clock.js';
import type { MessageDispatcher } from './message-dispatcher.js';

/** Hands one message to the listener because an administrator asked for it; what it does is reported, nothing is committed or sent back. */
export async function consumeDirectly(dispatcher: MessageDispatcher, message: MessageExt, clock: Clock): Promise<ConsumeMessageDirectlyResult> {
  const { topic, brokerName, queueId } = message;
  const context = { messageQueue: { topic, brokerName, queueId }, signal: new AbortController().signal };
  const started = clock.monotonic();
  const facts = { order: dispatcher.orderly, autoCommit: true };
  try {
    const consumeResult = await dispatcher.consumeDirectly(message, context);
    return { ...facts, consumeResult, spentTimeMills: Math.round(clock.monotonic() - started) };
  } catch (error) {
    return { ...facts, consumeResult: 'CR_THROW_EXCEPTION', remark: String(error), spentTimeMills: Math.round(clock.monotonic() - started) };
  }
}
