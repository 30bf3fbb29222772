import { notifyMinBrokerIdChange } from '../../lib/protocol/commands/name-server/notify-min-broker-id-change.command.js';
import type { RemotingClient } from '../../lib/remoting/remoting-client.js';
import type { Logger } from '../../lib/runtime/logger.js';
import type { LifecycleStage } from '../lifecycle.js';
import type { MinBrokerIdChange, RouteTables } from './route-tables.js';

/** Tells brokers when the smallest id of their name changes, if that is switched on (acting masters need it). */
export class MinBrokerIdNotifier implements LifecycleStage {
  readonly name = 'notifier of broker id changes';
  #unsubscribe: (() => void) | undefined;

  constructor(
    private readonly routes: RouteTables,
    private readonly client: Pick<RemotingClient, 'sendOnewayCommand' | 'close'>,
    private readonly isEnabled: () => boolean,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.#unsubscribe = this.routes.onMinBrokerIdChanged((change) => {
      if (this.isEnabled()) void this.#notify(change);
    });
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    await this.client.close();
  }

  async #notify(change: MinBrokerIdChange): Promise<void> {
    const header = {
      brokerName: change.brokerName,
      minBrokerId: change.minBrokerId,
      minBrokerAddr: change.minBrokerAddr,
      offlineBrokerAddr: change.offlineBrokerAddr,
      haBrokerAddr: change.haServerAddr,
    };
    await Promise.all(
      change.notify.map(async (address) => {
        try {
          await this.client.sendOnewayCommand(notifyMinBrokerIdChange, address, header);
        } catch (error) {
          this.logger.warn('a broker could not be told of the smallest broker id; it asks by itself later', { address, brokerName: change.brokerName, error });
        }
      }),
    );
  }
}
