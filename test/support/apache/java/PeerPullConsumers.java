import com.alibaba.fastjson2.JSONArray;
import com.alibaba.fastjson2.JSONObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.rocketmq.client.consumer.DefaultLitePullConsumer;
import org.apache.rocketmq.client.consumer.MessageSelector;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageQueue;

/** lite.start, .poll, .seek, .commit, .committed, .assignment, .queues, .stop: the lite pull consumer. */
final class PeerPullConsumers {
    private final Map<String, DefaultLitePullConsumer> consumers = new ConcurrentHashMap<>();

    void register(Map<String, PeerClient.Operation> operations) {
        operations.put("lite.start", this::start);
        operations.put("lite.poll", request -> PeerMessages.describe(consumer(request).poll(request.getLongValue("timeoutMillis", 1000))));
        operations.put("lite.seek", request -> {
            consumer(request).seek(PeerMessages.queue(request.getJSONObject("queue")), request.getLongValue("offset"));
            return Map.of();
        });
        operations.put("lite.commit", request -> {
            consumer(request).commit();
            return Map.of();
        });
        operations.put("lite.committed", request -> consumer(request).committed(PeerMessages.queue(request.getJSONObject("queue"))));
        operations.put("lite.assignment", request -> consumer(request).assignment().stream().map(PeerMessages::describe).toList());
        operations.put("lite.queues", request -> consumer(request).fetchMessageQueues(request.getString("topic")).stream().map(PeerMessages::describe).toList());
        operations.put("lite.stop", this::stop);
    }

    private DefaultLitePullConsumer consumer(JSONObject request) {
        DefaultLitePullConsumer consumer = consumers.get(request.getString("name"));
        if (consumer == null) {
            throw new IllegalArgumentException("no lite pull consumer " + request.getString("name"));
        }
        return consumer;
    }

    /** Either subscriptions (the group shares the queues) or assign (these queues, alone). */
    private Object start(JSONObject request) throws Exception {
        DefaultLitePullConsumer consumer = new DefaultLitePullConsumer(request.getString("group"));
        PeerMessages.configure(consumer, request);
        consumer.setConsumeFromWhere(ConsumeFromWhere.valueOf("CONSUME_FROM_" + (request.containsKey("from") ? request.getString("from") : "FIRST_OFFSET")));
        consumer.setAutoCommit(request.getBooleanValue("autoCommit", false));
        consumer.setPullBatchSize(request.getIntValue("pullBatchSize", 32));
        JSONArray subscriptions = request.getJSONArray("subscriptions");
        for (int i = 0; subscriptions != null && i < subscriptions.size(); i++) {
            JSONObject subscription = subscriptions.getJSONObject(i);
            String expression = subscription.containsKey("expression") ? subscription.getString("expression") : "*";
            consumer.subscribe(subscription.getString("topic"), "SQL92".equals(subscription.getString("type")) ? MessageSelector.bySql(expression) : MessageSelector.byTag(expression));
        }
        consumer.start();
        consumers.put(request.getString("name"), consumer);
        assign(consumer, request.getJSONArray("assign"));
        return Map.of("clientId", consumer.buildMQClientId());
    }

    private static void assign(DefaultLitePullConsumer consumer, JSONArray assigned) {
        if (assigned == null) {
            return;
        }
        List<MessageQueue> queues = new ArrayList<>();
        for (int i = 0; i < assigned.size(); i++) {
            queues.add(PeerMessages.queue(assigned.getJSONObject(i)));
        }
        consumer.assign(queues);
    }

    private Object stop(JSONObject request) {
        consumer(request).shutdown();
        consumers.remove(request.getString("name"));
        return Map.of();
    }
}
