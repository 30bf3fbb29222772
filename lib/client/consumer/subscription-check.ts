import { EXPRESSION_TYPE, encodeCheckClientConfigBody } from '../../protocol/body/subscription-data.js';
import type { SubscriptionData } from '../../protocol/body/subscription-data.js';
import { checkClientConfig } from '../../protocol/commands/client/check-client-config.command.js';
import type { RocketClient } from '../rocket-client.js';

/**
 * Has a broker check a filter it will have to evaluate; tags need no check. Nothing is checked while the topic has no
 * broker: pulls will be refused with the same reason.
 * @throws RocketMqError `RESPONSE_ERROR` when the expression is malformed or such filters are disabled
 */
export async function checkSubscription(client: RocketClient, group: string, subscription: SubscriptionData): Promise<void> {
  if (subscription.expressionType === EXPRESSION_TYPE.TAG) return;
  const brokerName = client.routes.known(subscription.topic)?.subscribe[0]?.brokerName;
  const broker = brokerName === undefined ? undefined : client.routes.brokers.forReading(brokerName, 0);
  if (broker === undefined) return;
  const body = encodeCheckClientConfigBody({ clientId: client.clientId, group, subscriptionData: subscription });
  const response = await client.remoting.invokeCommand(checkClientConfig, broker.address, {}, body);
  response.expectSuccess();
}
