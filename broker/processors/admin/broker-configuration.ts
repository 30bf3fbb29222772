import type { DataVersion } from '../../../lib/protocol/body/data-version.js';

/** The broker's options as tools see and change them while it runs. */
export interface BrokerConfiguration {
  /** All options as properties text, `key=value` lines. */
  text(): string;
  /** Changes with every change. */
  readonly dataVersion: DataVersion;
  /**
   * Changes options; those that need a restart are kept for it.
   * @throws RocketMqError `CONFIG_INVALID` naming key, value and what is allowed; then nothing has changed
   */
  update(properties: ReadonlyMap<string, string>): void | Promise<void>;
}
