import type { DataVersion } from '../lib/protocol/body/data-version.js';
import type { Clock } from '../lib/runtime/clock.js';
import type { Logger } from '../lib/runtime/logger.js';
import type { BROKER_SCHEMA, BrokerOptions } from './config/broker-options.js';
import type { LiveOptions } from './config/live-options.js';
import { changeProperties } from './config/properties.js';
import type { TextFile } from './config/text-file.js';
import type { BrokerConfiguration } from './processors/admin/broker-configuration.js';
import { TableVersion } from './topics/data-version.js';

/** The settings of a running broker; changes are written to its configuration file, if it has one. */
export class BrokerSettings implements BrokerConfiguration {
  readonly #version: TableVersion;

  constructor(
    private readonly live: LiveOptions<typeof BROKER_SCHEMA>,
    /** The file the broker was started with; `undefined`: changes last until the broker stops. */
    private readonly file: TextFile | undefined,
    clock: Clock,
    private readonly logger: Logger,
  ) {
    this.#version = new TableVersion(clock);
  }

  /** The settings as they are now; always the same object. */
  get current(): BrokerOptions {
    return this.live.current;
  }

  get dataVersion(): DataVersion {
    return this.#version.current;
  }

  text(): string {
    return this.live.format();
  }

  /** @throws RocketMqError `CONFIG_INVALID`, or the disk's error */
  update(properties: ReadonlyMap<string, string>): void {
    const { changed, unknown } = this.live.update(properties);
    if (unknown.length > 0) this.logger.warn('unknown settings were sent by an administrator; they have no effect', { unknown });
    if (changed.length === 0) return;
    const values = new Map(changed.map((key) => [key, properties.get(key) ?? '']));
    this.logger.info('settings were changed by an administrator', Object.fromEntries(values));
    this.#version.advance();
    this.file?.replace(changeProperties(this.file.read(), values));
  }
}
