import type { Clock } from '../../lib/runtime/clock.js';
import type { FileSystem } from '../../lib/runtime/file-system.js';
import type { Logger } from '../../lib/runtime/logger.js';
import type { TurnScheduler } from '../../lib/runtime/turn-scheduler.js';
import { ClientHousekeeping } from '../clients/client-housekeeping.js';
import { ClientMessenger, type ConnectionLookup } from '../clients/client-messenger.js';
import { ConsumerTable } from '../clients/consumer-table.js';
import { HeartbeatFingerprints } from '../clients/heartbeat-fingerprints.js';
import { ProducerTable } from '../clients/producer-table.js';
import { ConfigFile } from '../config/config-file.js';
import { DelayLevels } from '../delay/delay-levels.js';
import { DelaySchedule, type DelayOptions } from '../delay/delay-schedule.js';
import { ArrivalWaiters } from '../long-polling/arrival-waiters.js';
import { ConsumerOffsetTable, type ConsumerOffsetOptions } from '../offsets/consumer-offset-table.js';
import { OffsetJournal } from '../offsets/offset-journal.js';
import { QueueLockTable } from '../ordering/queue-lock-table.js';
import type { MessageStore } from '../store/message-store.js';
import { SubscriptionGroupTable, type SubscriptionGroupOptions } from '../subscriptions/subscription-group-table.js';
import type { TopicOptions } from '../topics/system-topics.js';
import { TopicTable } from '../topics/topic-table.js';
import { TrafficMeter } from '../topics/traffic-meter.js';

/** Options of the broker's tables, under their names in `broker.conf`. */
export interface StateOptions extends TopicOptions, SubscriptionGroupOptions, ConsumerOffsetOptions, DelayOptions {
  readonly storePathRootDir: string;
  readonly messageDelayLevel: string;
  /** Whether consumers are told when members of their group come or go. */
  readonly notifyConsumerIdsChangedEnable: boolean;
}

/** What the broker's tables run on. */
export interface StateEnvironment {
  readonly store: MessageStore;
  readonly connections: ConnectionLookup;
  readonly files: FileSystem;
  readonly clock: Clock;
  readonly turns: TurnScheduler;
  readonly logger: Logger;
}

/** The owners of everything a broker knows beside its messages. */
export interface BrokerState {
  readonly topics: TopicTable;
  readonly groups: SubscriptionGroupTable;
  readonly offsets: ConsumerOffsetTable;
  readonly consumers: ConsumerTable;
  readonly producers: ProducerTable;
  readonly fingerprints: HeartbeatFingerprints;
  readonly locks: QueueLockTable;
  readonly waiters: ArrivalWaiters;
  readonly delayLevels: DelayLevels;
  readonly delays: DelaySchedule;
  readonly traffic: TrafficMeter;
  readonly messenger: ClientMessenger;
  readonly housekeeping: ClientHousekeeping;
}

/** Makes the owners, not yet loaded or started. @throws RocketMqError `CONFIG_INVALID` */
export function createBrokerState(options: StateOptions, environment: StateEnvironment): BrokerState {
  const { store, connections, files, clock, turns, logger } = environment;
  const configFile = (name: string): ConfigFile => new ConfigFile(files, `${options.storePathRootDir}/config/${name}`, turns);
  const offsetFile = configFile('consumerOffset.json');
  const delayLevels = new DelayLevels(options.messageDelayLevel);
  const consumers = new ConsumerTable(clock, logger);
  const producers = new ProducerTable(clock, logger);
  const messenger = new ClientMessenger(connections, logger);
  consumers.onMembersChanged((change) => {
    if (options.notifyConsumerIdsChangedEnable) messenger.membersChanged(change);
  });
  return {
    topics: new TopicTable(options, configFile('topics.json'), clock, logger),
    groups: new SubscriptionGroupTable(options, configFile('subscriptionGroup.json'), clock, logger),
    offsets: new ConsumerOffsetTable(options, offsetFile, new OffsetJournal(files, offsetFile.path, turns), clock, logger),
    consumers,
    producers,
    fingerprints: new HeartbeatFingerprints(),
    locks: new QueueLockTable(clock),
    waiters: new ArrivalWaiters(clock, (topic, queueId) => store.maxOffset(topic, queueId)),
    delayLevels,
    delays: new DelaySchedule(options, delayLevels, store, configFile('delayOffset.json'), clock, logger),
    traffic: new TrafficMeter(clock),
    messenger,
    housekeeping: new ClientHousekeeping(consumers, producers, messenger, clock),
  };
}

/** Reads all tables from their files. @throws RocketMqError `CONFIG_INVALID` */
export function loadBrokerState(state: BrokerState): void {
  state.topics.load();
  state.groups.load();
  state.offsets.load();
  state.delays.load();
}

/** Starts timers and deliveries; the store must be open. Returns the function that stops them and writes what is unwritten. */
export function startBrokerState(state: BrokerState, store: MessageStore): () => Promise<void> {
  const stopListening = store.onMessageArrived((arrival) => state.waiters.messageArrived(arrival));
  state.offsets.start();
  state.traffic.start();
  state.housekeeping.start();
  state.delays.start();
  return async () => {
    stopListening();
    state.housekeeping.close();
    state.traffic.close();
    await state.delays.close();
    await Promise.all([state.offsets.close(), state.topics.close(), state.groups.close()]);
  };
}

/** To be called when a client's connection is gone. */
export function connectionClosed(state: BrokerState, connectionId: number): void {
  state.waiters.connectionClosed(connectionId);
  state.housekeeping.connectionClosed(connectionId);
}
