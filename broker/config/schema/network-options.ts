import { derivedPort, flag, integer, oneOf, port, text } from '../option-schema.js';

/** Names of brokers and clusters end up in topic names, JSON keys and file paths. */
const NAME = { pattern: /^[%|a-zA-Z0-9_.-]{1,127}$/, allowed: 'up to 127 of the characters a-z A-Z 0-9 _ - . % |' };
const HOST = { pattern: /^[^\s;:,/]+$/, allowed: 'a host name or an IPv4 address, without a port' };
const ADDRESSES = {
  pattern: /^\s*([^\s;:,]+:\d{1,5}|\[[0-9a-fA-F:]+\]:\d{1,5})(\s*;\s*([^\s;:,]+:\d{1,5}|\[[0-9a-fA-F:]+\]:\d{1,5}))*\s*;?\s*$/,
  allowed: 'host:port, several separated by ";"',
};

/** Who the broker is and where it listens. Names and defaults are Apache's (BrokerIdentity.java, BrokerConfig.java, NettyServerConfig.java) but for those marked (ours). */
export const networkOptions = {
  brokerClusterName: text('Cluster this broker belongs to', 'DefaultCluster', NAME),
  brokerName: text('Name shared by a master and its slaves; empty: the host name', '', NAME),
  brokerId: integer('0 for a master, above 0 for a slave', 0),
  brokerRole: oneOf('Whether this broker accepts messages, and whether sends wait for a slave', ['ASYNC_MASTER', 'SYNC_MASTER', 'SLAVE'], 'ASYNC_MASTER'),
  brokerIP1: text('Address clients reach this broker by; empty: the first usable IPv4 of the machine (127.0.0.1 in standalone)', '', HOST),
  brokerIP2: text('Address slaves reach this broker by; empty: as brokerIP1', '', HOST),
  bindAddress: text('Local address to listen on; 0.0.0.0 is all of them', '0.0.0.0', HOST),
  listenPort: port('Port of the broker; 0: any free one', 10_911),
  fastPortEnable: flag('Whether to listen on the fast ("VIP") port too, which serves everything but pulls (ours)', true),
  fastListenPort: derivedPort('Fast port; -1: listenPort - 2, and none when listenPort is 0; 0: any free one (ours)'),
  haListenPort: derivedPort('Port for slaves; -1: listenPort + 1'),
  namesrvAddr: text('NameServers to register with; empty: none', '', ADDRESSES),
  registerNameServerPeriod: integer('Time between registrations, ms', 30_000, { min: 10_000, max: 60_000 }),
  registerBrokerTimeoutMills: integer('Time a NameServer has to answer a registration, ms', 24_000, { min: 1 }),
  forceRegister: flag('Whether to send the topics with every registration, changed or not', true),
  compressedRegister: flag('Whether to compress the topics sent to NameServers', false),
  brokerNotActiveTimeoutMillis: integer('Silence after which NameServers drop this broker in acting-master mode, ms', 10_000, { min: 1 }),
  serverChannelMaxIdleTimeSeconds: integer('Idle time after which a connection is closed, s', 120, { min: 1 }),
  frameMaxLength: integer('Largest frame accepted, with its length field, bytes (com.rocketmq.remoting.frameMaxLength)', 16_777_216, { min: 1024, max: 0x7fff_ffff }),
  channelExpiredTimeout: integer('Silence after which a client is forgotten, ms', 120_000, { min: 1 }),
  subscriptionExpiredTimeout: integer('Age after which a subscription no client renews is dropped, ms', 600_000, { min: 1 }),
  shutdownWaitTimeSeconds: integer('Time that requests under way have to finish when the broker stops, s', 30),
  requestsInFlightPerConnection: integer('Unanswered requests of one connection above which it gets SYSTEM_BUSY; held pulls count (ours)', 32_768, { min: 1 }),
  bytesInFlightPerConnection: integer('Body bytes of the unanswered requests of one connection, likewise (ours)', 67_108_864, { min: 1 }),
  requestsInFlight: integer('Unanswered requests of all connections, likewise (ours)', 131_072, { min: 1 }),
  bytesInFlight: integer('Body bytes of all unanswered requests, likewise (ours)', 536_870_912, { min: 1 }),
} as const;

/** Addresses of a `namesrvAddr`. */
export function splitAddresses(namesrvAddr: string): string[] {
  return namesrvAddr
    .split(';')
    .map((address) => address.trim())
    .filter((address) => address !== '');
}
