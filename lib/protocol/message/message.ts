/** An IPv4 or IPv6 address with its port. */
export interface HostAddress {
  /** Literal address, e.g. `127.0.0.1` or `::1`; never a name. */
  readonly ip: string;
  readonly port: number;
}

/** One shard of a topic on one broker. */
export interface MessageQueue {
  readonly topic: string;
  readonly brokerName: string;
  readonly queueId: number;
}

/** A message as a producer hands it over. */
export interface Message {
  readonly topic: string;
  readonly body: Uint8Array;
  /** The user's own integer; 0 when not used. Signed 32 bits. */
  readonly flag?: number;
  /** System and user properties by name; see `properties.ts` for the reserved names. */
  readonly properties?: Readonly<Record<string, string>>;
}

/** A stored message as a consumer receives it. */
export interface MessageExt {
  readonly topic: string;
  /** The body, uncompressed. */
  readonly body: Buffer;
  readonly flag: number;
  readonly properties: Readonly<Record<string, string>>;
  /** Broker the message came from; empty when decoded outside a consumer. */
  readonly brokerName: string;
  readonly queueId: number;
  readonly queueOffset: number;
  /** Byte position in that broker's commit log. */
  readonly commitLogOffset: number;
  /** Length of the stored record in bytes. */
  readonly storeSize: number;
  readonly bodyCrc: number;
  readonly sysFlag: number;
  readonly bornTimestamp: number;
  readonly bornHost: HostAddress;
  readonly storeTimestamp: number;
  readonly storeHost: HostAddress;
  readonly reconsumeTimes: number;
  readonly preparedTransactionOffset: number;
  /** The unique key the producer made (`UNIQ_KEY`), else {@link offsetMsgId}. */
  readonly msgId: string;
  /** Id made of store host and commit-log offset; another one for every resend. */
  readonly offsetMsgId: string;
}
