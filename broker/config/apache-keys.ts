/** Setters of Apache's BrokerConfig, MessageStoreConfig, NettyServerConfig, NettyClientConfig and AuthConfig: keys an existing broker.conf may have. */
export const APACHE_BROKER_KEYS: readonly string[] = (
  'accessMessageInMemoryHotRatio accessMessageInMemoryMaxRatio accountStatsEnable accountStatsPrintZeroValues ' +
  'ackMessageThreadPoolNums ackThreadPoolQueueCapacity aclCacheExpiredSecond aclCacheMaxNum aclCacheRefreshSecond aclEnable ' +
  'adminBrokerThreadPoolNums adminBrokerThreadPoolQueueCapacity allAckInSyncStateSet allowRecallWhenBrokerNotWriteable ' +
  'appendAckAsync appendCkAsync asyncLearner asyncSendEnable authConfigPath authenticationEnabled ' +
  'authenticationMetadataProvider authenticationProvider authenticationStrategy authenticationWhitelist authorizationEnabled ' +
  'authorizationMetadataProvider authorizationProvider authorizationStrategy authorizationWhitelist autoCreateSubscriptionGroup ' +
  'autoCreateTopicEnable autoDeleteUnusedStats autoMessageVersionOnTopicLen batchDispatchRequestThreadPoolNums bindAddress ' +
  'bitMapLengthConsumeQueueExt bottomMostCompressionTypeForConsumeQueueStore broadcastOffsetExpireMaxSecond ' +
  'broadcastOffsetExpireSecond brokerClusterName brokerConfigPath brokerElectionPriority brokerFastFailureEnable ' +
  'brokerHeartbeatInterval brokerIP1 brokerIP2 brokerId brokerName brokerNotActiveTimeoutMillis brokerPermission brokerRole ' +
  'brokerTopicEnable cgColdReadThreshold channelExpiredTimeout channelNotActiveInterval checkCRCOnRecover ' +
  'checkSyncStateSetPeriod cleanFileForciblyEnable cleanOfflineBrokerInterval cleanResourceInterval ' +
  'cleanRocksDBDirtyCQIntervalMin cleanSwapedMapInterval clearRetryTopicWhenDeleteTopic clientAsyncSemaphoreValue ' +
  'clientCallbackExecutorThreads clientChannelMaxIdleTimeSeconds clientCloseSocketIfTimeout clientManageThreadPoolNums ' +
  'clientManagerThreadPoolQueueCapacity clientOnewaySemaphoreValue clientPooledByteBufAllocatorEnable clientSocketRcvBufSize ' +
  'clientSocketSndBufSize clientWorkerThreads clusterName clusterTopicEnable coldCtrStrategyEnable coldDataFlowControlEnable ' +
  'coldDataScanEnable combineAssignOffsetCQType combineCQEnableCheckSelf combineCQLoadingCQTypes ' +
  'combineCQMaxExtraSearchCommitLogFiles combineCQPreferCQType commercialBaseCount commercialSizePerMsg ' +
  'commitCommitLogLeastPages commitCommitLogThoroughInterval commitIntervalCommitLog commitLogForceSwapMapInterval ' +
  'commitLogRollingInterval commitLogRollingMinimumSize commitLogSwapMapInterval commitLogSwapMapReserveFileNum ' +
  'compactionCqMappedFileSize compactionMappedFileSize compactionScheduleInternal compactionThreadNum compatibleWithOldNameSrv ' +
  'compressedRegister configBlackList configManagerVersion configName connectTimeoutMillis consumerFallbehindThreshold ' +
  'consumerManageThreadPoolNums consumerManagerThreadPoolQueueCapacity consumerOffsetUpdateVersionStep controllerAddr ' +
  'controllerHeartBeatTimeoutMills correctLogicMinOffsetForceInterval correctLogicMinOffsetSleepInterval dLegerGroup ' +
  'dLegerPeers dLegerSelfId dataReadAheadEnable debugLockEnable defaultMessageRequestMode defaultPopShareQueueNum ' +
  'defaultQueryMaxNum defaultTopicQueueNums delayOffsetUpdateVersionStep deleteCommitLogFilesInterval ' +
  'deleteConsumeQueueFilesInterval deleteFileBatchMax deleteWhen destroyMapedFileIntervalForcibly disableCallbackExecutor ' +
  'disableConsumeIfConsumerReadSlowly disableNettyWorkerGroup disappearTimeAfterStart diskFallRecorded diskMaxUsedSpaceRatio ' +
  'diskSpaceCleanForciblyRatio diskSpaceWarningLevelRatio dispatchCqCacheNum dispatchCqThreads dispatchFromSenderThread ' +
  'duplicationEnable enableAcceleratedRecovery enableAsyncReput enableAutoInSyncReplicas enableBatchPush ' +
  'enableBroadcastOffsetStore enableBuildConsumeQueueConcurrently enableCalcFilterBitMap enableCleanExpiredOffset ' +
  'enableCompaction enableConnectionMetrics enableConsumeQueueExt enableControllerMode enableCreateSysGroup ' +
  'enableDLegerCommitLog enableDetailStat enableFastChannelEventProcess enableLagAndDlqMetrics enableLmq enableLmqStats ' +
  'enableLogConsumeQueueRepeatedlyBuildWhenRecover enableMessageStoreMetrics enableMixedMessageType enableMultiDispatch ' +
  'enableNetWorkFlowControl enableNotifyAfterPopOrderLockRelease enableNotifyBeforePopCalculateLag enablePopBatchAck ' +
  'enablePopBufferMerge enablePopLog enablePopMessageThreshold enablePopMetrics enablePropertyFilter enableReconnectForGoAway ' +
  'enableRegisterProducer enableRemoteEscape enableRemotingMetrics enableRequestMetrics enableRetryTopicV2 enableRocksDBLog ' +
  'enableRunningFlagsInFlush enableScheduleAsyncDeliver enableScheduleMessageStats enableShutdownGracefully ' +
  'enableSingleTopicRegister enableSkipLongAwaitingAck enableSlaveActingMaster enableSplitMetadata enableSplitRegistration ' +
  'enableStatsMetrics enableTransactionMetrics enabledAppendPropCRC endTransactionPoolQueueCapacity estimateAccumulation ' +
  'expectConsumerNumUseFilter fastFailIfNoBufferInStorePool fetchControllerAddrByDnsLookup fetchNameSrvAddrByDnsLookup ' +
  'fetchNamesrvAddrByAddressServer fetchNamesrvAddrInterval fileReservedTime filterDataCleanTimeSpan filterSupportRetry ' +
  'flushCommitLogLeastPages flushCommitLogThoroughInterval flushCommitLogTimed flushConsumeQueueLeastPages ' +
  'flushConsumeQueueThoroughInterval flushConsumerOffsetHistoryInterval flushConsumerOffsetInterval flushDelayOffsetInterval ' +
  'flushDiskType flushIntervalCommitLog flushIntervalConsumeQueue flushLeastPagesWhenWarmMapedFile forceRegister ' +
  'forceVerifyPropCRC forwardTimeout globalColdReadThreshold haFlowControlEnable haHousekeepingInterval haListenPort ' +
  'haMasterAddress haMaxGapNotInSync haMaxTimeSlaveNotCatchup haSendHeartbeatInterval haTransferBatchSize ' +
  'heartbeatThreadPoolNums heartbeatThreadPoolQueueCapacity highSpeedMode inSyncReplicas initAuthenticationUser ' +
  'initPopOffsetByCheckMsgInMem innerClientAuthenticationCredentials isBrokerContainer isInBrokerContainer ' +
  'isScanAvailableNameSrv isolateLogEnable listenPort litePullMessageEnable litePullMessageThreadPoolNums ' +
  'litePullThreadPoolQueueCapacity loadBalancePollNameServerInterval loadBalanceProcessorThreadPoolNums ' +
  'loadBalanceThreadPoolQueueCapacity lockInStrictMode logicQueueForceSwapMapInterval logicQueueSwapMapInterval ' +
  'logicQueueSwapMapReserveFileNum logicalDiskSpaceCleanForciblyThreshold longPollingEnable mappedFileSizeCommitLog ' +
  'mappedFileSizeConsumeQueue mappedFileSizeConsumeQueueExt mappedFileSizeTimerLog mappedFileSwapEnable ' +
  'mapperFileSizeBatchConsumeQueue maxAsyncPutMessageRequests maxBatchDeleteFilesNum maxChecksumRange maxConsumeQueueScan ' +
  'maxErrorRateOfBloomFilter maxFilterMessageSize maxHaTransferByteInSecond maxHashSlotNum maxIndexNum maxLmqConsumeQueueNum ' +
  'maxMessageSize maxMsgsNumBatch maxOffsetMapSize maxPopPollingSize maxReconnectIntervalTimeSeconds maxRecoveryCommitlogFiles ' +
  'maxSlaveResendLength maxStatsIdleTimeInMinutes maxTopicLength maxTransferBytesOnMessageInDisk ' +
  'maxTransferBytesOnMessageInMemory maxTransferCountOnMessageInDisk maxTransferCountOnMessageInMemory memTableFlushIntervalMs ' +
  'messageDelayLevel messageIndexEnable messageIndexSafe messageStorePlugIn metricGrpcExporterIntervalInMills ' +
  'metricGrpcExporterTimeOutInMills metricLoggingExporterIntervalInMills metricsExporterType metricsGrpcExporterHeader ' +
  'metricsGrpcExporterTarget metricsInDelta metricsLabel metricsOtelCardinalityLimit metricsPromExporterHost ' +
  'metricsPromExporterPort migrateAuthFromV1Enabled minInSyncReplicas msgTraceTopicName namesrvAddr ' +
  'notifyConsumerIdsChangedEnable objectStoreAccessKey objectStoreBucket objectStoreEndpoint objectStoreSecretKey ' +
  'offsetCheckInSlave osPageCacheBusyTimeOutMills popCkMaxBufferSize popCkOffsetMaxQueueSize popCkStayBufferTime ' +
  'popCkStayBufferTimeOut popConsumerFSServiceInit popConsumerKVServiceEnable popConsumerKVServiceInit popConsumerKVServiceLog ' +
  'popFromRetryProbability popInflightMessageThreshold popLongPollingForceNotifyInterval popPollingMapExpireTimeSeconds ' +
  'popPollingMapSize popPollingSize popResponseReturnActualRetryTopic popReviveMaxAttemptTimes popReviveMaxReturnSizePerRead ' +
  'preferredLeaderId printChannelGroups printChannelGroupsMinNum processReplyMessageThreadPoolNums pullBatchMaxMessageCount ' +
  'pullMessageThreadPoolNums pullThreadPoolQueueCapacity putConsumeQueueDataByFileChannel putMessageFutureThreadPoolNums ' +
  'putMessageTimeout putMsgIndexHightWater putThreadPoolQueueCapacity queryMessageThreadPoolNums queryThreadPoolQueueCapacity ' +
  'readAheadCacheEnable readAheadCacheExpireDuration readAheadCacheSizeThresholdRate readAheadMessageCountThreshold ' +
  'readAheadMessageSizeThreshold readOnlyCommitLogStorePaths readUnCommitted realTimeNotifyConsumerChange ' +
  'realTimePersistRocksDBConfig recallMessageEnable recheckReputOffsetFromCq recordGetMessageResult recoverConcurrently ' +
  'recoverThreadPoolNums redeleteHangedFileInterval regionId registerBrokerTimeoutMills registerNameServerPeriod ' +
  'rejectPullConsumerEnable rejectTransactionMessage replicasPerDiskPartition replyThreadPoolQueueCapacity ' +
  'retrieveMessageFromPopRetryTopicV1 reviveAckWaitMs reviveInterval reviveMaxSlow reviveQueueNum reviveScanTime rocketmqHome ' +
  'rocksdbCQDoubleWriteEnable rocksdbCompressionType rocksdbFlushWalFrequency rocksdbWalFileRollingThreshold ' +
  'sampleCountThreshold sampleSteps scheduleAsyncDeliverMaxPendingLimit scheduleAsyncDeliverMaxResendNum2Blocked ' +
  'searchBcqByCacheEnable sendHeartbeatTimeoutMillis sendMessageThreadPoolNums sendThreadPoolQueueCapacity ' +
  'serverAsyncSemaphoreValue serverCallbackExecutorThreads serverChannelMaxIdleTimeSeconds serverLoadBalancerEnable ' +
  'serverNettyWorkerGroupEnable serverOnewaySemaphoreValue serverPooledByteBufAllocatorEnable serverSelectorThreads ' +
  'serverSocketBacklog serverSocketRcvBufSize serverSocketSndBufSize serverWorkerThreads shortPollingTimeMills ' +
  'shutdownWaitTimeSeconds skipPreOnline skipWhenCKRePutReachMaxTimes slaveReadEnable slaveTimeout socksProxyConfig ' +
  'spinLockCollisionRetreatOptimalDegree splitMetadataSize splitRegistrationSize startAcceptSendRequestTimeStamp ' +
  'statRocksDBCQIntervalSec statefulAuthenticationCacheExpiredSecond statefulAuthenticationCacheMaxNum ' +
  'statefulAuthorizationCacheExpiredSecond statefulAuthorizationCacheMaxNum storePathBrokerIdentity storePathCommitLog ' +
  'storePathDLedgerCommitLog storePathEpochFile storePathRootDir storeReplyMessageEnable storeType subscriptionExpiredTimeout ' +
  'syncBrokerMemberGroupPeriod syncBrokerMetadataPeriod syncControllerMetadataPeriod syncFlushTimeout syncFromLastFile ' +
  'syncMasterFlushOffsetWhenStartup tieredBackendServiceProvider tieredMetadataServiceProvider tieredStorageLevel ' +
  'tieredStoreCommitLogMaxSize tieredStoreConsumeQueueMaxSize tieredStoreCrcCheckEnable tieredStoreDeleteFileEnable ' +
  'tieredStoreDeleteFileInterval tieredStoreFilePath tieredStoreFileReservedTime tieredStoreGroupCommit ' +
  'tieredStoreGroupCommitCount tieredStoreGroupCommitSize tieredStoreGroupCommitTimeout tieredStoreIndexFileMaxHashSlotNum ' +
  'tieredStoreIndexFileMaxIndexNum tieredStoreMaxGroupCommitCount tieredStoreMaxPendingLimit timerCheckMetricsWhen ' +
  'timerColdDataCheckIntervalMs timerCongestNumEachSlot timerEnableCheckMetrics timerEnableDisruptor ' +
  'timerEnableRetryUntilSuccess timerFlushIntervalMs timerGetMessageThreadNum timerInterceptDelayLevel timerMaxDelaySec ' +
  'timerMetricSmallThreshold timerPrecisionMs timerProgressLogIntervalMs timerPutMessageThreadNum timerRollWindowSlot ' +
  'timerSkipUnknownError timerStopDequeue timerStopEnqueue timerWarmEnable timerWheelEnable topicQueueLockNum totalReplicas ' +
  'traceOn traceTopicEnable transactionCheckInterval transactionCheckMax transactionMetricFlushInterval ' +
  'transactionOpBatchInterval transactionOpMsgMaxSize transactionTimeOut transferMsgByHeap transientStorePoolEnable ' +
  'transientStorePoolSize travelCqFileNumWhenGetMessage updateNameServerAddrPeriod useABSLock useEpollNativeSelector ' +
  'usePIDColdCtrStrategy useReentrantLockWhenPutMessage useServerSideResetOffset useStaticSubscription userCacheExpiredSecond ' +
  'userCacheMaxNum userCacheRefreshSecond validateSystemTopicWhenUpdateTopic waitTimeMillsInAckQueue ' +
  'waitTimeMillsInAdminBrokerQueue waitTimeMillsInHeartbeatQueue waitTimeMillsInLitePullQueue waitTimeMillsInPullQueue ' +
  'waitTimeMillsInSendQueue waitTimeMillsInTransactionQueue wakeCommitWhenPutMessage wakeFlushWhenPutMessage ' +
  'warmMapedFileEnable writeBufferHighWaterMark writeBufferLowWaterMark writeWithoutMmap'
).split(' ');

/** Setters of Apache's NamesrvConfig, ControllerConfig, NettyServerConfig, NettyClientConfig and AuthConfig. */
export const APACHE_NAME_SERVER_KEYS: readonly string[] = (
  'aclCacheExpiredSecond aclCacheMaxNum aclCacheRefreshSecond authConfigPath authenticationEnabled ' +
  'authenticationMetadataProvider authenticationProvider authenticationStrategy authenticationWhitelist authorizationEnabled ' +
  'authorizationMetadataProvider authorizationProvider authorizationStrategy authorizationWhitelist bindAddress ' +
  'channelNotActiveInterval clientAsyncSemaphoreValue clientCallbackExecutorThreads clientChannelMaxIdleTimeSeconds ' +
  'clientCloseSocketIfTimeout clientOnewaySemaphoreValue clientPooledByteBufAllocatorEnable clientRequestThreadPoolNums ' +
  'clientRequestThreadPoolQueueCapacity clientSocketRcvBufSize clientSocketSndBufSize clientWorkerThreads clusterName ' +
  'clusterTest configBlackList configName configStorePath connectTimeoutMillis controllerDLegerGroup controllerDLegerPeers ' +
  'controllerDLegerSelfId controllerRequestThreadPoolQueueCapacity controllerStorePath controllerThreadPoolNums controllerType ' +
  'defaultThreadPoolNums defaultThreadPoolQueueCapacity deleteTopicWithBrokerRegistration disableCallbackExecutor ' +
  'disableNettyWorkerGroup electMasterMaxRetryCount enableAllTopicList enableControllerInNamesrv enableElectUncleanMaster ' +
  'enableReconnectForGoAway enableShutdownGracefully enableTopicList initAuthenticationUser ' +
  'innerClientAuthenticationCredentials isProcessReadEvent isScanAvailableNameSrv jraftConfig kvConfigPath listenPort ' +
  'mappedFileSize maxReconnectIntervalTimeSeconds metricGrpcExporterIntervalInMills metricGrpcExporterTimeOutInMills ' +
  'metricLoggingExporterIntervalInMills metricsExporterType metricsGrpcExporterHeader metricsGrpcExporterTarget metricsInDelta ' +
  'metricsLabel metricsPromExporterHost metricsPromExporterPort migrateAuthFromV1Enabled needWaitForService ' +
  'notifyBrokerRoleChanged notifyMinBrokerIdChanged orderMessageEnable productEnvName returnOrderTopicConfigToBroker ' +
  'rocketmqHome scanInactiveMasterInterval scanNotActiveBrokerInterval serverAsyncSemaphoreValue serverCallbackExecutorThreads ' +
  'serverChannelMaxIdleTimeSeconds serverNettyWorkerGroupEnable serverOnewaySemaphoreValue serverPooledByteBufAllocatorEnable ' +
  'serverSelectorThreads serverSocketBacklog serverSocketRcvBufSize serverSocketSndBufSize serverWorkerThreads ' +
  'shutdownWaitTimeSeconds socksProxyConfig statefulAuthenticationCacheExpiredSecond statefulAuthenticationCacheMaxNum ' +
  'statefulAuthorizationCacheExpiredSecond statefulAuthorizationCacheMaxNum supportActingMaster unRegisterBrokerQueueCapacity ' +
  'useEpollNativeSelector userCacheExpiredSecond userCacheMaxNum userCacheRefreshSecond waitSecondsForService ' +
  'writeBufferHighWaterMark writeBufferLowWaterMark'
).split(' ');
