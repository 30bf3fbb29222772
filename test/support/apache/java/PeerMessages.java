import com.alibaba.fastjson2.JSONArray;
import com.alibaba.fastjson2.JSONObject;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.rocketmq.client.ClientConfig;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageClientExt;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;

/** Between JSON and the client's own types. */
final class PeerMessages {
    private PeerMessages() {
    }

    /** {topic, body | bodyBase64, tags?, keys?, properties?, delayLevel?, delayMillis?, deliverAt?, flag?, waitStoreOk?}. */
    static Message message(JSONObject json) {
        Message message = new Message(json.getString("topic"), body(json));
        if (json.containsKey("tags")) {
            message.setTags(json.getString("tags"));
        }
        if (json.containsKey("keys")) {
            message.setKeys(json.getString("keys"));
        }
        if (json.containsKey("delayLevel")) {
            message.setDelayTimeLevel(json.getIntValue("delayLevel"));
        }
        if (json.containsKey("delayMillis")) {
            message.setDelayTimeMs(json.getLongValue("delayMillis"));
        }
        if (json.containsKey("deliverAt")) {
            message.setDeliverTimeMs(json.getLongValue("deliverAt"));
        }
        if (json.containsKey("flag")) {
            message.setFlag(json.getIntValue("flag"));
        }
        if (json.containsKey("waitStoreOk")) {
            message.setWaitStoreMsgOK(json.getBooleanValue("waitStoreOk"));
        }
        JSONObject properties = json.getJSONObject("properties");
        if (properties != null) {
            properties.forEach((key, value) -> message.putUserProperty(key, String.valueOf(value)));
        }
        return message;
    }

    private static byte[] body(JSONObject json) {
        if (json.containsKey("bodyBase64")) {
            return Base64.getDecoder().decode(json.getString("bodyBase64"));
        }
        String text = json.getString("body");
        return (text == null ? "" : text).getBytes(StandardCharsets.UTF_8);
    }

    static List<Message> messages(JSONArray list) {
        List<Message> out = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            out.add(message(list.getJSONObject(i)));
        }
        return out;
    }

    static Map<String, Object> describe(SendResult result) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("status", result.getSendStatus().name());
        out.put("msgId", result.getMsgId());
        out.put("offsetMsgId", result.getOffsetMsgId());
        out.put("topic", result.getMessageQueue().getTopic());
        out.put("brokerName", result.getMessageQueue().getBrokerName());
        out.put("queueId", result.getMessageQueue().getQueueId());
        out.put("queueOffset", result.getQueueOffset());
        out.put("transactionId", result.getTransactionId());
        out.put("recallHandle", result.getRecallHandle());
        return out;
    }

    static Map<String, Object> describe(Message message) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("topic", message.getTopic());
        out.put("tags", message.getTags());
        out.put("keys", message.getKeys());
        out.put("flag", message.getFlag());
        byte[] body = message.getBody() == null ? new byte[0] : message.getBody();
        out.put("body", new String(body, StandardCharsets.UTF_8));
        out.put("bodyBase64", Base64.getEncoder().encodeToString(body));
        out.put("properties", new TreeMap<>(message.getProperties()));
        if (message instanceof MessageExt) {
            addStored(out, (MessageExt) message);
        }
        return out;
    }

    private static void addStored(Map<String, Object> out, MessageExt message) {
        out.put("msgId", message.getMsgId());
        out.put("offsetMsgId", message instanceof MessageClientExt ? ((MessageClientExt) message).getOffsetMsgId() : message.getMsgId());
        out.put("brokerName", message.getBrokerName());
        out.put("queueId", message.getQueueId());
        out.put("queueOffset", message.getQueueOffset());
        out.put("physicalOffset", message.getCommitLogOffset());
        out.put("storeSize", message.getStoreSize());
        out.put("sysFlag", message.getSysFlag());
        out.put("reconsumeTimes", message.getReconsumeTimes());
        out.put("bornTimestamp", message.getBornTimestamp());
        out.put("storeTimestamp", message.getStoreTimestamp());
        out.put("bornHost", text(message.getBornHost()));
        out.put("storeHost", text(message.getStoreHost()));
    }

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress
            ? ((InetSocketAddress) address).getAddress().getHostAddress() + ":" + ((InetSocketAddress) address).getPort() : String.valueOf(address);
    }

    static List<Map<String, Object>> describe(List<? extends Message> messages) {
        List<Map<String, Object>> out = new ArrayList<>();
        messages.forEach(message -> out.add(describe(message)));
        return out;
    }

    static MessageQueue queue(JSONObject json) {
        return new MessageQueue(json.getString("topic"), json.getString("brokerName"), json.getIntValue("queueId"));
    }

    static Map<String, Object> describe(MessageQueue queue) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("topic", queue.getTopic());
        out.put("brokerName", queue.getBrokerName());
        out.put("queueId", queue.getQueueId());
        return out;
    }

    /** What all clients have: their own instance name, so that two of one group in this process are two members. */
    static void configure(ClientConfig config, JSONObject request) {
        config.setNamesrvAddr(request.getString("nameServer"));
        config.setInstanceName(request.containsKey("instanceName") ? request.getString("instanceName") : request.getString("name") + "#" + System.nanoTime());
        config.setPollNameServerInterval(request.getIntValue("pollNameServerInterval", 1000));
        config.setHeartbeatBrokerInterval(request.getIntValue("heartbeatInterval", 5000));
        config.setPersistConsumerOffsetInterval(request.getIntValue("persistOffsetInterval", 500));
        config.setVipChannelEnabled(request.getBooleanValue("vipChannel", false));
        config.setUseTLS(request.getBooleanValue("tls", false));
        if (request.containsKey("namespace")) {
            config.setNamespaceV2(request.getString("namespace"));
        }
        if (request.containsKey("unitName")) {
            config.setUnitName(request.getString("unitName"));
        }
    }
}
