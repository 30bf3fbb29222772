/** Name of this broker, shared with its replicas; an option of `broker.conf`. */
export interface BrokerNameOption {
  readonly brokerName: string;
}
