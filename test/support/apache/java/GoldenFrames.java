import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.rocketmq.common.UtilAll;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.apache.rocketmq.remoting.protocol.header.*;
import org.apache.rocketmq.remoting.protocol.header.namesrv.*;

/** Frames of every command that clients, brokers and name servers exchange. */
final class GoldenFrames {
    private static final String AUTO_CREATE_TOPIC = "TBW102";
    private static final String PROPERTIES = "KEYS\u0001order-7\u0002TAGS\u0001paid\u0002UNIQ_KEY\u00017F0000012A3C18B4AAC2000000000001\u0002WAIT\u0001true\u0002";
    private static final String MESSAGE_ID = "7F0000012A3C18B4AAC2000000000001";
    private static final String OFFSET_ID = "7F00000100002A9F0000000000000400";
    private static final String RECEIPT = ExtraInfoUtil.buildExtraInfo(12, Golden.TIME, 60000, 3, "Orders", "broker-a", 1, 12);

    private final FrameBook book = new FrameBook();

    void write(Path directory) throws IOException {
        framing();
        sending();
        transactions();
        pulling();
        offsets();
        clients();
        queries();
        topicsAndGroups();
        routes();
        replies();
        pop();
        consumerAdmin();
        book.write(directory);
    }

    private void framing() {
        book.area("framing")
            .request("no-header", RequestCode.GET_ALL_TOPIC_LIST_FROM_NAMESERVER, null)
            .request("header-without-values", RequestCode.HEART_BEAT, HeartbeatRequestHeader.class)
            .request("inherited-fields", RequestCode.GET_MAX_OFFSET, GetMaxOffsetRequestHeader.class,
                "topic", "Orders", "queueId", "3", "ns", "tenant-1", "nsd", "true", "bname", "broker-a", "oway", "false", "lo", "false")
            .request("text-to-escape", RequestCode.PUT_KV_CONFIG, PutKVConfigRequestHeader.class,
                "namespace", "quote \" backslash \\ slash /", "key", "\u00fcml\u00e4ut \u8ba2\u5355 \ud83d\ude80", "value", "tab\t newline\n bell\u0007 \u2028 \u007f </script>")
            .response("error-with-remark", ResponseCode.SYSTEM_ERROR, null, "no \"queue\" 7 for topic\nOrders", null)
            .response("success-without-anything", ResponseCode.SUCCESS, null, null, null)
            .request("largest-numbers", RequestCode.UPDATE_CONSUMER_OFFSET, UpdateConsumerOffsetRequestHeader.class,
                "consumerGroup", "G", "topic", "T", "queueId", "2147483647", "commitOffset", "9223372036854775807");
    }

    private void sending() {
        byte[] body = Golden.utf8("{\"orderId\":7}");
        String[] plain = {"producerGroup", "PG_orders", "topic", "Orders", "defaultTopic", AUTO_CREATE_TOPIC, "defaultTopicQueueNums", "4",
            "queueId", "2", "sysFlag", "0", "bornTimestamp", Long.toString(Golden.TIME), "flag", "0", "properties", PROPERTIES, "reconsumeTimes", "0",
            "unitMode", "false", "maxReconsumeTimes", "16", "batch", "false", "bname", "broker-a"};
        String[] shortKeys = {"a", "PG_orders", "b", "Orders", "c", AUTO_CREATE_TOPIC, "d", "4", "e", "2", "f", "0", "g", Long.toString(Golden.TIME),
            "h", "0", "i", PROPERTIES, "j", "0", "k", "false", "l", "16", "m", "false", "n", "broker-a"};
        byte[] batch = batchBody();
        book.area("send")
            .request("send-message", RequestCode.SEND_MESSAGE, SendMessageRequestHeader.class, body, plain)
            .request("send-message-v2", RequestCode.SEND_MESSAGE_V2, SendMessageRequestHeaderV2.class, body, shortKeys)
            .oneway("send-message-v2-oneway", RequestCode.SEND_MESSAGE_V2, SendMessageRequestHeaderV2.class, body, shortKeys)
            .request("send-batch-message", RequestCode.SEND_BATCH_MESSAGE, SendMessageRequestHeaderV2.class, batch,
                "a", "PG_orders", "b", "Orders", "c", AUTO_CREATE_TOPIC, "d", "4", "e", "2", "f", "0", "g", Long.toString(Golden.TIME),
                "h", "0", "i", "WAIT\u0001true", "j", "0", "k", "false", "m", "true", "n", "broker-a")
            .response("send-message-response", ResponseCode.SUCCESS, SendMessageResponseHeader.class, null, null,
                "msgId", OFFSET_ID, "queueId", "2", "queueOffset", "41", "transactionId", MESSAGE_ID)
            .response("send-message-response-recallable", ResponseCode.SUCCESS, SendMessageResponseHeader.class, null, null,
                "msgId", OFFSET_ID, "queueId", "2", "queueOffset", "41", "recallHandle", "djEgT3JkZXJzIGJyb2tlci1hIDE3MDQgaWQ=")
            .response("send-batch-message-response", ResponseCode.SUCCESS, SendMessageResponseHeader.class, null, null,
                "msgId", OFFSET_ID + "," + "7F00000100002A9F0000000000000500", "queueId", "2", "queueOffset", "41", "batchUniqId", MESSAGE_ID)
            .response("send-message-flush-disk-timeout", ResponseCode.FLUSH_DISK_TIMEOUT, SendMessageResponseHeader.class, null, null,
                "msgId", OFFSET_ID, "queueId", "2", "queueOffset", "41")
            .response("send-message-busy", ResponseCode.SYSTEM_BUSY, SendMessageResponseHeader.class, "[PC_SYNCHRONIZED]broker busy", null)
            .request("recall-message", RequestCode.RECALL_MESSAGE, RecallMessageRequestHeader.class,
                "producerGroup", "PG_orders", "topic", "Orders", "recallHandle", "djEgT3JkZXJzIGJyb2tlci1hIDE3MDQgaWQ=")
            .response("recall-message-response", ResponseCode.SUCCESS, RecallMessageResponseHeader.class, null, null, "msgId", MESSAGE_ID)
            .request("consumer-send-msg-back", RequestCode.CONSUMER_SEND_MSG_BACK, ConsumerSendMsgBackRequestHeader.class,
                "offset", "1024", "group", "CG_orders", "delayLevel", "3", "originMsgId", MESSAGE_ID, "originTopic", "Orders", "unitMode", "false", "maxReconsumeTimes", "16")
            .response("consumer-send-msg-back-response", ResponseCode.SUCCESS, null, null, null);
    }

    private static byte[] batchBody() {
        Message one = new Message("Orders", "a", "k1", Golden.utf8("one"));
        Message two = new Message("Orders", "b", "k2", Golden.utf8("two"));
        return MessageDecoder.encodeMessages(List.of(one, two));
    }

    private void transactions() {
        String[] end = {"producerGroup", "PG_orders", "tranStateTableOffset", "5", "commitLogOffset", "1024", "msgId", MESSAGE_ID, "transactionId", MESSAGE_ID, "bname", "broker-a", "topic", "Orders"};
        book.area("transactions")
            .oneway("end-transaction-commit", RequestCode.END_TRANSACTION, EndTransactionRequestHeader.class, null, with(end, "commitOrRollback", "8", "fromTransactionCheck", "false"))
            .oneway("end-transaction-rollback", RequestCode.END_TRANSACTION, EndTransactionRequestHeader.class, null, with(end, "commitOrRollback", "12", "fromTransactionCheck", "true"))
            .response("end-transaction-response", ResponseCode.SUCCESS, EndTransactionResponseHeader.class, null, null)
            .oneway("check-transaction-state", RequestCode.CHECK_TRANSACTION_STATE, CheckTransactionStateRequestHeader.class, GoldenMessages.sampleRecord(),
                "topic", "Orders", "tranStateTableOffset", "5", "commitLogOffset", "1024", "msgId", MESSAGE_ID, "transactionId", MESSAGE_ID, "offsetMsgId", OFFSET_ID, "bname", "broker-a")
            .request("resume-check-half-message", RequestCode.RESUME_CHECK_HALF_MESSAGE, ResumeCheckHalfMessageRequestHeader.class, "topic", "RMQ_SYS_TRANS_HALF_TOPIC", "msgId", OFFSET_ID);
    }

    private static String[] with(String[] fields, String... more) {
        String[] out = java.util.Arrays.copyOf(fields, fields.length + more.length);
        System.arraycopy(more, 0, out, fields.length, more.length);
        return out;
    }

    private void pulling() {
        String[] pull = {"consumerGroup", "CG_orders", "topic", "Orders", "queueId", "1", "queueOffset", "40", "maxMsgNums", "32", "sysFlag", "6", "commitOffset", "0",
            "suspendTimeoutMillis", "15000", "subscription", "paid || shipped", "subVersion", Long.toString(Golden.TIME), "expressionType", "TAG", "bname", "broker-a"};
        book.area("pull")
            .request("pull-message", RequestCode.PULL_MESSAGE, PullMessageRequestHeader.class, with(pull, "maxMsgBytes", "2147483647"))
            .request("pull-message-all-fields", RequestCode.PULL_MESSAGE, PullMessageRequestHeader.class,
                with(pull, "maxMsgBytes", "262144", "requestSource", "0", "proxyFrowardClientId", "10.0.0.7@31"))
            .request("lite-pull-message", RequestCode.LITE_PULL_MESSAGE, PullMessageRequestHeader.class, pull)
            .response("pull-message-response", ResponseCode.SUCCESS, PullMessageResponseHeader.class, "FOUND", GoldenMessages.sampleRecord(),
                "suggestWhichBrokerId", "0", "nextBeginOffset", "41", "minOffset", "0", "maxOffset", "41", "offsetDelta", "0", "topicSysFlag", "0", "groupSysFlag", "0")
            .response("pull-message-response-not-found", ResponseCode.PULL_NOT_FOUND, PullMessageResponseHeader.class, "OFFSET_OVERFLOW_ONE", null,
                "suggestWhichBrokerId", "0", "nextBeginOffset", "41", "minOffset", "0", "maxOffset", "41")
            .response("pull-message-response-offset-moved", ResponseCode.PULL_OFFSET_MOVED, PullMessageResponseHeader.class, "OFFSET_OVERFLOW_BADLY", null,
                "suggestWhichBrokerId", "1", "nextBeginOffset", "41", "minOffset", "0", "maxOffset", "41", "forbiddenType", "0");
    }

    private void offsets() {
        book.area("offsets")
            .request("query-consumer-offset", RequestCode.QUERY_CONSUMER_OFFSET, QueryConsumerOffsetRequestHeader.class, "consumerGroup", "CG_orders", "topic", "Orders", "queueId", "1", "bname", "broker-a")
            .request("query-consumer-offset-not-zero", RequestCode.QUERY_CONSUMER_OFFSET, QueryConsumerOffsetRequestHeader.class,
                "consumerGroup", "CG_orders", "topic", "Orders", "queueId", "1", "setZeroIfNotFound", "false")
            .response("query-consumer-offset-response", ResponseCode.SUCCESS, QueryConsumerOffsetResponseHeader.class, null, null, "offset", "41")
            .response("query-consumer-offset-not-found", ResponseCode.QUERY_NOT_FOUND, QueryConsumerOffsetResponseHeader.class, "Not found, V3_0_6_SNAPSHOT maybe this group consumer boot first", null)
            .oneway("update-consumer-offset", RequestCode.UPDATE_CONSUMER_OFFSET, UpdateConsumerOffsetRequestHeader.class, null,
                "consumerGroup", "CG_orders", "topic", "Orders", "queueId", "1", "commitOffset", "41", "bname", "broker-a")
            .response("update-consumer-offset-response", ResponseCode.SUCCESS, UpdateConsumerOffsetResponseHeader.class, null, null)
            .request("search-offset-by-timestamp", RequestCode.SEARCH_OFFSET_BY_TIMESTAMP, SearchOffsetRequestHeader.class,
                "topic", "Orders", "queueId", "1", "timestamp", Long.toString(Golden.TIME), "boundaryType", "LOWER", "bname", "broker-a")
            .request("search-offset-by-timestamp-upper", RequestCode.SEARCH_OFFSET_BY_TIMESTAMP, SearchOffsetRequestHeader.class,
                "topic", "Orders", "queueId", "1", "timestamp", Long.toString(Golden.TIME), "boundaryType", "UPPER")
            .response("search-offset-response", ResponseCode.SUCCESS, SearchOffsetResponseHeader.class, null, null, "offset", "17")
            .request("get-max-offset", RequestCode.GET_MAX_OFFSET, GetMaxOffsetRequestHeader.class, "topic", "Orders", "queueId", "1", "committed", "true", "bname", "broker-a")
            .response("get-max-offset-response", ResponseCode.SUCCESS, GetMaxOffsetResponseHeader.class, null, null, "offset", "41")
            .request("get-min-offset", RequestCode.GET_MIN_OFFSET, GetMinOffsetRequestHeader.class, "topic", "Orders", "queueId", "1", "bname", "broker-a")
            .response("get-min-offset-response", ResponseCode.SUCCESS, GetMinOffsetResponseHeader.class, null, null, "offset", "0")
            .request("get-earliest-msg-storetime", RequestCode.GET_EARLIEST_MSG_STORETIME, GetEarliestMsgStoretimeRequestHeader.class, "topic", "Orders", "queueId", "1", "bname", "broker-a")
            .response("get-earliest-msg-storetime-response", ResponseCode.SUCCESS, GetEarliestMsgStoretimeResponseHeader.class, null, null, "timestamp", Long.toString(Golden.TIME));
    }

    private void clients() {
        book.area("clients")
            .request("heart-beat", RequestCode.HEART_BEAT, HeartbeatRequestHeader.class, GoldenBodies.heartbeat().encode())
            .response("heart-beat-response", ResponseCode.SUCCESS, null, null, null)
            .request("unregister-producer", RequestCode.UNREGISTER_CLIENT, UnregisterClientRequestHeader.class, "clientID", "10.0.0.7@31", "producerGroup", "PG_orders")
            .request("unregister-consumer", RequestCode.UNREGISTER_CLIENT, UnregisterClientRequestHeader.class, "clientID", "10.0.0.7@31", "consumerGroup", "CG_orders")
            .response("unregister-client-response", ResponseCode.SUCCESS, UnregisterClientResponseHeader.class, null, null)
            .request("get-consumer-list-by-group", RequestCode.GET_CONSUMER_LIST_BY_GROUP, GetConsumerListByGroupRequestHeader.class, "consumerGroup", "CG_orders")
            .response("get-consumer-list-by-group-response", ResponseCode.SUCCESS, GetConsumerListByGroupResponseHeader.class, null, GoldenBodies.consumerIds().encode())
            .response("get-consumer-list-by-group-none", ResponseCode.SYSTEM_ERROR, GetConsumerListByGroupResponseHeader.class, "no consumer for this group, CG_orders", null)
            .oneway("notify-consumer-ids-changed", RequestCode.NOTIFY_CONSUMER_IDS_CHANGED, NotifyConsumerIdsChangedRequestHeader.class, null, "consumerGroup", "CG_orders")
            .request("lock-batch-mq", RequestCode.LOCK_BATCH_MQ, LockBatchMqRequestHeader.class, GoldenBodies.lockRequest().encode())
            .response("lock-batch-mq-response", ResponseCode.SUCCESS, null, null, GoldenBodies.lockResponse().encode())
            .oneway("unlock-batch-mq", RequestCode.UNLOCK_BATCH_MQ, UnlockBatchMqRequestHeader.class, GoldenBodies.unlockRequest().encode())
            .request("check-client-config", RequestCode.CHECK_CLIENT_CONFIG, null, GoldenBodies.checkClient().encode());
    }

    private void queries() {
        book.area("queries")
            .request("query-message", RequestCode.QUERY_MESSAGE, QueryMessageRequestHeader.class,
                "topic", "Orders", "key", "order-7", "maxNum", "32", "beginTimestamp", "0", "endTimestamp", "9223372036854775807", "bname", "broker-a")
            .request("query-message-unique", RequestCode.QUERY_MESSAGE, QueryMessageRequestHeader.class,
                "topic", "Orders", "key", MESSAGE_ID, "maxNum", "32", "beginTimestamp", "0", "endTimestamp", "9223372036854775807", "indexType", "U")
            .response("query-message-response", ResponseCode.SUCCESS, QueryMessageResponseHeader.class, null, GoldenMessages.sampleRecord(),
                "indexLastUpdateTimestamp", Long.toString(Golden.TIME), "indexLastUpdatePhyoffset", "1024")
            .request("view-message-by-id", RequestCode.VIEW_MESSAGE_BY_ID, ViewMessageRequestHeader.class, "topic", "Orders", "offset", "1024")
            .response("view-message-by-id-response", ResponseCode.SUCCESS, ViewMessageResponseHeader.class, null, GoldenMessages.sampleRecord())
            .request("query-consume-queue", RequestCode.QUERY_CONSUME_QUEUE, QueryConsumeQueueRequestHeader.class,
                "topic", "Orders", "queueId", "1", "index", "0", "count", "8", "consumerGroup", "CG_orders");
    }

    private void topicsAndGroups() {
        book.area("topics-and-groups")
            .request("update-and-create-topic", RequestCode.UPDATE_AND_CREATE_TOPIC, CreateTopicRequestHeader.class,
                "topic", "Orders", "defaultTopic", AUTO_CREATE_TOPIC, "readQueueNums", "8", "writeQueueNums", "8", "perm", "6",
                "topicFilterType", "SINGLE_TAG", "topicSysFlag", "0", "order", "false", "attributes", "+message.type=FIFO")
            .response("update-and-create-topic-response", ResponseCode.SUCCESS, null, null, null)
            .request("update-and-create-topic-list", RequestCode.UPDATE_AND_CREATE_TOPIC_LIST, CreateTopicListRequestHeader.class, GoldenBodies.topicConfigList().encode())
            .request("get-all-topic-config", RequestCode.GET_ALL_TOPIC_CONFIG, GetAllTopicConfigRequestHeader.class)
            .response("get-all-topic-config-response", ResponseCode.SUCCESS, GetAllTopicConfigResponseHeader.class, null, GoldenBodies.topicConfigs().encode())
            .request("delete-topic-in-broker", RequestCode.DELETE_TOPIC_IN_BROKER, DeleteTopicRequestHeader.class, "topic", "Orders")
            .request("delete-topic-in-namesrv", RequestCode.DELETE_TOPIC_IN_NAMESRV, DeleteTopicFromNamesrvRequestHeader.class, "topic", "Orders", "clusterName", "DefaultCluster")
            .request("get-topic-config", RequestCode.GET_TOPIC_CONFIG, GetTopicConfigRequestHeader.class, "topic", "Orders", "lo", "true")
            .response("get-topic-config-response", ResponseCode.SUCCESS, null, null, GoldenBodies.topicConfigWithMapping())
            .request("get-topic-stats-info", RequestCode.GET_TOPIC_STATS_INFO, GetTopicStatsInfoRequestHeader.class, "topic", "Orders")
            .response("get-topic-stats-info-response", ResponseCode.SUCCESS, null, null, GoldenBodies.topicStats().encode())
            .request("update-and-create-subscription-group", RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP, null, GoldenBodies.groupConfigBytes())
            .request("get-all-subscription-group-config", RequestCode.GET_ALL_SUBSCRIPTIONGROUP_CONFIG, GetAllSubscriptionGroupRequestHeader.class)
            .response("get-all-subscription-group-config-response", ResponseCode.SUCCESS, GetAllSubscriptionGroupResponseHeader.class, null, GoldenBodies.groups().encode())
            .request("delete-subscription-group", RequestCode.DELETE_SUBSCRIPTIONGROUP, DeleteSubscriptionGroupRequestHeader.class, "groupName", "CG_orders", "cleanOffset", "true")
            .request("get-subscription-group-config", RequestCode.GET_SUBSCRIPTIONGROUP_CONFIG, GetSubscriptionGroupConfigRequestHeader.class, "group", "CG_orders")
            .response("get-subscription-group-config-response", ResponseCode.SUCCESS, null, null, GoldenBodies.groupConfigBytes())
            .response("get-all-consumer-offset-response", ResponseCode.SUCCESS, null, null, GoldenBodies.consumerOffsets().encode());
    }

    private void routes() {
        byte[] plain = GoldenBodies.registerBroker().encode(false);
        byte[] compressed = GoldenBodies.registerBroker().encode(true);
        String[] broker = {"brokerName", "broker-a", "brokerAddr", "127.0.0.1:10911", "clusterName", "DefaultCluster", "brokerId", "0"};
        book.area("name-server")
            .request("register-broker", RequestCode.REGISTER_BROKER, RegisterBrokerRequestHeader.class, plain,
                with(broker, "haServerAddr", "127.0.0.1:10912", "enableActingMaster", "false", "compressed", "false", "bodyCrc32", Integer.toString(UtilAll.crc32(plain))))
            .request("register-broker-compressed", RequestCode.REGISTER_BROKER, RegisterBrokerRequestHeader.class, compressed,
                with(broker, "haServerAddr", "127.0.0.1:10912", "heartbeatTimeoutMillis", "120000", "enableActingMaster", "false", "compressed", "true", "bodyCrc32", Integer.toString(UtilAll.crc32(compressed))))
            .response("register-broker-response", ResponseCode.SUCCESS, RegisterBrokerResponseHeader.class, null, GoldenBodies.keyValues().encode(), "haServerAddr", "127.0.0.1:10912", "masterAddr", "127.0.0.1:10911")
            .request("unregister-broker", RequestCode.UNREGISTER_BROKER, UnRegisterBrokerRequestHeader.class, broker)
            .request("query-data-version", RequestCode.QUERY_DATA_VERSION, QueryDataVersionRequestHeader.class, GoldenBodies.dataVersion().encode(), broker)
            .response("query-data-version-response", ResponseCode.SUCCESS, QueryDataVersionResponseHeader.class, null, GoldenBodies.dataVersion().encode(), "changed", "false")
            .request("broker-heartbeat", RequestCode.BROKER_HEARTBEAT, BrokerHeartbeatRequestHeader.class, with(broker, "heartbeatTimeoutMills", "10000"))
            .request("get-route-info", RequestCode.GET_ROUTEINFO_BY_TOPIC, GetRouteInfoRequestHeader.class, "topic", "Orders", "acceptStandardJsonOnly", "true")
            .response("get-route-info-response", ResponseCode.SUCCESS, null, null, GoldenBodies.strictRoute())
            .response("get-route-info-response-old", ResponseCode.SUCCESS, null, null, GoldenBodies.route().encode())
            .response("get-route-info-no-topic", ResponseCode.TOPIC_NOT_EXIST, null, "No topic route info in name server for the topic: Orders\nSee https://rocketmq.apache.org/docs/bestPractice/06FAQ for further details.", null)
            .request("get-broker-cluster-info", RequestCode.GET_BROKER_CLUSTER_INFO, null)
            .response("get-broker-cluster-info-response", ResponseCode.SUCCESS, null, null, GoldenBodies.clusterInfo().encode())
            .request("put-kv-config", RequestCode.PUT_KV_CONFIG, PutKVConfigRequestHeader.class, "namespace", "ORDER_TOPIC_CONFIG", "key", "Orders", "value", "broker-a:4;broker-b:4")
            .request("get-kv-config", RequestCode.GET_KV_CONFIG, GetKVConfigRequestHeader.class, "namespace", "ORDER_TOPIC_CONFIG", "key", "Orders")
            .response("get-kv-config-response", ResponseCode.SUCCESS, GetKVConfigResponseHeader.class, null, null, "value", "broker-a:4;broker-b:4")
            .request("delete-kv-config", RequestCode.DELETE_KV_CONFIG, DeleteKVConfigRequestHeader.class, "namespace", "ORDER_TOPIC_CONFIG", "key", "Orders")
            .request("get-kvlist-by-namespace", RequestCode.GET_KVLIST_BY_NAMESPACE, GetKVListByNamespaceRequestHeader.class, "namespace", "ORDER_TOPIC_CONFIG")
            .response("get-kvlist-by-namespace-response", ResponseCode.SUCCESS, null, null, GoldenBodies.keyValues().encode())
            .request("get-all-topic-list", RequestCode.GET_ALL_TOPIC_LIST_FROM_NAMESERVER, null)
            .response("get-all-topic-list-response", ResponseCode.SUCCESS, null, null, GoldenBodies.topicList().encode())
            .request("wipe-write-perm-of-broker", RequestCode.WIPE_WRITE_PERM_OF_BROKER, WipeWritePermOfBrokerRequestHeader.class, "brokerName", "broker-a")
            .response("wipe-write-perm-of-broker-response", ResponseCode.SUCCESS, WipeWritePermOfBrokerResponseHeader.class, null, null, "wipeTopicCount", "3")
            .request("get-broker-member-group", RequestCode.GET_BROKER_MEMBER_GROUP, GetBrokerMemberGroupRequestHeader.class, "clusterName", "DefaultCluster", "brokerName", "broker-a")
            .response("get-broker-member-group-response", ResponseCode.SUCCESS, null, null, GoldenBodies.memberGroup().encode());
    }

    private void replies() {
        String properties = "CORRELATION_ID\u000142\u0002REPLY_TO_CLIENT\u000110.0.0.7@31\u0002MSG_TYPE\u0001reply\u0002TTL\u00013000\u0002";
        byte[] body = Golden.utf8("pong");
        book.area("request-reply")
            .request("send-reply-message", RequestCode.SEND_REPLY_MESSAGE, SendMessageRequestHeader.class, body,
                "producerGroup", "PG_replies", "topic", "DefaultCluster_REPLY_TOPIC", "defaultTopic", AUTO_CREATE_TOPIC, "defaultTopicQueueNums", "4", "queueId", "0",
                "sysFlag", "0", "bornTimestamp", Long.toString(Golden.TIME), "flag", "0", "properties", properties, "reconsumeTimes", "0", "unitMode", "false", "batch", "false")
            .request("send-reply-message-v2", RequestCode.SEND_REPLY_MESSAGE_V2, SendMessageRequestHeaderV2.class, body,
                "a", "PG_replies", "b", "DefaultCluster_REPLY_TOPIC", "c", AUTO_CREATE_TOPIC, "d", "4", "e", "0", "f", "0", "g", Long.toString(Golden.TIME),
                "h", "0", "i", properties, "j", "0", "k", "false", "m", "false")
            .request("push-reply-message-to-client", RequestCode.PUSH_REPLY_MESSAGE_TO_CLIENT, ReplyMessageRequestHeader.class, body,
                "bornHost", "10.0.0.8:53122", "storeHost", "127.0.0.1:10911", "storeTimestamp", Long.toString(Golden.TIME + 5), "producerGroup", "PG_replies",
                "topic", "DefaultCluster_REPLY_TOPIC", "defaultTopic", AUTO_CREATE_TOPIC, "defaultTopicQueueNums", "4", "queueId", "0", "sysFlag", "0",
                "bornTimestamp", Long.toString(Golden.TIME), "flag", "0", "properties", properties + "PUSH_REPLY_TIME\u0001" + (Golden.TIME + 6) + "\u0002", "reconsumeTimes", "0", "unitMode", "false");
    }

    private void pop() {
        book.area("pop")
            .request("pop-message", RequestCode.POP_MESSAGE, PopMessageRequestHeader.class, "consumerGroup", "CG_orders", "topic", "Orders", "queueId", "-1", "maxMsgNums", "32",
                "invisibleTime", "60000", "pollTime", "15000", "bornTime", Long.toString(Golden.TIME), "initMode", "0", "expType", "TAG", "exp", "*", "order", "false", "attemptId", "attempt-1", "bname", "broker-a")
            .response("pop-message-response", ResponseCode.SUCCESS, PopMessageResponseHeader.class, "FOUND", GoldenMessages.sampleRecord(),
                "popTime", Long.toString(Golden.TIME), "invisibleTime", "60000", "reviveQid", "3", "restNum", "2", "startOffsetInfo", "0 1 12", "msgOffsetInfo", "0 1 12,13", "orderCountInfo", "0 1 1")
            .response("pop-message-polling-timeout", ResponseCode.POLLING_TIMEOUT, PopMessageResponseHeader.class, null, null)
            .request("ack-message", RequestCode.ACK_MESSAGE, AckMessageRequestHeader.class, "consumerGroup", "CG_orders", "topic", "Orders", "queueId", "1", "extraInfo", RECEIPT, "offset", "12", "bname", "broker-a")
            .request("batch-ack-message", RequestCode.BATCH_ACK_MESSAGE, null, GoldenBodies.batchAck().encode())
            .request("change-message-invisible-time", RequestCode.CHANGE_MESSAGE_INVISIBLETIME, ChangeInvisibleTimeRequestHeader.class,
                "consumerGroup", "CG_orders", "topic", "Orders", "queueId", "1", "extraInfo", RECEIPT, "offset", "12", "invisibleTime", "30000", "bname", "broker-a")
            .response("change-message-invisible-time-response", ResponseCode.SUCCESS, ChangeInvisibleTimeResponseHeader.class, null, null,
                "popTime", Long.toString(Golden.TIME), "invisibleTime", "30000", "reviveQid", "3")
            .request("notification", RequestCode.NOTIFICATION, NotificationRequestHeader.class, "consumerGroup", "CG_orders", "topic", "Orders", "queueId", "-1", "pollTime", "15000",
                "bornTime", Long.toString(Golden.TIME), "order", "false", "attemptId", "attempt-1")
            .response("notification-response", ResponseCode.SUCCESS, NotificationResponseHeader.class, null, null, "hasMsg", "true", "pollingFull", "false")
            .request("peek-message", RequestCode.PEEK_MESSAGE, PeekMessageRequestHeader.class, "consumerGroup", "CG_orders", "topic", "Orders", "queueId", "1", "maxMsgNums", "8")
            .request("polling-info", RequestCode.POLLING_INFO, PollingInfoRequestHeader.class, "consumerGroup", "CG_orders", "topic", "Orders", "queueId", "1")
            .response("polling-info-response", ResponseCode.SUCCESS, PollingInfoResponseHeader.class, null, null, "pollingNum", "2")
            .request("query-assignment", RequestCode.QUERY_ASSIGNMENT, null, GoldenBodies.assignmentRequest().encode())
            .response("query-assignment-response", ResponseCode.SUCCESS, null, null, GoldenBodies.assignmentResponse().encode())
            .request("set-message-request-mode", RequestCode.SET_MESSAGE_REQUEST_MODE, null, GoldenBodies.requestMode().encode());
    }

    private void consumerAdmin() {
        book.area("consumer-admin")
            .request("get-consumer-connection-list", RequestCode.GET_CONSUMER_CONNECTION_LIST, GetConsumerConnectionListRequestHeader.class, "consumerGroup", "CG_orders")
            .response("get-consumer-connection-list-response", ResponseCode.SUCCESS, null, null, GoldenBodies.consumerConnection().encode())
            .request("get-producer-connection-list", RequestCode.GET_PRODUCER_CONNECTION_LIST, GetProducerConnectionListRequestHeader.class, "producerGroup", "PG_orders")
            .request("get-consume-stats", RequestCode.GET_CONSUME_STATS, GetConsumeStatsRequestHeader.class, "consumerGroup", "CG_orders", "topic", "Orders")
            .response("get-consume-stats-response", ResponseCode.SUCCESS, null, null, GoldenBodies.consumeStats().encode())
            .request("invoke-broker-to-reset-offset", RequestCode.INVOKE_BROKER_TO_RESET_OFFSET, ResetOffsetRequestHeader.class,
                "topic", "Orders", "group", "CG_orders", "queueId", "-1", "timestamp", Long.toString(Golden.TIME), "isForce", "true")
            .oneway("reset-consumer-client-offset", RequestCode.RESET_CONSUMER_CLIENT_OFFSET, ResetOffsetRequestHeader.class, GoldenBodies.resetOffset().encode(),
                "topic", "Orders", "group", "CG_orders", "queueId", "-1", "timestamp", Long.toString(Golden.TIME), "isForce", "false")
            .request("get-consumer-status-from-client", RequestCode.GET_CONSUMER_STATUS_FROM_CLIENT, GetConsumerStatusRequestHeader.class, "topic", "Orders", "group", "CG_orders")
            .request("get-consumer-running-info", RequestCode.GET_CONSUMER_RUNNING_INFO, GetConsumerRunningInfoRequestHeader.class, "consumerGroup", "CG_orders", "clientId", "10.0.0.7@31", "jstackEnable", "false")
            .response("get-consumer-running-info-response", ResponseCode.SUCCESS, null, null, GoldenBodies.runningInfo().encode())
            .request("consume-message-directly", RequestCode.CONSUME_MESSAGE_DIRECTLY, ConsumeMessageDirectlyResultRequestHeader.class, GoldenMessages.sampleRecord(),
                "consumerGroup", "CG_orders", "clientId", "10.0.0.7@31", "msgId", OFFSET_ID, "brokerName", "broker-a")
            .response("consume-message-directly-response", ResponseCode.SUCCESS, null, null, GoldenBodies.consumeDirectly().encode())
            .request("query-topic-consume-by-who", RequestCode.QUERY_TOPIC_CONSUME_BY_WHO, QueryTopicConsumeByWhoRequestHeader.class, "topic", "Orders")
            .request("query-topics-by-consumer", RequestCode.QUERY_TOPICS_BY_CONSUMER, QueryTopicsByConsumerRequestHeader.class, "group", "CG_orders")
            .request("query-consume-time-span", RequestCode.QUERY_CONSUME_TIME_SPAN, QueryConsumeTimeSpanRequestHeader.class, "topic", "Orders", "group", "CG_orders")
            .response("get-broker-runtime-info-response", ResponseCode.SUCCESS, null, null, GoldenBodies.keyValues().encode());
    }
}
