import type { Command } from '../define-command.js';
import { addBroker } from './admin/add-broker.command.js';
import { authCreateAcl } from './admin/auth-create-acl.command.js';
import { authCreateUser } from './admin/auth-create-user.command.js';
import { authDeleteAcl } from './admin/auth-delete-acl.command.js';
import { authDeleteUser } from './admin/auth-delete-user.command.js';
import { authGetAcl } from './admin/auth-get-acl.command.js';
import { authGetUser } from './admin/auth-get-user.command.js';
import { authListAcl } from './admin/auth-list-acl.command.js';
import { authListUser } from './admin/auth-list-user.command.js';
import { authUpdateAcl } from './admin/auth-update-acl.command.js';
import { authUpdateUser } from './admin/auth-update-user.command.js';
import { checkRocksdbCqWriteProgress } from './admin/check-rocksdb-cq-write-progress.command.js';
import { cleanExpiredConsumeQueue } from './admin/clean-expired-consume-queue.command.js';
import { cloneGroupOffset } from './admin/clone-group-offset.command.js';
import { deleteExpiredCommitLog } from './admin/delete-expired-commit-log.command.js';
import { exchangeBrokerHaInfo } from './admin/exchange-broker-ha-info.command.js';
import { exportRocksdbConfigToJson } from './admin/export-rocksdb-config-to-json.command.js';
import { getAllConsumerOffset } from './admin/get-all-consumer-offset.command.js';
import { getAllDelayOffset } from './admin/get-all-delay-offset.command.js';
import { getAllMessageRequestMode } from './admin/get-all-message-request-mode.command.js';
import { getAllProducerInfo } from './admin/get-all-producer-info.command.js';
import { getBrokerConfig } from './admin/get-broker-config.command.js';
import { getBrokerConsumeStats } from './admin/get-broker-consume-stats.command.js';
import { getBrokerHaStatus } from './admin/get-broker-ha-status.command.js';
import { getBrokerRuntimeInfo } from './admin/get-broker-runtime-info.command.js';
import { getColdDataFlowCtrInfo } from './admin/get-cold-data-flow-ctr-info.command.js';
import { getConsumeStats } from './admin/get-consume-stats.command.js';
import { getConsumerConnectionList } from './admin/get-consumer-connection-list.command.js';
import { getProducerConnectionList } from './admin/get-producer-connection-list.command.js';
import { getTimerCheckPoint } from './admin/get-timer-check-point.command.js';
import { getTimerMetrics } from './admin/get-timer-metrics.command.js';
import { invokeBrokerToGetConsumerStatus } from './admin/invoke-broker-to-get-consumer-status.command.js';
import { invokeBrokerToResetOffset } from './admin/invoke-broker-to-reset-offset.command.js';
import { queryConsumeQueue } from './admin/query-consume-queue.command.js';
import { queryConsumeTimeSpan } from './admin/query-consume-time-span.command.js';
import { queryCorrectionOffset } from './admin/query-correction-offset.command.js';
import { querySubscriptionByConsumer } from './admin/query-subscription-by-consumer.command.js';
import { queryTopicConsumeByWho } from './admin/query-topic-consume-by-who.command.js';
import { queryTopicsByConsumer } from './admin/query-topics-by-consumer.command.js';
import { removeBroker } from './admin/remove-broker.command.js';
import { removeColdDataFlowCtrConfig } from './admin/remove-cold-data-flow-ctr-config.command.js';
import { resetMasterFlushOffset } from './admin/reset-master-flush-offset.command.js';
import { resumeCheckHalfMessage } from './admin/resume-check-half-message.command.js';
import { setCommitlogReadMode } from './admin/set-commitlog-read-mode.command.js';
import { updateBrokerConfig } from './admin/update-broker-config.command.js';
import { updateColdDataFlowCtrConfig } from './admin/update-cold-data-flow-ctr-config.command.js';
import { viewBrokerStatsData } from './admin/view-broker-stats-data.command.js';
import { checkClientConfig } from './client/check-client-config.command.js';
import { checkTransactionState } from './client/check-transaction-state.command.js';
import { consumeMessageDirectly } from './client/consume-message-directly.command.js';
import { getConsumerListByGroup } from './client/get-consumer-list-by-group.command.js';
import { getConsumerRunningInfo } from './client/get-consumer-running-info.command.js';
import { getConsumerStatusFromClient } from './client/get-consumer-status-from-client.command.js';
import { heartBeat } from './client/heart-beat.command.js';
import { lockBatchMq } from './client/lock-batch-mq.command.js';
import { notifyConsumerIdsChanged } from './client/notify-consumer-ids-changed.command.js';
import { pushReplyMessageToClient } from './client/push-reply-message-to-client.command.js';
import { queryAssignment } from './client/query-assignment.command.js';
import { resetConsumerClientOffset } from './client/reset-consumer-client-offset.command.js';
import { setMessageRequestMode } from './client/set-message-request-mode.command.js';
import { unlockBatchMq } from './client/unlock-batch-mq.command.js';
import { unregisterClient } from './client/unregister-client.command.js';
import { deleteSubscriptionGroup } from './group/delete-subscription-group.command.js';
import { getAllSubscriptionGroupConfig } from './group/get-all-subscription-group-config.command.js';
import { getSubscriptionGroupConfig } from './group/get-subscription-group-config.command.js';
import { updateAndCreateSubscriptionGroup } from './group/update-and-create-subscription-group.command.js';
import { updateAndCreateSubscriptionGroupList } from './group/update-and-create-subscription-group-list.command.js';
import { updateAndGetGroupForbidden } from './group/update-and-get-group-forbidden.command.js';
import { consumerSendMessageBack } from './message/consumer-send-message-back.command.js';
import { endTransaction } from './message/end-transaction.command.js';
import { litePullMessage } from './message/lite-pull-message.command.js';
import { pullMessage } from './message/pull-message.command.js';
import { queryMessage } from './message/query-message.command.js';
import { recallMessage } from './message/recall-message.command.js';
import { sendBatchMessage } from './message/send-batch-message.command.js';
import { sendMessage } from './message/send-message.command.js';
import { sendMessageV2 } from './message/send-message-v2.command.js';
import { sendReplyMessage } from './message/send-reply-message.command.js';
import { sendReplyMessageV2 } from './message/send-reply-message-v2.command.js';
import { viewMessageById } from './message/view-message-by-id.command.js';
import { addWritePermOfBroker } from './name-server/add-write-perm-of-broker.command.js';
import { brokerHeartbeat } from './name-server/broker-heartbeat.command.js';
import { deleteKvConfig } from './name-server/delete-kv-config.command.js';
import { deleteTopicInNamesrv } from './name-server/delete-topic-in-namesrv.command.js';
import { getAllTopicListFromNameserver } from './name-server/get-all-topic-list-from-nameserver.command.js';
import { getBrokerClusterInfo } from './name-server/get-broker-cluster-info.command.js';
import { getBrokerMemberGroup } from './name-server/get-broker-member-group.command.js';
import { getHasUnitSubTopicList } from './name-server/get-has-unit-sub-topic-list.command.js';
import { getHasUnitSubUnunitTopicList } from './name-server/get-has-unit-sub-ununit-topic-list.command.js';
import { getKvConfig } from './name-server/get-kv-config.command.js';
import { getKvListByNamespace } from './name-server/get-kv-list-by-namespace.command.js';
import { getNamesrvConfig } from './name-server/get-namesrv-config.command.js';
import { getRouteInfoByTopic } from './name-server/get-route-info-by-topic.command.js';
import { getSystemTopicListFromNs } from './name-server/get-system-topic-list-from-ns.command.js';
import { getTopicsByCluster } from './name-server/get-topics-by-cluster.command.js';
import { getUnitTopicList } from './name-server/get-unit-topic-list.command.js';
import { notifyMinBrokerIdChange } from './name-server/notify-min-broker-id-change.command.js';
import { putKvConfig } from './name-server/put-kv-config.command.js';
import { queryDataVersion } from './name-server/query-data-version.command.js';
import { registerBroker } from './name-server/register-broker.command.js';
import { registerTopicInNamesrv } from './name-server/register-topic-in-namesrv.command.js';
import { unregisterBroker } from './name-server/unregister-broker.command.js';
import { updateNamesrvConfig } from './name-server/update-namesrv-config.command.js';
import { wipeWritePermOfBroker } from './name-server/wipe-write-perm-of-broker.command.js';
import { getEarliestMsgStoretime } from './offset/get-earliest-msg-storetime.command.js';
import { getMaxOffset } from './offset/get-max-offset.command.js';
import { getMinOffset } from './offset/get-min-offset.command.js';
import { queryConsumerOffset } from './offset/query-consumer-offset.command.js';
import { searchOffsetByTimestamp } from './offset/search-offset-by-timestamp.command.js';
import { updateConsumerOffset } from './offset/update-consumer-offset.command.js';
import { ackMessage } from './pop/ack-message.command.js';
import { batchAckMessage } from './pop/batch-ack-message.command.js';
import { changeMessageInvisibleTime } from './pop/change-message-invisible-time.command.js';
import { notification } from './pop/notification.command.js';
import { peekMessage } from './pop/peek-message.command.js';
import { pollingInfo } from './pop/polling-info.command.js';
import { popMessage } from './pop/pop-message.command.js';
import { popRollback } from './pop/pop-rollback.command.js';
import { cleanUnusedTopic } from './topic/clean-unused-topic.command.js';
import { deleteTopicInBroker } from './topic/delete-topic-in-broker.command.js';
import { getAllTopicConfig } from './topic/get-all-topic-config.command.js';
import { getSystemTopicListFromBroker } from './topic/get-system-topic-list-from-broker.command.js';
import { getTopicConfig } from './topic/get-topic-config.command.js';
import { getTopicStatsInfo } from './topic/get-topic-stats-info.command.js';
import { updateAndCreateStaticTopic } from './topic/update-and-create-static-topic.command.js';
import { updateAndCreateTopic } from './topic/update-and-create-topic.command.js';
import { updateAndCreateTopicList } from './topic/update-and-create-topic-list.command.js';

/** Every command this project knows the header of, by area. */
export const ALL_COMMANDS: readonly Command[] = [
  addBroker,
  authCreateAcl,
  authCreateUser,
  authDeleteAcl,
  authDeleteUser,
  authGetAcl,
  authGetUser,
  authListAcl,
  authListUser,
  authUpdateAcl,
  authUpdateUser,
  checkRocksdbCqWriteProgress,
  cleanExpiredConsumeQueue,
  cloneGroupOffset,
  deleteExpiredCommitLog,
  exchangeBrokerHaInfo,
  exportRocksdbConfigToJson,
  getAllConsumerOffset,
  getAllDelayOffset,
  getAllMessageRequestMode,
  getAllProducerInfo,
  getBrokerConfig,
  getBrokerConsumeStats,
  getBrokerHaStatus,
  getBrokerRuntimeInfo,
  getColdDataFlowCtrInfo,
  getConsumeStats,
  getConsumerConnectionList,
  getProducerConnectionList,
  getTimerCheckPoint,
  getTimerMetrics,
  invokeBrokerToGetConsumerStatus,
  invokeBrokerToResetOffset,
  queryConsumeQueue,
  queryConsumeTimeSpan,
  queryCorrectionOffset,
  querySubscriptionByConsumer,
  queryTopicConsumeByWho,
  queryTopicsByConsumer,
  removeBroker,
  removeColdDataFlowCtrConfig,
  resetMasterFlushOffset,
  resumeCheckHalfMessage,
  setCommitlogReadMode,
  updateBrokerConfig,
  updateColdDataFlowCtrConfig,
  viewBrokerStatsData,
  checkClientConfig,
  checkTransactionState,
  consumeMessageDirectly,
  getConsumerListByGroup,
  getConsumerRunningInfo,
  getConsumerStatusFromClient,
  heartBeat,
  lockBatchMq,
  notifyConsumerIdsChanged,
  pushReplyMessageToClient,
  queryAssignment,
  resetConsumerClientOffset,
  setMessageRequestMode,
  unlockBatchMq,
  unregisterClient,
  deleteSubscriptionGroup,
  getAllSubscriptionGroupConfig,
  getSubscriptionGroupConfig,
  updateAndCreateSubscriptionGroup,
  updateAndCreateSubscriptionGroupList,
  updateAndGetGroupForbidden,
  consumerSendMessageBack,
  endTransaction,
  litePullMessage,
  pullMessage,
  queryMessage,
  recallMessage,
  sendBatchMessage,
  sendMessage,
  sendMessageV2,
  sendReplyMessage,
  sendReplyMessageV2,
  viewMessageById,
  addWritePermOfBroker,
  brokerHeartbeat,
  deleteKvConfig,
  deleteTopicInNamesrv,
  getAllTopicListFromNameserver,
  getBrokerClusterInfo,
  getBrokerMemberGroup,
  getHasUnitSubTopicList,
  getHasUnitSubUnunitTopicList,
  getKvConfig,
  getKvListByNamespace,
  getNamesrvConfig,
  getRouteInfoByTopic,
  getSystemTopicListFromNs,
  getTopicsByCluster,
  getUnitTopicList,
  notifyMinBrokerIdChange,
  putKvConfig,
  queryDataVersion,
  registerBroker,
  registerTopicInNamesrv,
  unregisterBroker,
  updateNamesrvConfig,
  wipeWritePermOfBroker,
  getEarliestMsgStoretime,
  getMaxOffset,
  getMinOffset,
  queryConsumerOffset,
  searchOffsetByTimestamp,
  updateConsumerOffset,
  ackMessage,
  batchAckMessage,
  changeMessageInvisibleTime,
  notification,
  peekMessage,
  pollingInfo,
  popMessage,
  popRollback,
  cleanUnusedTopic,
  deleteTopicInBroker,
  getAllTopicConfig,
  getSystemTopicListFromBroker,
  getTopicConfig,
  getTopicStatsInfo,
  updateAndCreateStaticTopic,
  updateAndCreateTopic,
  updateAndCreateTopicList,
];

const BY_CODE: ReadonlyMap<number, Command> = new Map(ALL_COMMANDS.map((command) => [command.code, command]));

/** The command with this request code; `undefined` when its header is not known. */
export function commandByCode(code: number): Command | undefined {
  return BY_CODE.get(code);
}
