import com.alibaba.fastjson2.JSONObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.LocalTransactionState;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.TransactionListener;
import org.apache.rocketmq.client.producer.TransactionMQProducer;
import org.apache.rocketmq.client.producer.TransactionSendResult;
import org.apache.rocketmq.client.producer.selector.SelectMessageQueueByHash;
import org.apache.rocketmq.common.compression.CompressionType;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;

/** producer.start, .send, .sendTransaction, .request, .recall, .queues, .stop. */
final class PeerProducers {
    private final Map<String, DefaultMQProducer> producers = new ConcurrentHashMap<>();
    /** Answers to later checks, by the property "check" of the half message. */
    private static final String CHECK_PROPERTY = "check";

    void register(Map<String, PeerClient.Operation> operations) {
        operations.put("producer.start", this::start);
        operations.put("producer.send", this::send);
        operations.put("producer.sendTransaction", this::sendTransaction);
        operations.put("producer.request", this::request);
        operations.put("producer.recall", request -> producer(request).recallMessage(request.getString("topic"), request.getString("recallHandle")));
        operations.put("producer.queues", request -> producer(request).fetchPublishMessageQueues(request.getString("topic")).stream().map(PeerMessages::describe).toList());
        operations.put("producer.stop", this::stop);
    }

    private DefaultMQProducer producer(JSONObject request) {
        DefaultMQProducer producer = producers.get(request.getString("name"));
        if (producer == null) {
            throw new IllegalArgumentException("no producer " + request.getString("name"));
        }
        return producer;
    }

    private Object start(JSONObject request) throws Exception {
        boolean transactional = request.getBooleanValue("transactional", false);
        DefaultMQProducer producer = transactional ? transactionProducer(request) : new DefaultMQProducer(request.getString("group"));
        PeerMessages.configure(producer, request);
        producer.setSendMsgTimeout(request.getIntValue("timeoutMillis", 10000));
        producer.setRetryTimesWhenSendFailed(request.getIntValue("retries", 2));
        producer.setDefaultTopicQueueNums(request.getIntValue("defaultTopicQueueNums", 4));
        producer.setCompressMsgBodyOverHowmuch(request.getIntValue("compressOver", 4096));
        if (request.containsKey("compression")) {
            producer.setCompressType(CompressionType.of(request.getString("compression")));
        }
        producer.start();
        producers.put(request.getString("name"), producer);
        return Map.of("clientId", producer.buildMQClientId());
    }

    private Object stop(JSONObject request) {
        producer(request).shutdown();
        producers.remove(request.getString("name"));
        return Map.of();
    }

    /** mode: sync (default), async, oneway, batch; with shardingKey or queue: to the queue it names. */
    private Object send(JSONObject request) throws Exception {
        DefaultMQProducer producer = producer(request);
        String mode = request.containsKey("mode") ? request.getString("mode") : "sync";
        switch (mode) {
            case "sync":
                return told(request, sendSync(producer, request));
            case "async":
                return told(request, sendAsync(producer, request));
            case "oneway":
                sendOneway(producer, request);
                return Map.of();
            case "batch":
                return told(request, sendBatch(producer, request));
            default:
                throw new IllegalArgumentException("unknown mode " + mode);
        }
    }

    private static Map<String, Object> told(JSONObject request, SendResult result) {
        Map<String, Object> out = PeerMessages.describe(result);
        PeerClient.emit("sent", "producer", request.getString("name"), "sent", out);
        return out;
    }

    private static MessageQueue target(JSONObject request) {
        return request.containsKey("queue") ? PeerMessages.queue(request.getJSONObject("queue")) : null;
    }

    private static SendResult sendSync(DefaultMQProducer producer, JSONObject request) throws Exception {
        Message message = PeerMessages.message(request.getJSONObject("message"));
        if (request.containsKey("shardingKey")) {
            return producer.send(message, new SelectMessageQueueByHash(), request.getString("shardingKey"));
        }
        MessageQueue queue = target(request);
        return queue == null ? producer.send(message) : producer.send(message, queue);
    }

    private static SendResult sendBatch(DefaultMQProducer producer, JSONObject request) throws Exception {
        List<Message> messages = PeerMessages.messages(request.getJSONArray("messages"));
        MessageQueue queue = target(request);
        return queue == null ? producer.send(messages) : producer.send(messages, queue);
    }

    private static void sendOneway(DefaultMQProducer producer, JSONObject request) throws Exception {
        Message message = PeerMessages.message(request.getJSONObject("message"));
        MessageQueue queue = target(request);
        if (request.containsKey("shardingKey")) {
            producer.sendOneway(message, new SelectMessageQueueByHash(), request.getString("shardingKey"));
        } else if (queue != null) {
            producer.sendOneway(message, queue);
        } else {
            producer.sendOneway(message);
        }
    }

    private static SendResult sendAsync(DefaultMQProducer producer, JSONObject request) throws Exception {
        CompletableFuture<SendResult> done = new CompletableFuture<>();
        SendCallback callback = new SendCallback() {
            @Override
            public void onSuccess(SendResult result) {
                done.complete(result);
            }

            @Override
            public void onException(Throwable error) {
                done.completeExceptionally(error);
            }
        };
        Message message = PeerMessages.message(request.getJSONObject("message"));
        MessageQueue queue = target(request);
        if (request.containsKey("shardingKey")) {
            producer.send(message, new SelectMessageQueueByHash(), request.getString("shardingKey"), callback);
        } else if (queue != null) {
            producer.send(message, queue, callback);
        } else {
            producer.send(message, callback);
        }
        return done.get(60, TimeUnit.SECONDS);
    }

    /** The local outcome and the answer to later checks travel with the request: COMMIT, ROLLBACK, UNKNOW. */
    private static TransactionMQProducer transactionProducer(JSONObject request) {
        TransactionMQProducer producer = new TransactionMQProducer(request.getString("group"));
        String name = request.getString("name");
        producer.setTransactionListener(new TransactionListener() {
            @Override
            public LocalTransactionState executeLocalTransaction(Message message, Object argument) {
                if ("THROW".equals(argument)) {
                    throw new IllegalStateException("the local transaction was asked to fail");
                }
                return state((String) argument);
            }

            @Override
            public LocalTransactionState checkLocalTransaction(MessageExt message) {
                String answer = message.getUserProperty(CHECK_PROPERTY);
                PeerClient.emit("transactionCheck", "producer", name, "answer", answer, "message", PeerMessages.describe(message));
                return state(answer);
            }
        });
        return producer;
    }

    private static LocalTransactionState state(String outcome) {
        return outcome == null || outcome.equals("UNKNOW") ? LocalTransactionState.UNKNOW
            : outcome.equals("COMMIT") ? LocalTransactionState.COMMIT_MESSAGE : LocalTransactionState.ROLLBACK_MESSAGE;
    }

    private Object sendTransaction(JSONObject request) throws Exception {
        Message message = PeerMessages.message(request.getJSONObject("message"));
        if (request.containsKey("checkAnswer")) {
            message.putUserProperty(CHECK_PROPERTY, request.getString("checkAnswer"));
        }
        TransactionSendResult result = producer(request).sendMessageInTransaction(message, request.getString("outcome"));
        Map<String, Object> out = told(request, result);
        out.put("localState", result.getLocalTransactionState() == null ? null : result.getLocalTransactionState().name());
        return out;
    }

    private Object request(JSONObject request) throws Exception {
        Message reply = producer(request).request(PeerMessages.message(request.getJSONObject("message")), request.getLongValue("ttlMillis", 10000));
        Map<String, Object> out = PeerMessages.describe(reply);
        out.put("body", new String(reply.getBody(), StandardCharsets.UTF_8));
        return out;
    }
}
