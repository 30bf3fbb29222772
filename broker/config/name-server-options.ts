import { join } from 'node:path';

import { APACHE_NAME_SERVER_KEYS } from './apache-keys.js';
import type { LocalHost } from './local-host.js';
import { always, flag, integer, port, text, type OptionsOf } from './option-schema.js';
import { completeOptions } from './resolve-options.js';
import { networkOptions } from './schema/network-options.js';

/** Every setting of a NameServer. Names and defaults are Apache's (NamesrvConfig.java, NettyServerConfig.java) but for those marked (ours). */
export const NAME_SERVER_SCHEMA = {
  bindAddress: networkOptions.bindAddress,
  listenPort: port('Port of the NameServer; 0: any free one', 9876),
  kvConfigPath: text('File of the key-value settings; empty: "namesrv/kvConfig.json" in the home directory'),
  configStorePath: text('File that settings changed by an administrator are written to; empty: "namesrv/namesrv.properties" in the home directory'),
  scanNotActiveBrokerInterval: integer('Time between looks for silent brokers, ms', 5000, { min: 1 }),
  brokerExpiredTime: integer('Silence after which a broker that does not name a time itself is dropped, ms (ours)', 120_000, { min: 1 }),
  orderMessageEnable: flag('Whether routes carry the order settings of their topic', false),
  returnOrderTopicConfigToBroker: flag('Whether brokers are told the order settings when they register', true),
  supportActingMaster: flag('Whether the first slave stands in for a missing master in routes', false),
  enableAllTopicList: flag('Whether the list of all topics is given out', true),
  enableTopicList: flag('Whether lists of topics by cluster or unit are given out', true),
  notifyMinBrokerIdChanged: flag('Whether brokers are told when the smallest brokerId of their name changes', false),
  deleteTopicWithBrokerRegistration: flag("Whether topics missing from a master's registration are dropped from its routes", false),
  needWaitForService: flag('Whether routes are refused for a while after the start, until all brokers have registered', false),
  waitSecondsForService: integer('That while, s', 45),
  configBlackList: text('Settings that administrators may not change, separated by ";"', 'configBlackList;configStorePath;kvConfigPath'),
  serverChannelMaxIdleTimeSeconds: networkOptions.serverChannelMaxIdleTimeSeconds,
  frameMaxLength: networkOptions.frameMaxLength,
  shutdownWaitTimeSeconds: networkOptions.shutdownWaitTimeSeconds,
  enableControllerInNamesrv: always(false, 'there is no controller; masters are chosen by brokerId'),
  clusterTest: always(false, 'this NameServer never asks another environment for routes'),
} as const;

/** Settings of a NameServer. */
export type NameServerOptions = OptionsOf<typeof NAME_SERVER_SCHEMA>;

/** Apache's NameServer settings that mean nothing here. */
export const UNUSED_NAME_SERVER_KEYS: ReadonlySet<string> = new Set(
  APACHE_NAME_SERVER_KEYS.filter((key) => !Object.hasOwn(NAME_SERVER_SCHEMA, key)),
);

/**
 * Settings given by a program, completed with defaults.
 * @throws RocketMqError `CONFIG_INVALID`
 */
export function nameServerOptions(given: Partial<NameServerOptions>, host: LocalHost): NameServerOptions {
  return deriveNameServerOptions(completeOptions(NAME_SERVER_SCHEMA, given), host);
}

/** Fills in what follows from the machine. */
export function deriveNameServerOptions(options: NameServerOptions, host: LocalHost): NameServerOptions {
  return {
    ...options,
    kvConfigPath: options.kvConfigPath || join(host.homeDirectory, 'namesrv', 'kvConfig.json'),
    configStorePath: options.configStorePath || join(host.homeDirectory, 'namesrv', 'namesrv.properties'),
  };
}
