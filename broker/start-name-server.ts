import type { NameServerOptions } from './config/name-server-options.js';
import { launch } from './launch.js';
import { NameServerModule, type NameServerParts } from './name-server.module.js';
import { NameServer } from './name-server/name-server.js';
import { embeddedRuntime } from './runtime.js';

/** A running NameServer. */
export interface NameServerHandle {
  /** `host:port` for `namesrvAddr`; the real port. */
  readonly nameServerAddress: string;
  /** Stops it; resolves when its port is free. May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a NameServer in this process.
 * @param options whatever differs from Apache's defaults; port 0 lets the system choose
 * @throws RocketMqError `CONFIG_INVALID`, `ADDRESS_IN_USE`
 */
export async function startNameServer(options: Partial<NameServerOptions> = {}, parts: NameServerParts = {}): Promise<NameServerHandle> {
  const app = await launch(NameServerModule.forRoot(options, { ...parts, runtime: parts.runtime ?? embeddedRuntime() }));
  const nameServer = app.get(NameServer);
  return { nameServerAddress: nameServer.address, stop: () => app.close() };
}
