/** What a sample reads from its environment. */
export interface SampleSettings {
  /** NameServers, `host:port` joined by `;`: ours or Apache's. From `NAME_SERVERS`, default `127.0.0.1:9876`. */
  readonly nameServers: string;
  /** `postgres://…` or the path of an SQLite file. From `DATABASE_URL`. */
  readonly databaseUrl: string;
  /** Port of the HTTP API; 0 lets the system choose. From `PORT`. */
  readonly port: number;
}

/** Reads the settings of a sample; throws naming the variable when one cannot be used. */
export function readSettings(defaults: { databaseUrl: string; port: number }, env: NodeJS.ProcessEnv = process.env): SampleSettings {
  const port = Number(env.PORT ?? defaults.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`PORT is "${env.PORT}"; expected a port number from 0 to 65535`);
  return {
    nameServers: env.NAME_SERVERS ?? '127.0.0.1:9876',
    databaseUrl: env.DATABASE_URL ?? defaults.databaseUrl,
    port,
  };
}
