import type { MessageIntake } from '../../delay/message-intake.js';
import type { PropertyScan } from '../../delay/property-scan.js';
import type { AppendResult, MessageStore, MessageToStore } from '../../store/message-store.js';
import type { TopicTable } from '../../topics/topic-table.js';
import type { TrafficMeter } from '../../topics/traffic-meter.js';
import type { BornHosts } from './born-hosts.js';
import type { BrokerIdentity } from './broker-identity.js';
import type { RetryRouting } from './retry-routing.js';
import type { SendAdmission } from './send-admission.js';

/** Options of the processors that store messages, under their names in `broker.conf`. */
export interface SendOptions {
  readonly brokerIP1: string;
  readonly rejectTransactionMessage: boolean;
  /** Longest body, bytes; named in refusals (the store checks it). */
  readonly maxMessageSize: number;
}

/** Takes half messages of transactions. */
export interface HalfMessages {
  /** Stores a half message; the result's queue offset is that in the half topic. */
  prepare(message: MessageToStore, scan: PropertyScan): Promise<AppendResult>;
}

/** What the processors that store messages share. */
export interface SendServices {
  readonly options: SendOptions;
  readonly admission: SendAdmission;
  readonly retries: RetryRouting;
  readonly intake: MessageIntake;
  readonly store: MessageStore;
  readonly topics: TopicTable;
  readonly identity: BrokerIdentity;
  readonly bornHosts: BornHosts;
  readonly traffic: TrafficMeter;
  /** Absent: half messages are refused, as Apache does with `rejectTransactionMessage=true`. */
  readonly halfMessages?: HalfMessages;
}
