import com.alibaba.fastjson2.JSON;
import com.alibaba.fastjson2.JSONObject;
import com.alibaba.fastjson2.JSONWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.common.message.MessageRequestMode;
import org.apache.rocketmq.remoting.protocol.admin.ConsumeStats;
import org.apache.rocketmq.remoting.protocol.admin.TopicStatsTable;
import org.apache.rocketmq.remoting.protocol.body.ClusterInfo;
import org.apache.rocketmq.remoting.protocol.subscription.SubscriptionGroupConfig;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;

/** admin.* and query.*: what mqadmin and the dashboard do. The admin client is made at first use, one per name server. */
final class PeerAdmin {
    private static final int TIMEOUT_MILLIS = 10000;

    private final Map<String, DefaultMQAdminExt> admins = new TreeMap<>();

    void register(Map<String, PeerClient.Operation> operations) {
        registerTopics(operations);
        registerGroups(operations);
        registerOffsets(operations);
        operations.put("query.byKey", request -> PeerMessages.describe(admin(request).queryMessage(request.getString("topic"), request.getString("key"),
            request.getIntValue("max", 32), request.getLongValue("begin", 0), request.getLongValue("end", Long.MAX_VALUE)).getMessageList()));
        operations.put("query.byId", request -> PeerMessages.describe(admin(request).viewMessage(request.getString("topic"), request.getString("msgId"))));
        operations.put("admin.close", this::close);
    }

    private void registerTopics(Map<String, PeerClient.Operation> operations) {
        operations.put("admin.createTopic", this::createTopic);
        operations.put("admin.deleteTopic", this::deleteTopic);
        operations.put("admin.topicList", request -> new TreeSet<>(admin(request).fetchAllTopicList().getTopicList()));
        operations.put("admin.route", request -> plain(admin(request).examineTopicRouteInfo(request.getString("topic"))));
        operations.put("admin.topicConfig", request -> plain(admin(request).examineTopicConfig(anyMaster(request), request.getString("topic"))));
        operations.put("admin.clusterInfo", request -> plain(admin(request).examineBrokerClusterInfo()));
        operations.put("admin.brokerConfig", request -> new TreeMap<Object, Object>(admin(request).getBrokerConfig(anyMaster(request))));
        operations.put("admin.brokerRuntime", request -> plain(admin(request).fetchBrokerRuntimeStats(anyMaster(request)).getTable()));
        operations.put("admin.putKeyValue", request -> {
            admin(request).createAndUpdateKvConfig(request.getString("namespace"), request.getString("key"), request.getString("value"));
            return Map.of();
        });
        operations.put("admin.getKeyValue", request -> admin(request).getKVConfig(request.getString("namespace"), request.getString("key")));
        operations.put("admin.topicStats", this::topicStats);
    }

    private void registerGroups(Map<String, PeerClient.Operation> operations) {
        operations.put("admin.createGroup", this::createGroup);
        operations.put("admin.groupConfig", request -> plain(admin(request).examineSubscriptionGroupConfig(anyMaster(request), request.getString("group"))));
        operations.put("admin.deleteGroup", request -> {
            for (String address : masters(request)) {
                admin(request).deleteSubscriptionGroup(address, request.getString("group"), request.getBooleanValue("cleanOffset", true));
            }
            return Map.of();
        });
        operations.put("admin.consumerConnection", request -> plain(admin(request).examineConsumerConnectionInfo(request.getString("group"))));
        operations.put("admin.producerConnection", request -> plain(admin(request).examineProducerConnectionInfo(request.getString("group"), request.getString("topic"))));
        operations.put("admin.consumerRunningInfo", request -> plain(admin(request).getConsumerRunningInfo(request.getString("group"), request.getString("clientId"), false)));
        operations.put("admin.consumeDirectly", request -> plain(admin(request).consumeMessageDirectly(request.getString("group"), request.getString("clientId"),
            request.getString("topic"), request.getString("msgId"))));
        operations.put("admin.consumeStats", this::consumeStats);
        operations.put("admin.setRequestMode", this::setRequestMode);
    }

    private void registerOffsets(Map<String, PeerClient.Operation> operations) {
        operations.put("admin.resetOffset", request -> offsets(admin(request).resetOffsetByTimestamp(request.getString("topic"), request.getString("group"),
            request.getLongValue("timestamp"), request.getBooleanValue("force", true))));
        operations.put("admin.updateOffset", request -> {
            admin(request).updateConsumeOffset(anyMaster(request), request.getString("group"), PeerMessages.queue(request.getJSONObject("queue")), request.getLongValue("offset"));
            return Map.of();
        });
        operations.put("admin.maxOffset", request -> admin(request).maxOffset(PeerMessages.queue(request.getJSONObject("queue"))));
        operations.put("admin.minOffset", request -> admin(request).minOffset(PeerMessages.queue(request.getJSONObject("queue"))));
        operations.put("admin.earliestStoreTime", request -> admin(request).earliestMsgStoreTime(PeerMessages.queue(request.getJSONObject("queue"))));
        operations.put("admin.searchOffset", request -> admin(request).searchOffset(PeerMessages.queue(request.getJSONObject("queue")), request.getLongValue("timestamp")));
    }

    private synchronized DefaultMQAdminExt admin(JSONObject request) throws Exception {
        String nameServer = request.getString("nameServer");
        DefaultMQAdminExt admin = admins.get(nameServer);
        if (admin == null) {
            admin = new DefaultMQAdminExt(TIMEOUT_MILLIS);
            admin.setNamesrvAddr(nameServer);
            admin.setInstanceName("admin#" + System.nanoTime());
            admin.setVipChannelEnabled(false);
            admin.start();
            admins.put(nameServer, admin);
        }
        return admin;
    }

    private synchronized Object close(JSONObject request) {
        admins.values().forEach(DefaultMQAdminExt::shutdown);
        admins.clear();
        return Map.of();
    }

    private List<String> masters(JSONObject request) throws Exception {
        ClusterInfo info = admin(request).examineBrokerClusterInfo();
        List<String> out = new ArrayList<>();
        info.getBrokerAddrTable().values().forEach(broker -> {
            String master = broker.getBrokerAddrs().get(0L);
            if (master != null) {
                out.add(master);
            }
        });
        if (out.isEmpty()) {
            throw new IllegalStateException("no master broker is registered at " + request.getString("nameServer"));
        }
        return out;
    }

    private String anyMaster(JSONObject request) throws Exception {
        return request.containsKey("brokerAddress") ? request.getString("brokerAddress") : masters(request).get(0);
    }

    private Object createTopic(JSONObject request) throws Exception {
        int queues = request.getIntValue("queues", 4);
        TopicConfig config = new TopicConfig(request.getString("topic"), request.getIntValue("readQueues", queues), request.getIntValue("writeQueues", queues), request.getIntValue("perm", 6));
        config.setOrder(request.getBooleanValue("order", false));
        JSONObject attributes = request.getJSONObject("attributes");
        if (attributes != null) {
            attributes.forEach((key, value) -> config.getAttributes().put(key, String.valueOf(value)));
        }
        List<String> masters = masters(request);
        for (String address : masters) {
            admin(request).createAndUpdateTopicConfig(address, config);
        }
        return masters;
    }

    private Object deleteTopic(JSONObject request) throws Exception {
        admin(request).deleteTopicInBroker(Set.copyOf(masters(request)), request.getString("topic"));
        admin(request).deleteTopicInNameServer(Set.of(request.getString("nameServer").split(";")), request.getString("topic"));
        return Map.of();
    }

    private Object createGroup(JSONObject request) throws Exception {
        SubscriptionGroupConfig config = new SubscriptionGroupConfig();
        config.setGroupName(request.getString("group"));
        config.setConsumeEnable(request.getBooleanValue("consumeEnable", true));
        config.setConsumeFromMinEnable(request.getBooleanValue("consumeFromMinEnable", true));
        config.setConsumeBroadcastEnable(request.getBooleanValue("consumeBroadcastEnable", true));
        config.setConsumeMessageOrderly(request.getBooleanValue("orderly", false));
        config.setRetryMaxTimes(request.getIntValue("retryMaxTimes", 16));
        config.setRetryQueueNums(request.getIntValue("retryQueueNums", 1));
        for (String address : masters(request)) {
            admin(request).createAndUpdateSubscriptionGroupConfig(address, config);
        }
        return Map.of();
    }

    private Object topicStats(JSONObject request) throws Exception {
        TopicStatsTable table = admin(request).examineTopicStats(request.getString("topic"));
        List<Map<String, Object>> out = new ArrayList<>();
        new TreeMap<>(table.getOffsetTable()).forEach((queue, offset) -> {
            Map<String, Object> row = PeerMessages.describe(queue);
            row.put("minOffset", offset.getMinOffset());
            row.put("maxOffset", offset.getMaxOffset());
            row.put("lastUpdateTimestamp", offset.getLastUpdateTimestamp());
            out.add(row);
        });
        return out;
    }

    private Object consumeStats(JSONObject request) throws Exception {
        ConsumeStats stats = admin(request).examineConsumeStats(request.getString("group"), request.getString("topic"));
        List<Map<String, Object>> out = new ArrayList<>();
        new TreeMap<>(stats.getOffsetTable()).forEach((queue, offset) -> {
            Map<String, Object> row = PeerMessages.describe(queue);
            row.put("brokerOffset", offset.getBrokerOffset());
            row.put("consumerOffset", offset.getConsumerOffset());
            row.put("pullOffset", offset.getPullOffset());
            row.put("lastTimestamp", offset.getLastTimestamp());
            out.add(row);
        });
        return out;
    }

    private Object setRequestMode(JSONObject request) throws Exception {
        MessageRequestMode mode = MessageRequestMode.valueOf(request.getString("mode"));
        for (String address : masters(request)) {
            admin(request).setMessageRequestMode(address, request.getString("topic"), request.getString("group"), mode, request.getIntValue("popShareQueueNum", 0), TIMEOUT_MILLIS);
        }
        return Map.of();
    }

    private static Object offsets(Map<MessageQueue, Long> table) {
        List<Map<String, Object>> out = new ArrayList<>();
        new TreeMap<>(table).forEach((queue, offset) -> {
            Map<String, Object> row = PeerMessages.describe(queue);
            row.put("offset", offset);
            out.add(row);
        });
        return out;
    }

    /** The bean as plain JSON, keys quoted, so that any parser reads it. */
    private static Object plain(Object bean) {
        String text = JSON.toJSONString(bean, JSONWriter.Feature.BrowserCompatible, JSONWriter.Feature.MapSortField);
        Object parsed = JSON.parse(text);
        return parsed == null ? new LinkedHashMap<>() : parsed;
    }
}
