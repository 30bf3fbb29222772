import com.alibaba.fastjson2.JSONWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.common.message.MessageQueueAssignment;
import org.apache.rocketmq.common.message.MessageQueueForC;
import org.apache.rocketmq.common.message.MessageRequestMode;
import org.apache.rocketmq.remoting.protocol.DataVersion;
import org.apache.rocketmq.remoting.protocol.LanguageCode;
import org.apache.rocketmq.remoting.protocol.RemotingSerializable;
import org.apache.rocketmq.remoting.protocol.admin.ConsumeStats;
import org.apache.rocketmq.remoting.protocol.admin.OffsetWrapper;
import org.apache.rocketmq.remoting.protocol.admin.TopicOffset;
import org.apache.rocketmq.remoting.protocol.admin.TopicStatsTable;
import org.apache.rocketmq.remoting.protocol.body.*;
import org.apache.rocketmq.remoting.protocol.header.GetConsumerListByGroupResponseBody;
import org.apache.rocketmq.remoting.protocol.heartbeat.*;
import org.apache.rocketmq.remoting.protocol.route.BrokerData;
import org.apache.rocketmq.remoting.protocol.route.QueueData;
import org.apache.rocketmq.remoting.protocol.route.TopicRouteData;
import org.apache.rocketmq.remoting.protocol.statictopic.TopicConfigAndQueueMapping;
import org.apache.rocketmq.remoting.protocol.subscription.CustomizedRetryPolicy;
import org.apache.rocketmq.remoting.protocol.subscription.ExponentialRetryPolicy;
import org.apache.rocketmq.remoting.protocol.subscription.GroupRetryPolicy;
import org.apache.rocketmq.remoting.protocol.subscription.GroupRetryPolicyType;
import org.apache.rocketmq.remoting.protocol.subscription.SubscriptionGroupConfig;

/** Samples of the bodies that travel as JSON, as this release writes them. */
final class GoldenBodies {
    private static final String CLIENT = "10.0.0.7@31";

    private GoldenBodies() {
    }

    static void write(Path directory) throws IOException {
        List<Map<String, Object>> out = new ArrayList<>();
        add(out, "data-version", dataVersion());
        add(out, "topic-route-data", route());
        addBytes(out, "topic-route-data-strict", TopicRouteData.class, strictRoute());
        add(out, "cluster-info", clusterInfo());
        add(out, "broker-member-group", memberGroup());
        add(out, "topic-list", topicList());
        add(out, "kv-table", keyValues());
        add(out, "heartbeat-data", heartbeat());
        add(out, "consumer-list", consumerIds());
        add(out, "consumer-connection", consumerConnection());
        add(out, "consumer-running-info", runningInfo());
        add(out, "consume-message-directly-result", consumeDirectly());
        add(out, "topic-config-serialize-wrapper", topicConfigs());
        addBytes(out, "topic-config-file", TopicConfigSerializeWrapper.class, Golden.utf8(topicConfigs().toJson(true)));
        addBytes(out, "topic-config-and-queue-mapping", TopicConfigAndQueueMapping.class, topicConfigWithMapping());
        add(out, "create-topic-list", topicConfigList());
        addBytes(out, "subscription-group-config", SubscriptionGroupConfig.class, groupConfigBytes());
        add(out, "subscription-group-wrapper", groups());
        add(out, "consumer-offset-serialize-wrapper", consumerOffsets());
        add(out, "lock-batch-request", lockRequest());
        add(out, "lock-batch-response", lockResponse());
        add(out, "unlock-batch-request", unlockRequest());
        add(out, "reset-offset", resetOffset());
        add(out, "reset-offset-for-c", resetOffsetForC());
        add(out, "get-consumer-status", consumerStatus());
        add(out, "consume-stats", consumeStats());
        add(out, "topic-stats-table", topicStats());
        add(out, "query-assignment-request", assignmentRequest());
        add(out, "query-assignment-response", assignmentResponse());
        add(out, "set-message-request-mode", requestMode());
        add(out, "batch-ack", batchAck());
        add(out, "group-list", groupList());
        add(out, "check-client", checkClient());
        addBytes(out, "register-broker", RegisterBrokerBody.class, registerBroker().encode(false));
        Map<String, Object> compressed = Golden.map("name", "register-broker-compressed", "class", RegisterBrokerBody.class.getSimpleName(),
            "text", null, "bodyBase64", Golden.base64(registerBroker().encode(true)));
        out.add(compressed);
        Golden.write(directory.resolve("bodies.json"), "command bodies and configuration files", out);
    }

    private static void add(List<Map<String, Object>> out, String name, RemotingSerializable body) {
        addBytes(out, name, body.getClass(), body.encode());
    }

    private static void addBytes(List<Map<String, Object>> out, String name, Class<?> type, byte[] bytes) {
        out.add(Golden.map("name", name, "class", type.getSimpleName(), "text", new String(bytes, StandardCharsets.UTF_8), "bodyBase64", Golden.base64(bytes)));
    }

    static DataVersion dataVersion() {
        DataVersion version = new DataVersion();
        version.setStateVersion(0);
        version.setTimestamp(Golden.TIME);
        version.setCounter(new AtomicLong(3));
        return version;
    }

    static MessageQueue queue(int id) {
        return new MessageQueue("Orders", "broker-a", id);
    }

    private static QueueData queueData(String broker) {
        return Golden.fill(new QueueData(), "brokerName", broker, "readQueueNums", "4", "writeQueueNums", "4", "perm", "6", "topicSysFlag", "0");
    }

    private static BrokerData brokerData(String name, int port) {
        HashMap<Long, String> addresses = new HashMap<>();
        addresses.put(0L, "127.0.0.1:" + port);
        addresses.put(1L, "127.0.0.1:" + (port + 10));
        return new BrokerData("DefaultCluster", name, addresses);
    }

    static TopicRouteData route() {
        TopicRouteData data = new TopicRouteData();
        data.setQueueDatas(List.of(queueData("broker-a"), queueData("broker-b")));
        data.setBrokerDatas(List.of(brokerData("broker-a", 10911), brokerData("broker-b", 20911)));
        data.setOrderTopicConf("broker-a:4;broker-b:4");
        return data;
    }

    /** How the name server answers clients of 4.9.4 and newer. */
    static byte[] strictRoute() {
        return route().encode(JSONWriter.Feature.BrowserCompatible, JSONWriter.Feature.MapSortField);
    }

    static ClusterInfo clusterInfo() {
        ClusterInfo info = new ClusterInfo();
        Map<String, BrokerData> brokers = new TreeMap<>();
        brokers.put("broker-a", brokerData("broker-a", 10911));
        brokers.put("broker-b", brokerData("broker-b", 20911));
        info.setBrokerAddrTable(brokers);
        info.setClusterAddrTable(Map.of("DefaultCluster", new TreeSet<>(Set.of("broker-a", "broker-b"))));
        return info;
    }

    static GetBrokerMemberGroupResponseBody memberGroup() {
        BrokerMemberGroup group = new BrokerMemberGroup("DefaultCluster", "broker-a");
        group.setBrokerAddrs(brokerData("broker-a", 10911).getBrokerAddrs());
        GetBrokerMemberGroupResponseBody body = new GetBrokerMemberGroupResponseBody();
        body.setBrokerMemberGroup(group);
        return body;
    }

    static TopicList topicList() {
        TopicList list = new TopicList();
        list.setTopicList(new LinkedHashSet<>(List.of("Orders", "%RETRY%CG_orders")));
        return list;
    }

    static KVTable keyValues() {
        KVTable table = new KVTable();
        table.setTable(new HashMap<>(Map.of("Orders", "broker-a:4;broker-b:4")));
        return table;
    }

    static SubscriptionData subscription() {
        SubscriptionData data = new SubscriptionData("Orders", "paid || shipped");
        data.setTagsSet(new LinkedHashSet<>(List.of("paid", "shipped")));
        data.setCodeSet(new LinkedHashSet<>(List.of("paid".hashCode(), "shipped".hashCode())));
        data.setSubVersion(Golden.TIME);
        return data;
    }

    static HeartbeatData heartbeat() {
        ProducerData producer = new ProducerData();
        producer.setGroupName("PG_orders");
        SubscriptionData retry = new SubscriptionData("%RETRY%CG_orders", "*");
        retry.setSubVersion(Golden.TIME);
        ConsumerData consumer = new ConsumerData();
        consumer.setGroupName("CG_orders");
        consumer.setConsumeType(ConsumeType.CONSUME_PASSIVELY);
        consumer.setMessageModel(MessageModel.CLUSTERING);
        consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_LAST_OFFSET);
        consumer.setSubscriptionDataSet(new LinkedHashSet<>(List.of(subscription(), retry)));
        HeartbeatData data = new HeartbeatData();
        data.setClientID(CLIENT);
        data.setProducerDataSet(Set.of(producer));
        data.setConsumerDataSet(Set.of(consumer));
        return data;
    }

    static GetConsumerListByGroupResponseBody consumerIds() {
        GetConsumerListByGroupResponseBody body = new GetConsumerListByGroupResponseBody();
        body.setConsumerIdList(List.of(CLIENT, "10.0.0.8@32"));
        return body;
    }

    static ConsumerConnection consumerConnection() {
        Connection connection = new Connection();
        connection.setClientId(CLIENT);
        connection.setClientAddr("10.0.0.7:53122");
        connection.setLanguage(LanguageCode.JAVA);
        connection.setVersion(479);
        ConsumerConnection body = new ConsumerConnection();
        body.setConnectionSet(new HashSet<>(Set.of(connection)));
        body.setSubscriptionTable(new ConcurrentHashMap<>(Map.of("Orders", subscription())));
        body.setConsumeType(ConsumeType.CONSUME_PASSIVELY);
        body.setMessageModel(MessageModel.CLUSTERING);
        body.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        return body;
    }

    static ConsumerRunningInfo runningInfo() {
        ConsumerRunningInfo info = new ConsumerRunningInfo();
        info.getProperties().put("PROP_CONSUME_TYPE", "CONSUME_PASSIVELY");
        info.setSubscriptionSet(new TreeSet<>(Set.of(subscription())));
        TreeMap<MessageQueue, ProcessQueueInfo> queues = new TreeMap<>();
        queues.put(queue(0), Golden.fill(new ProcessQueueInfo(), "commitOffset", "40", "cachedMsgMinOffset", "40", "cachedMsgMaxOffset", "41", "cachedMsgCount", "2", "lastPullTimestamp", Long.toString(Golden.TIME)));
        info.setMqTable(queues);
        TreeMap<String, ConsumeStatus> status = new TreeMap<>();
        status.put("Orders", Golden.fill(new ConsumeStatus(), "consumeOKTPS", "1.5", "consumeFailedMsgs", "2"));
        info.setStatusTable(status);
        return info;
    }

    static ConsumeMessageDirectlyResult consumeDirectly() {
        ConsumeMessageDirectlyResult result = new ConsumeMessageDirectlyResult();
        result.setConsumeResult(CMResult.CR_SUCCESS);
        result.setSpentTimeMills(12);
        result.setAutoCommit(true);
        return result;
    }

    static TopicConfig topicConfig() {
        TopicConfig config = new TopicConfig("Orders", 8, 8, 6);
        config.setAttributes(new HashMap<>(Map.of("message.type", "FIFO")));
        return config;
    }

    private static ConcurrentHashMap<String, TopicConfig> topicTable() {
        ConcurrentHashMap<String, TopicConfig> table = new ConcurrentHashMap<>();
        table.put("Orders", topicConfig());
        table.put("TBW102", new TopicConfig("TBW102", 8, 8, 7));
        return table;
    }

    static TopicConfigSerializeWrapper topicConfigs() {
        TopicConfigSerializeWrapper wrapper = new TopicConfigSerializeWrapper();
        wrapper.setTopicConfigTable(topicTable());
        wrapper.setDataVersion(dataVersion());
        return wrapper;
    }

    static byte[] topicConfigWithMapping() {
        return RemotingSerializable.encode(new TopicConfigAndQueueMapping(topicConfig(), null));
    }

    static CreateTopicListRequestBody topicConfigList() {
        return new CreateTopicListRequestBody(List.of(topicConfig(), new TopicConfig("Refunds", 4, 4, 6)));
    }

    static RegisterBrokerBody registerBroker() {
        TopicConfigAndMappingSerializeWrapper wrapper = new TopicConfigAndMappingSerializeWrapper();
        wrapper.setTopicConfigTable(topicTable());
        wrapper.setDataVersion(dataVersion());
        wrapper.setMappingDataVersion(dataVersion());
        RegisterBrokerBody body = new RegisterBrokerBody();
        body.setTopicConfigSerializeWrapper(wrapper);
        return body;
    }

    private static SubscriptionGroupConfig groupConfig() {
        SubscriptionGroupConfig config = new SubscriptionGroupConfig();
        config.setGroupName("CG_orders");
        config.setRetryMaxTimes(3);
        return config;
    }

    static byte[] groupConfigBytes() {
        return RemotingSerializable.encode(groupConfig());
    }

    private static SubscriptionGroupConfig retryGroup(String name, GroupRetryPolicyType type) {
        SubscriptionGroupConfig config = new SubscriptionGroupConfig();
        config.setGroupName(name);
        config.setConsumeMessageOrderly(true);
        GroupRetryPolicy policy = new GroupRetryPolicy();
        policy.setType(type);
        if (type == GroupRetryPolicyType.EXPONENTIAL) {
            policy.setExponentialRetryPolicy(new ExponentialRetryPolicy(1000, 60000, 2));
        } else {
            policy.setCustomizedRetryPolicy(new CustomizedRetryPolicy(new long[] {1000, 5000}));
        }
        config.setGroupRetryPolicy(policy);
        return config;
    }

    static SubscriptionGroupWrapper groups() {
        SubscriptionGroupWrapper wrapper = new SubscriptionGroupWrapper();
        wrapper.getSubscriptionGroupTable().put("CG_orders", groupConfig());
        wrapper.getSubscriptionGroupTable().put("CG_exponential", retryGroup("CG_exponential", GroupRetryPolicyType.EXPONENTIAL));
        wrapper.getSubscriptionGroupTable().put("CG_customized", retryGroup("CG_customized", GroupRetryPolicyType.CUSTOMIZED));
        wrapper.getForbiddenTable().put("CG_orders", new ConcurrentHashMap<>(Map.of("Orders", 1)));
        wrapper.setDataVersion(dataVersion());
        return wrapper;
    }

    static ConsumerOffsetSerializeWrapper consumerOffsets() {
        ConsumerOffsetSerializeWrapper wrapper = new ConsumerOffsetSerializeWrapper();
        ConcurrentHashMap<Integer, Long> queues = new ConcurrentHashMap<>();
        queues.put(0, 41L);
        queues.put(1, 7L);
        wrapper.getOffsetTable().put("Orders@CG_orders", queues);
        wrapper.setDataVersion(dataVersion());
        return wrapper;
    }

    static LockBatchRequestBody lockRequest() {
        LockBatchRequestBody body = new LockBatchRequestBody();
        body.setConsumerGroup("CG_orders");
        body.setClientId(CLIENT);
        body.setMqSet(new LinkedHashSet<>(List.of(queue(0), queue(1))));
        return body;
    }

    static LockBatchResponseBody lockResponse() {
        LockBatchResponseBody body = new LockBatchResponseBody();
        body.setLockOKMQSet(Set.of(queue(0)));
        return body;
    }

    static UnlockBatchRequestBody unlockRequest() {
        UnlockBatchRequestBody body = new UnlockBatchRequestBody();
        body.setConsumerGroup("CG_orders");
        body.setClientId(CLIENT);
        body.setMqSet(Set.of(queue(0)));
        return body;
    }

    static ResetOffsetBody resetOffset() {
        ResetOffsetBody body = new ResetOffsetBody();
        Map<MessageQueue, Long> offsets = new TreeMap<>();
        offsets.put(queue(0), 10L);
        offsets.put(queue(1), 11L);
        body.setOffsetTable(offsets);
        return body;
    }

    static ResetOffsetBodyForC resetOffsetForC() {
        ResetOffsetBodyForC body = new ResetOffsetBodyForC();
        body.setOffsetTable(List.of(new MessageQueueForC("Orders", "broker-a", 0, 10L)));
        return body;
    }

    static GetConsumerStatusBody consumerStatus() {
        GetConsumerStatusBody body = new GetConsumerStatusBody();
        body.setMessageQueueTable(new TreeMap<>(Map.of(queue(0), 10L)));
        return body;
    }

    static ConsumeStats consumeStats() {
        ConsumeStats stats = new ConsumeStats();
        stats.setOffsetTable(new TreeMap<>(Map.of(queue(0), Golden.fill(new OffsetWrapper(), "brokerOffset", "41", "consumerOffset", "40", "pullOffset", "41", "lastTimestamp", Long.toString(Golden.TIME)))));
        stats.setConsumeTps(1.25);
        return stats;
    }

    static TopicStatsTable topicStats() {
        TopicStatsTable table = new TopicStatsTable();
        Map<MessageQueue, TopicOffset> offsets = new TreeMap<>();
        offsets.put(queue(0), Golden.fill(new TopicOffset(), "minOffset", "0", "maxOffset", "41", "lastUpdateTimestamp", Long.toString(Golden.TIME)));
        offsets.put(queue(1), Golden.fill(new TopicOffset(), "minOffset", "5", "maxOffset", "7", "lastUpdateTimestamp", Long.toString(Golden.TIME)));
        table.setOffsetTable(offsets);
        return table;
    }

    static QueryAssignmentRequestBody assignmentRequest() {
        QueryAssignmentRequestBody body = new QueryAssignmentRequestBody();
        body.setTopic("Orders");
        body.setConsumerGroup("CG_orders");
        body.setClientId(CLIENT);
        body.setStrategyName("AVG");
        body.setMessageModel(MessageModel.CLUSTERING);
        return body;
    }

    static QueryAssignmentResponseBody assignmentResponse() {
        MessageQueueAssignment assignment = new MessageQueueAssignment();
        assignment.setMessageQueue(new MessageQueue("Orders", "broker-a", -1));
        assignment.setMode(MessageRequestMode.POP);
        QueryAssignmentResponseBody body = new QueryAssignmentResponseBody();
        body.setMessageQueueAssignments(Set.of(assignment));
        return body;
    }

    static SetMessageRequestModeRequestBody requestMode() {
        SetMessageRequestModeRequestBody body = new SetMessageRequestModeRequestBody();
        body.setTopic("Orders");
        body.setConsumerGroup("CG_orders");
        body.setMode(MessageRequestMode.POP);
        body.setPopShareQueueNum(0);
        return body;
    }

    static BatchAckMessageRequestBody batchAck() {
        BatchAck ack = Golden.fill(new BatchAck(), "consumerGroup", "CG_orders", "topic", "Orders", "retry", "0", "startOffset", "12", "queueId", "1", "reviveQueueId", "3",
            "popTime", Long.toString(Golden.TIME), "invisibleTime", "60000");
        ack.setBitSet(BitSet.valueOf(new byte[] {0b101, 0b10}));
        BatchAckMessageRequestBody body = new BatchAckMessageRequestBody();
        body.setBrokerName("broker-a");
        body.setAcks(List.of(ack));
        return body;
    }

    static GroupList groupList() {
        GroupList list = new GroupList();
        list.setGroupList(new HashSet<>(Set.of("CG_orders")));
        return list;
    }

    static CheckClientRequestBody checkClient() {
        CheckClientRequestBody body = new CheckClientRequestBody();
        body.setClientId(CLIENT);
        body.setGroup("CG_orders");
        body.setSubscriptionData(subscription());
        return body;
    }
}
