import com.alibaba.fastjson2.JSONObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.consumer.AckCallback;
import org.apache.rocketmq.client.consumer.AckResult;
import org.apache.rocketmq.client.consumer.PopCallback;
import org.apache.rocketmq.client.consumer.PopResult;
import org.apache.rocketmq.client.impl.MQClientAPIImpl;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.remoting.protocol.header.AckMessageRequestHeader;
import org.apache.rocketmq.remoting.protocol.header.ChangeInvisibleTimeRequestHeader;
import org.apache.rocketmq.remoting.protocol.header.ExtraInfoUtil;
import org.apache.rocketmq.remoting.protocol.header.PopMessageRequestHeader;

/** pop.open, .receive, .ack, .changeInvisible, .close: the pop commands, one by one, as a proxy sends them. */
final class PeerPop {
    private static final long REQUEST_MILLIS = 40000;

    private final Map<String, DefaultMQProducer> clients = new ConcurrentHashMap<>();

    void register(Map<String, PeerClient.Operation> operations) {
        operations.put("pop.open", this::open);
        operations.put("pop.receive", this::receive);
        operations.put("pop.ack", this::ack);
        operations.put("pop.changeInvisible", this::changeInvisible);
        operations.put("pop.close", request -> {
            client(request).shutdown();
            clients.remove(request.getString("name"));
            return Map.of();
        });
    }

    /** Any started client owns a connection pool; a producer is the one without a life of its own. */
    private Object open(JSONObject request) throws Exception {
        DefaultMQProducer client = new DefaultMQProducer("PEER_POP_" + System.nanoTime());
        PeerMessages.configure(client, request);
        client.start();
        clients.put(request.getString("name"), client);
        return Map.of();
    }

    private DefaultMQProducer client(JSONObject request) {
        DefaultMQProducer client = clients.get(request.getString("name"));
        if (client == null) {
            throw new IllegalArgumentException("no pop client " + request.getString("name"));
        }
        return client;
    }

    private MQClientAPIImpl api(JSONObject request) {
        return client(request).getDefaultMQProducerImpl().getMqClientFactory().getMQClientAPIImpl();
    }

    private Object receive(JSONObject request) throws Exception {
        PopMessageRequestHeader header = new PopMessageRequestHeader();
        header.setConsumerGroup(request.getString("group"));
        header.setTopic(request.getString("topic"));
        header.setQueueId(request.getIntValue("queueId", -1));
        header.setMaxMsgNums(request.getIntValue("maxMessages", 32));
        header.setInvisibleTime(request.getLongValue("invisibleMillis", 60000));
        header.setPollTime(request.getLongValue("pollMillis", 5000));
        header.setBornTime(System.currentTimeMillis());
        header.setInitMode(request.getIntValue("initMode", 0));
        header.setExpType("TAG");
        header.setExp(request.containsKey("expression") ? request.getString("expression") : "*");
        header.setOrder(request.getBooleanValue("order", false));
        CompletableFuture<PopResult> done = new CompletableFuture<>();
        api(request).popMessageAsync(request.getString("brokerName"), request.getString("brokerAddress"), header, REQUEST_MILLIS, new PopCallback() {
            @Override
            public void onSuccess(PopResult result) {
                done.complete(result);
            }

            @Override
            public void onException(Throwable error) {
                done.completeExceptionally(error);
            }
        });
        PopResult result = done.get(REQUEST_MILLIS, TimeUnit.MILLISECONDS);
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("status", result.getPopStatus().name());
        out.put("popTime", result.getPopTime());
        out.put("invisibleTime", result.getInvisibleTime());
        out.put("restNum", result.getRestNum());
        out.put("messages", PeerMessages.describe(result.getMsgFoundList() == null ? List.of() : result.getMsgFoundList()));
        return out;
    }

    private Object ack(JSONObject request) throws Exception {
        String receipt = request.getString("receipt");
        String[] parts = ExtraInfoUtil.split(receipt);
        AckMessageRequestHeader header = new AckMessageRequestHeader();
        header.setConsumerGroup(request.getString("group"));
        header.setTopic(ExtraInfoUtil.getRealTopic(parts, request.getString("topic"), request.getString("group")));
        header.setQueueId(ExtraInfoUtil.getQueueId(parts));
        header.setOffset(ExtraInfoUtil.getQueueOffset(parts));
        header.setExtraInfo(receipt);
        Waiting done = new Waiting();
        api(request).ackMessageAsync(request.getString("brokerAddress"), REQUEST_MILLIS, done, header);
        return done.result();
    }

    private Object changeInvisible(JSONObject request) throws Exception {
        String receipt = request.getString("receipt");
        String[] parts = ExtraInfoUtil.split(receipt);
        ChangeInvisibleTimeRequestHeader header = new ChangeInvisibleTimeRequestHeader();
        header.setConsumerGroup(request.getString("group"));
        header.setTopic(ExtraInfoUtil.getRealTopic(parts, request.getString("topic"), request.getString("group")));
        header.setQueueId(ExtraInfoUtil.getQueueId(parts));
        header.setOffset(ExtraInfoUtil.getQueueOffset(parts));
        header.setExtraInfo(receipt);
        header.setInvisibleTime(request.getLongValue("invisibleMillis"));
        Waiting done = new Waiting();
        api(request).changeInvisibleTimeAsync(request.getString("brokerName"), request.getString("brokerAddress"), header, REQUEST_MILLIS, done);
        return done.result();
    }

    private static final class Waiting implements AckCallback {
        private final CompletableFuture<AckResult> done = new CompletableFuture<>();

        @Override
        public void onSuccess(AckResult result) {
            done.complete(result);
        }

        @Override
        public void onException(Throwable error) {
            done.completeExceptionally(error);
        }

        Map<String, Object> result() throws Exception {
            AckResult result = done.get(REQUEST_MILLIS, TimeUnit.MILLISECONDS);
            Map<String, Object> out = new LinkedHashMap<>();
            out.put("status", result.getStatus().name());
            out.put("popTime", result.getPopTime());
            out.put("receipt", result.getExtraInfo());
            return out;
        }
    }
}
