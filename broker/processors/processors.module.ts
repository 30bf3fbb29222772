import type { UniqueKeyGenerator } from '../../lib/protocol/message/message-id.js';
import type { HostAddress } from '../../lib/protocol/message/message.js';
import { litePullMessage } from '../../lib/protocol/commands/message/lite-pull-message.command.js';
import { pullMessage } from '../../lib/protocol/commands/message/pull-message.command.js';
import { sendBatchMessage } from '../../lib/protocol/commands/message/send-batch-message.command.js';
import { sendMessageV2 } from '../../lib/protocol/commands/message/send-message-v2.command.js';
import { sendMessage } from '../../lib/protocol/commands/message/send-message.command.js';
import { sendReplyMessageV2 } from '../../lib/protocol/commands/message/send-reply-message-v2.command.js';
import { sendReplyMessage } from '../../lib/protocol/commands/message/send-reply-message.command.js';
import type { Clock } from '../../lib/runtime/clock.js';
import type { FileSystem } from '../../lib/runtime/file-system.js';
import type { Logger } from '../../lib/runtime/logger.js';
import type { Random } from '../../lib/runtime/random.js';
import { MessageIntake, type TimerIntake } from '../delay/message-intake.js';
import type { RequestProcessor } from '../remoting/request-processor.js';
import type { MessageStore } from '../store/message-store.js';
import type { BrokerConfiguration } from './admin/broker-configuration.js';
import { CloneGroupOffsetProcessor } from './admin/clone-group-offset.processor.js';
import { ConsumeStatsCollector } from './admin/consume-stats-collector.js';
import { GetAllConsumerOffsetProcessor } from './admin/get-all-consumer-offset.processor.js';
import { GetAllDelayOffsetProcessor } from './admin/get-all-delay-offset.processor.js';
import { GetAllProducerInfoProcessor } from './admin/get-all-producer-info.processor.js';
import { GetBrokerConfigProcessor } from './admin/get-broker-config.processor.js';
import { GetBrokerConsumeStatsProcessor } from './admin/get-broker-consume-stats.processor.js';
import { GetBrokerRuntimeInfoProcessor } from './admin/get-broker-runtime-info.processor.js';
import { GetConsumeStatsProcessor } from './admin/get-consume-stats.processor.js';
import { GetConsumerConnectionListProcessor } from './admin/get-consumer-connection-list.processor.js';
import { GetProducerConnectionListProcessor } from './admin/get-producer-connection-list.processor.js';
import { InvokeBrokerToResetOffsetProcessor } from './admin/invoke-broker-to-reset-offset.processor.js';
import { QueryConsumeTimeSpanProcessor } from './admin/query-consume-time-span.processor.js';
import { QuerySubscriptionByConsumerProcessor } from './admin/query-subscription-by-consumer.processor.js';
import { QueryTopicConsumeByWhoProcessor } from './admin/query-topic-consume-by-who.processor.js';
import { QueryTopicsByConsumerProcessor } from './admin/query-topics-by-consumer.processor.js';
import { RuntimeInfo } from './admin/runtime-info.js';
import { UpdateBrokerConfigProcessor } from './admin/update-broker-config.processor.js';
import { ViewBrokerStatsDataProcessor } from './admin/view-broker-stats-data.processor.js';
import type { BrokerNameOption } from './broker-name-option.js';
import type { BrokerState } from './broker-state.js';
import { CheckClientConfigProcessor } from './client/check-client-config.processor.js';
import { ConsumeMessageDirectlyProcessor } from './client/consume-message-directly.processor.js';
import { ConsumerRelay } from './client/consumer-relay.js';
import { GetConsumerListByGroupProcessor } from './client/get-consumer-list-by-group.processor.js';
import { GetConsumerRunningInfoProcessor } from './client/get-consumer-running-info.processor.js';
import { HeartBeatProcessor, type HeartBeatOptions } from './client/heart-beat.processor.js';
import { LockBatchMqProcessor } from './client/lock-batch-mq.processor.js';
import { UnlockBatchMqProcessor } from './client/unlock-batch-mq.processor.js';
import { UnregisterClientProcessor } from './client/unregister-client.processor.js';
import { DeleteSubscriptionGroupProcessor } from './group/delete-subscription-group.processor.js';
import { GetAllSubscriptionGroupConfigProcessor } from './group/get-all-subscription-group-config.processor.js';
import { GetSubscriptionGroupConfigProcessor } from './group/get-subscription-group-config.processor.js';
import { UpdateAndCreateSubscriptionGroupListProcessor } from './group/update-and-create-subscription-group-list.processor.js';
import { UpdateAndCreateSubscriptionGroupProcessor } from './group/update-and-create-subscription-group.processor.js';
import { UpdateAndGetGroupForbiddenProcessor } from './group/update-and-get-group-forbidden.processor.js';
import { BornHosts } from './message/born-hosts.js';
import { BrokerIdentity, type IdentityOptions } from './message/broker-identity.js';
import { ConsumerSendMessageBackProcessor } from './message/consumer-send-message-back.processor.js';
import { PullAdmission, type PullAdmissionOptions } from './message/pull-admission.js';
import { PullMessageProcessor, type PullOptions } from './message/pull-message.processor.js';
import { QueryMessageProcessor, type QueryOptions } from './message/query-message.processor.js';
import { RetryRouting } from './message/retry-routing.js';
import { SendAdmission, type SendAdmissionOptions } from './message/send-admission.js';
import { SendMessageProcessor } from './message/send-message.processor.js';
import { SendReplyMessageProcessor, type ReplyOptions } from './message/send-reply-message.processor.js';
import type { HalfMessages, SendOptions, SendServices } from './message/send-services.js';
import { ViewMessageByIdProcessor } from './message/view-message-by-id.processor.js';
import { GetEarliestMsgStoretimeProcessor } from './offset/get-earliest-msg-storetime.processor.js';
import { GetMaxOffsetProcessor } from './offset/get-max-offset.processor.js';
import { GetMinOffsetProcessor } from './offset/get-min-offset.processor.js';
import { QueryConsumerOffsetProcessor, type MemoryOptions } from './offset/query-consumer-offset.processor.js';
import { SearchOffsetByTimestampProcessor } from './offset/search-offset-by-timestamp.processor.js';
import { UpdateConsumerOffsetProcessor } from './offset/update-consumer-offset.processor.js';
import { DeleteTopicInBrokerProcessor } from './topic/delete-topic-in-broker.processor.js';
import { GetAllTopicConfigProcessor } from './topic/get-all-topic-config.processor.js';
import { GetSystemTopicListFromBrokerProcessor } from './topic/get-system-topic-list-from-broker.processor.js';
import { GetTopicConfigProcessor } from './topic/get-topic-config.processor.js';
import { GetTopicStatsInfoProcessor } from './topic/get-topic-stats-info.processor.js';
import type { TopicChangeOptions } from './topic/topic-checks.js';
import { UpdateAndCreateTopicListProcessor } from './topic/update-and-create-topic-list.processor.js';
import { UpdateAndCreateTopicProcessor } from './topic/update-and-create-topic.processor.js';

/** Options of all processors, under their names in `broker.conf`. Values that change while the broker runs are read at every request. */
export interface ProcessorOptions
  extends IdentityOptions,
    SendAdmissionOptions,
    SendOptions,
    PullAdmissionOptions,
    PullOptions,
    QueryOptions,
    ReplyOptions,
    MemoryOptions,
    TopicChangeOptions,
    HeartBeatOptions,
    BrokerNameOption {
  readonly storePathRootDir: string;
}

/** What the processors work with. */
export interface ProcessorEnvironment {
  readonly options: ProcessorOptions;
  readonly state: BrokerState;
  readonly store: MessageStore;
  readonly files: FileSystem;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly uniqueKeys: UniqueKeyGenerator;
  /** Address messages are marked with: the advertised one, on the main port. */
  readonly storeHost: HostAddress;
  readonly configuration: BrokerConfiguration;
  /** Absent: half messages are refused. */
  readonly halfMessages?: HalfMessages;
  /** Absent: messages that ask for a time are refused. */
  readonly timers?: TimerIntake;
}

/** Makes one processor per request code the broker serves; other codes are answered "not supported". */
export function createProcessors(environment: ProcessorEnvironment): RequestProcessor[] {
  const { options, state, store, uniqueKeys, storeHost } = environment;
  const identity = new BrokerIdentity(options, storeHost, uniqueKeys);
  return [
    ...messageProcessors(environment, identity),
    ...clientProcessors(environment),
    ...offsetProcessors(environment),
    ...topicProcessors(environment),
    ...adminProcessors(environment, identity),
    new QueryMessageProcessor(options, store),
    new ViewMessageByIdProcessor(store),
    new UpdateAndCreateSubscriptionGroupProcessor(state.groups),
    new UpdateAndCreateSubscriptionGroupListProcessor(state.groups),
    new GetAllSubscriptionGroupConfigProcessor(state.groups),
    new GetSubscriptionGroupConfigProcessor(state.groups),
    new DeleteSubscriptionGroupProcessor(state.groups, state.offsets, state.fingerprints),
    new UpdateAndGetGroupForbiddenProcessor(state.groups),
  ];
}

function messageProcessors(environment: ProcessorEnvironment, identity: BrokerIdentity): RequestProcessor[] {
  const { options, state, store, random, clock, logger } = environment;
  const { topics, groups, consumers, producers, offsets, waiters, traffic } = state;
  const send: SendServices = {
    options,
    admission: new SendAdmission(options, topics, random, identity.sendExtFields),
    retries: new RetryRouting(groups, topics, state.locks, identity.sendExtFields),
    intake: new MessageIntake(store, state.delayLevels, environment.timers),
    store,
    topics,
    identity,
    bornHosts: new BornHosts(),
    traffic,
    halfMessages: environment.halfMessages,
  };
  const pull = { options, admission: new PullAdmission(options, topics, groups, consumers), store, offsets, waiters, traffic };
  const reply = [send, options, producers, state.messenger, { clock, logger }] as const;
  return [
    new SendMessageProcessor(sendMessage, send),
    new SendMessageProcessor(sendMessageV2, send),
    new SendMessageProcessor(sendBatchMessage, send),
    new ConsumerSendMessageBackProcessor(send, options, groups, random),
    new PullMessageProcessor(pullMessage, pull),
    new PullMessageProcessor(litePullMessage, pull),
    new SendReplyMessageProcessor(sendReplyMessage, ...reply),
    new SendReplyMessageProcessor(sendReplyMessageV2, ...reply),
  ];
}

function clientProcessors({ options, state, store }: ProcessorEnvironment): RequestProcessor[] {
  const { topics, groups, consumers, producers, locks } = state;
  const relay = new ConsumerRelay(consumers, state.messenger);
  return [
    new HeartBeatProcessor(options, topics, groups, consumers, producers, state.fingerprints),
    new UnregisterClientProcessor(groups, consumers, producers),
    new CheckClientConfigProcessor(),
    new GetConsumerListByGroupProcessor(consumers),
    new LockBatchMqProcessor(locks),
    new UnlockBatchMqProcessor(locks),
    new GetConsumerRunningInfoProcessor(relay),
    new ConsumeMessageDirectlyProcessor(options, topics, groups, store, relay),
  ];
}

function offsetProcessors({ options, state, store }: ProcessorEnvironment): RequestProcessor[] {
  const { topics, groups, offsets } = state;
  return [
    new QueryConsumerOffsetProcessor(options, offsets, store),
    new UpdateConsumerOffsetProcessor(offsets, topics, groups),
    new GetMaxOffsetProcessor(store),
    new GetMinOffsetProcessor(store),
    new SearchOffsetByTimestampProcessor(store),
    new GetEarliestMsgStoretimeProcessor(store),
  ];
}

function topicProcessors({ options, state, store }: ProcessorEnvironment): RequestProcessor[] {
  const { topics, offsets, traffic } = state;
  return [
    new UpdateAndCreateTopicProcessor(options, topics),
    new UpdateAndCreateTopicListProcessor(options, topics),
    new DeleteTopicInBrokerProcessor(options, topics, offsets, store),
    new GetAllTopicConfigProcessor(topics),
    new GetTopicConfigProcessor(topics),
    new GetTopicStatsInfoProcessor(options, topics, store, traffic),
    new GetSystemTopicListFromBrokerProcessor(topics),
  ];
}

function adminProcessors(environment: ProcessorEnvironment, identity: BrokerIdentity): RequestProcessor[] {
  const { options, state, store, clock, files, configuration } = environment;
  const { topics, groups, consumers, producers, offsets, delays, traffic } = state;
  const consumeStats = new ConsumeStatsCollector(options, topics, consumers, offsets, store, traffic);
  const runtimeInfo = new RuntimeInfo(store, delays, traffic, clock, () => files.diskSpace(options.storePathRootDir));
  return [
    new GetConsumerConnectionListProcessor(consumers),
    new GetProducerConnectionListProcessor(producers),
    new GetConsumeStatsProcessor(consumeStats),
    new GetBrokerConsumeStatsProcessor(identity, topics, groups, consumeStats),
    new CloneGroupOffsetProcessor(topics, consumers, offsets),
    new QuerySubscriptionByConsumerProcessor(consumers),
    new QueryConsumeTimeSpanProcessor(options, topics, offsets, store, clock),
    new GetAllProducerInfoProcessor(producers),
    new ViewBrokerStatsDataProcessor(traffic, clock),
    new InvokeBrokerToResetOffsetProcessor(options, topics, groups, offsets, store, state.waiters),
    new QueryTopicConsumeByWhoProcessor(consumers, offsets),
    new QueryTopicsByConsumerProcessor(identity, offsets),
    new GetAllConsumerOffsetProcessor(offsets),
    new GetAllDelayOffsetProcessor(delays),
    new GetBrokerRuntimeInfoProcessor(runtimeInfo),
    new GetBrokerConfigProcessor(configuration),
    new UpdateBrokerConfigProcessor(configuration, topics),
  ];
}
