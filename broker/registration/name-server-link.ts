import { decodeKvTable } from '../../lib/protocol/body/kv-table.js';
import { decodeDataVersion, encodeDataVersion } from '../../lib/protocol/body/data-version.js';
import { encodeRegisterBrokerBody } from '../../lib/protocol/body/register-broker-body.js';
import type { TopicConfig } from '../../lib/protocol/body/topic-config.js';
import type { TopicConfigWrapper } from '../../lib/protocol/body/topic-config-wrapper.js';
import { queryDataVersion } from '../../lib/protocol/commands/name-server/query-data-version.command.js';
import { registerBroker } from '../../lib/protocol/commands/name-server/register-broker.command.js';
import { unregisterBroker } from '../../lib/protocol/commands/name-server/unregister-broker.command.js';
import { bodyCrc } from '../../lib/protocol/message/crc32.js';
import { ResponseCode } from '../../lib/protocol/response-code.js';
import { RocketMqError } from '../../lib/errors/rocketmq-error.js';
import type { RemotingClient } from '../../lib/remoting/remoting-client.js';
import { sameVersion } from '../topics/data-version.js';

/** Who announces itself. */
export interface BrokerIdentity {
  readonly clusterName: string;
  readonly brokerName: string;
  readonly brokerId: number;
  /** Address for clients, `ip:port`. */
  readonly brokerAddr: string;
  /** Address for slaves, `ip:port`. */
  readonly haServerAddr: string;
}

/** What a NameServer answered to a registration. */
export interface RegistrationAnswer {
  /** The master of a slave that registered. */
  readonly masterAddr?: string;
  readonly haServerAddr?: string;
  /** Topics that are to be ordered. */
  readonly orderTopics: readonly string[];
}

/** How a link registers. */
export interface LinkSettings {
  readonly identity: BrokerIdentity;
  readonly timeoutMs: number;
  readonly compressed: boolean;
  /** Bits that topics may have at most (`brokerPermission`). */
  readonly permission: () => number;
}

const UNREGISTER_TIMEOUT_MS = 3000;

/** Calls one NameServer on behalf of this broker. Apache: BrokerOuterAPI.java. */
export class NameServerLink {
  constructor(
    readonly address: string,
    private readonly client: Pick<RemotingClient, 'invokeCommand'>,
    private readonly settings: LinkSettings,
  ) {}

  /** Whether the NameServer's knowledge of our topics differs from `topics`; a sign of life as well. */
  async isOutdated(topics: TopicConfigWrapper): Promise<boolean> {
    const { brokerAddr, brokerId, brokerName, clusterName } = this.settings.identity;
    const header = { brokerAddr, brokerId, brokerName, clusterName };
    const response = await this.client.invokeCommand(queryDataVersion, this.address, header, encodeDataVersion(topics.dataVersion), this.settings.timeoutMs);
    if (response.code !== ResponseCode.SUCCESS) return true;
    if (response.header.changed || response.body.length === 0) return true;
    return !sameVersion(decodeDataVersion(response.body), topics.dataVersion);
  }

  /** Announces this broker with the given topics. @throws RocketMqError also for a refusal */
  async register(topics: TopicConfigWrapper): Promise<RegistrationAnswer> {
    const { identity, compressed, timeoutMs } = this.settings;
    const topicConfigSerializeWrapper = {
      topicConfigTable: this.#permitted(topics.topicConfigTable),
      dataVersion: topics.dataVersion,
      mappingDataVersion: topics.dataVersion,
      topicQueueMappingInfoMap: {},
      topicQueueMappingDetailMap: {},
    };
    const body = encodeRegisterBrokerBody({ topicConfigSerializeWrapper, filterServerList: [] }, compressed);
    const header = { ...identity, enableActingMaster: false, compressed, bodyCrc32: bodyCrc(body) };
    const response = await this.client.invokeCommand(registerBroker, this.address, header, body, timeoutMs);
    if (response.code !== ResponseCode.SUCCESS) {
      throw new RocketMqError('RESPONSE_ERROR', `the NameServer ${this.address} refused the registration: ${response.remark ?? `code ${response.code}`}`, {
        retryable: true,
        details: { address: this.address, code: response.code },
      });
    }
    const { masterAddr, haServerAddr } = response.header;
    return { masterAddr, haServerAddr, orderTopics: response.body.length === 0 ? [] : Object.keys(decodeKvTable(response.body).table) };
  }

  /** Says goodbye. */
  async unregister(): Promise<void> {
    const { brokerAddr, brokerId, brokerName, clusterName } = this.settings.identity;
    await this.client.invokeCommand(unregisterBroker, this.address, { brokerAddr, brokerId, brokerName, clusterName }, undefined, UNREGISTER_TIMEOUT_MS);
  }

  /** Topics with no more permission than the broker has. */
  #permitted(topics: Readonly<Record<string, TopicConfig>>): Readonly<Record<string, TopicConfig>> {
    const permission = this.settings.permission();
    if ((permission & 6) === 6) return topics;
    return Object.fromEntries(Object.entries(topics).map(([name, config]) => [name, { ...config, perm: config.perm & permission }]));
  }
}
