import type { Logger } from '../../lib/runtime/logger.js';
import type { LiveOptions } from '../config/live-options.js';
import type { NAME_SERVER_SCHEMA, NameServerOptions } from '../config/name-server-options.js';
import { changeProperties, parseProperties } from '../config/properties.js';
import type { TextFile } from '../config/text-file.js';

/** Settings an administrator may never change: they would point the process at other files. */
const PROTECTED_KEYS = ['configBlackList', 'configStorePath', 'kvConfigPath', 'rocketmqHome'];

/** The settings of a running NameServer, changeable by administrators; changes are written to `configStorePath`. */
export class NameServerSettings {
  constructor(
    private readonly live: LiveOptions<typeof NAME_SERVER_SCHEMA>,
    private readonly file: TextFile,
    private readonly logger: Logger,
  ) {}

  /** The settings as they are now. */
  get current(): NameServerOptions {
    return this.live.current;
  }

  /** All settings as `.properties` text. */
  format(): string {
    return this.live.format();
  }

  /** The first of the keys in `text` that must not be changed; `undefined` when there is none. */
  protectedKeyIn(properties: ReadonlyMap<string, string>): string | undefined {
    const listed = this.current.configBlackList.split(';').map((key) => key.trim());
    return [...PROTECTED_KEYS, ...listed].find((key) => properties.has(key));
  }

  /** Settings in the text of a request. @throws MalformedPropertiesError */
  parse(text: string): Map<string, string> {
    return parseProperties(text);
  }

  /** Changes settings and writes all of them down. @throws RocketMqError `CONFIG_INVALID`, or the disk's error */
  update(properties: ReadonlyMap<string, string>): void {
    const { changed, unknown } = this.live.update(properties);
    if (unknown.length > 0) this.logger.warn('unknown settings were sent by an administrator; they have no effect', { unknown });
    if (changed.length === 0) return;
    this.logger.info('settings were changed by an administrator', Object.fromEntries(changed.map((key) => [key, properties.get(key)])));
    this.file.replace(changeProperties(this.file.read(), new Map([...properties].filter(([key]) => !unknown.includes(key)))));
  }
}
