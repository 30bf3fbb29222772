import com.alibaba.fastjson2.JSONArray;
import com.alibaba.fastjson2.JSONObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.MessageSelector;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyContext;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.ConsumeOrderlyContext;
import org.apache.rocketmq.client.consumer.listener.ConsumeOrderlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.consumer.listener.MessageListenerOrderly;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.utils.MessageUtil;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.remoting.protocol.heartbeat.MessageModel;

/** consumer.start, .stop, .suspend, .resume, .subscribe, .unsubscribe, .assignment. */
final class PeerPushConsumers {
    private static final int SUSPEND_ORDERLY_MILLIS = 200;

    private final Map<String, Running> consumers = new ConcurrentHashMap<>();

    /** A started consumer and the producer that sends its replies, when it replies. */
    private record Running(DefaultMQPushConsumer consumer, DefaultMQProducer replies) {
    }

    void register(Map<String, PeerClient.Operation> operations) {
        operations.put("consumer.start", this::start);
        operations.put("consumer.stop", this::stop);
        operations.put("consumer.suspend", request -> {
            running(request).consumer().suspend();
            return Map.of();
        });
        operations.put("consumer.resume", request -> {
            running(request).consumer().resume();
            return Map.of();
        });
        operations.put("consumer.subscribe", request -> {
            subscribe(running(request).consumer(), request);
            return Map.of();
        });
        operations.put("consumer.assignment", request -> running(request).consumer().getDefaultMQPushConsumerImpl().getRebalanceImpl().getProcessQueueTable().entrySet().stream()
            .filter(entry -> !entry.getValue().isDropped() && !entry.getKey().getTopic().startsWith("%RETRY%"))
            .map(entry -> PeerMessages.describe(entry.getKey())).toList());
        operations.put("consumer.unsubscribe", request -> {
            running(request).consumer().unsubscribe(request.getString("topic"));
            return Map.of();
        });
    }

    private Running running(JSONObject request) {
        Running running = consumers.get(request.getString("name"));
        if (running == null) {
            throw new IllegalArgumentException("no consumer " + request.getString("name"));
        }
        return running;
    }

    private Object start(JSONObject request) throws Exception {
        DefaultMQPushConsumer consumer = new DefaultMQPushConsumer(request.getString("group"));
        PeerMessages.configure(consumer, request);
        consumer.setConsumeFromWhere(ConsumeFromWhere.valueOf("CONSUME_FROM_" + (request.containsKey("from") ? request.getString("from") : "LAST_OFFSET")));
        if (request.containsKey("timestamp")) {
            consumer.setConsumeTimestamp(request.getString("timestamp"));
        }
        consumer.setMessageModel(request.getBooleanValue("broadcast", false) ? MessageModel.BROADCASTING : MessageModel.CLUSTERING);
        int threads = request.getIntValue("threads", 4);
        consumer.setConsumeThreadMin(threads);
        consumer.setConsumeThreadMax(threads);
        consumer.setConsumeMessageBatchMaxSize(request.getIntValue("batchSize", 1));
        consumer.setPullBatchSize(request.getIntValue("pullBatchSize", 32));
        consumer.setMaxReconsumeTimes(request.getIntValue("maxReconsumeTimes", -1));
        consumer.setSuspendCurrentQueueTimeMillis(request.getIntValue("suspendMillis", SUSPEND_ORDERLY_MILLIS));
        consumer.setAwaitTerminationMillisWhenShutdown(request.getLongValue("awaitTerminationMillis", 5000));
        consumer.setClientRebalance(request.getBooleanValue("clientRebalance", true));
        if (request.containsKey("popInvisibleMillis")) {
            consumer.setPopInvisibleTime(request.getLongValue("popInvisibleMillis"));
        }
        JSONArray subscriptions = request.getJSONArray("subscriptions");
        for (int i = 0; i < subscriptions.size(); i++) {
            subscribe(consumer, subscriptions.getJSONObject(i));
        }
        DefaultMQProducer replies = request.getBooleanValue("reply", false) ? replyProducer(request) : null;
        Handling handling = new Handling(request, replies);
        if (request.getBooleanValue("orderly", false)) {
            consumer.registerMessageListener((MessageListenerOrderly) handling::orderly);
        } else {
            consumer.registerMessageListener((MessageListenerConcurrently) handling::concurrently);
        }
        consumer.start();
        consumers.put(request.getString("name"), new Running(consumer, replies));
        return Map.of("clientId", consumer.buildMQClientId());
    }

    private static void subscribe(DefaultMQPushConsumer consumer, JSONObject subscription) throws Exception {
        String expression = subscription.containsKey("expression") ? subscription.getString("expression") : "*";
        if ("SQL92".equals(subscription.getString("type"))) {
            consumer.subscribe(subscription.getString("topic"), MessageSelector.bySql(expression));
        } else {
            consumer.subscribe(subscription.getString("topic"), expression);
        }
    }

    private static DefaultMQProducer replyProducer(JSONObject request) throws Exception {
        DefaultMQProducer producer = new DefaultMQProducer(request.getString("group") + "_replies");
        PeerMessages.configure(producer, request);
        producer.setInstanceName(request.getString("name") + "-replies#" + System.nanoTime());
        producer.start();
        return producer;
    }

    private Object stop(JSONObject request) {
        Running running = running(request);
        consumers.remove(request.getString("name"));
        running.consumer().shutdown();
        if (running.replies() != null) {
            running.replies().shutdown();
        }
        return Map.of();
    }

    /** What the listener does with a delivery: tells it, then fails it when a rule says so. */
    private static final class Handling {
        private final String name;
        private final JSONArray failures;
        private final DefaultMQProducer replies;
        private final long workMillis;
        private final AtomicInteger running = new AtomicInteger();
        /** Deliveries of a message in an orderly consumer, where the broker does not count them. */
        private final Map<String, AtomicInteger> deliveries = new ConcurrentHashMap<>();

        Handling(JSONObject request, DefaultMQProducer replies) {
            this.name = request.getString("name");
            this.failures = request.containsKey("failures") ? request.getJSONArray("failures") : new JSONArray();
            this.workMillis = request.getLongValue("workMillis", 0);
            this.replies = replies;
        }

        ConsumeConcurrentlyStatus concurrently(List<MessageExt> messages, ConsumeConcurrentlyContext context) {
            context.setDelayLevelWhenNextConsume(1); // one second, not the ten of the default
            JSONObject failure = deliver(messages);
            if (failure == null) {
                return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
            }
            context.setDelayLevelWhenNextConsume(failure.getIntValue("delayLevel", 1));
            failIfThrowing(failure);
            return "null".equals(failure.getString("how")) ? null : ConsumeConcurrentlyStatus.RECONSUME_LATER;
        }

        ConsumeOrderlyStatus orderly(List<MessageExt> messages, ConsumeOrderlyContext context) {
            JSONObject failure = deliver(messages);
            if (failure == null) {
                return ConsumeOrderlyStatus.SUCCESS;
            }
            failIfThrowing(failure);
            return "null".equals(failure.getString("how")) ? null : ConsumeOrderlyStatus.SUSPEND_CURRENT_QUEUE_A_MOMENT;
        }

        private JSONObject deliver(List<MessageExt> messages) {
            JSONObject failure = null;
            int concurrency = running.incrementAndGet();
            try {
                for (MessageExt message : messages) {
                    int delivery = deliveries.computeIfAbsent(message.getMsgId(), key -> new AtomicInteger()).incrementAndGet();
                    JSONObject rule = failureOf(message, Math.max(delivery, message.getReconsumeTimes() + 1));
                    failure = failure == null ? rule : failure;
                    Map<String, Object> received = PeerMessages.describe(message);
                    received.put("delivery", delivery);
                    received.put("batchSize", messages.size());
                    received.put("concurrency", concurrency);
                    received.put("thread", Thread.currentThread().getName());
                    received.put("outcome", rule == null ? "success" : "failure");
                    PeerClient.emit("received", "consumer", name, "message", received);
                    work();
                    reply(message);
                }
            } finally {
                running.decrementAndGet();
            }
            return failure;
        }

        /** A rule {body? | key?, times, how: later|throw|null, delayLevel?} fails the first `times` deliveries of what it names. */
        private JSONObject failureOf(MessageExt message, int delivery) {
            for (int i = 0; i < failures.size(); i++) {
                JSONObject rule = failures.getJSONObject(i);
                boolean named = (!rule.containsKey("body") || rule.getString("body").equals(new String(message.getBody(), StandardCharsets.UTF_8)))
                    && (!rule.containsKey("key") || rule.getString("key").equals(message.getKeys()));
                if (named && delivery <= rule.getIntValue("times", 1)) {
                    return rule;
                }
            }
            return null;
        }

        private static void failIfThrowing(JSONObject failure) {
            if ("throw".equals(failure.getString("how"))) {
                throw new IllegalStateException("the listener was asked to throw");
            }
        }

        private void work() {
            if (workMillis <= 0) {
                return;
            }
            try {
                Thread.sleep(workMillis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void reply(MessageExt message) {
            if (replies == null) {
                return;
            }
            try {
                byte[] body = ("reply to " + new String(message.getBody(), StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
                replies.send(MessageUtil.createReplyMessage(message, body));
            } catch (Exception e) {
                PeerClient.emit("replyFailed", "consumer", name, "error", PeerClient.describe(e));
            }
        }
    }
}
