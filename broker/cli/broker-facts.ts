import type { BrokerHandle } from '../start-broker.js';

/** What the readiness line tells of a broker. */
export function brokerFacts(broker: BrokerHandle): Record<string, string | number> {
  return {
    brokerName: broker.brokerName,
    brokerAddress: broker.brokerAddress,
    ...(broker.fastPort !== undefined && { fastPort: broker.fastPort }),
    store: broker.storePath,
  };
}
