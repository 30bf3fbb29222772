import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.rocketmq.broker.BrokerController;
import org.apache.rocketmq.broker.BrokerStartup;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.LocalTransactionState;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.TransactionListener;
import org.apache.rocketmq.client.producer.TransactionMQProducer;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.common.namesrv.NamesrvConfig;
import org.apache.rocketmq.namesrv.NamesrvController;
import org.apache.rocketmq.remoting.netty.NettyClientConfig;
import org.apache.rocketmq.remoting.netty.NettyServerConfig;
import org.apache.rocketmq.remoting.protocol.subscription.SubscriptionGroupConfig;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;

/**
 * Lets a real broker write a small store, closes it in order, and lists what is inside. Usage:
 * GoldenStore OUTPUT_DIRECTORY NAME_SERVER_PORT BROKER_PORT. Writes OUTPUT_DIRECTORY/store and OUTPUT_DIRECTORY/contents.json.
 */
public final class GoldenStore {
    private static final String TOPIC = "GoldenOrders";
    private static final String OTHER_TOPIC = "GoldenRefunds";
    private static final String GROUP = "CG_golden";
    private static final int BLANK_MAGIC = MessageDecoder.BLANK_MAGIC_CODE;
    private static final int CONSUME_QUEUE_UNIT = 20;

    private final Path out;
    private final Path store;
    private final String nameServer;
    private final int nameServerPort;
    private final int brokerPort;
    private final Map<String, String> settings = new LinkedHashMap<>();

    private GoldenStore(String[] args) {
        out = Paths.get(args[0]).toAbsolutePath();
        store = out.resolve("store");
        nameServerPort = Integer.parseInt(args[1]);
        brokerPort = Integer.parseInt(args[2]);
        nameServer = "127.0.0.1:" + nameServerPort;
        settings.put("mappedFileSizeCommitLog", "8192");
        settings.put("mappedFileSizeConsumeQueue", "400");
        settings.put("maxHashSlotNum", "64");
        settings.put("maxIndexNum", "256");
        settings.put("flushDiskType", "ASYNC_FLUSH");
        settings.put("timerWheelEnable", "false");
        settings.put("messageDelayLevel", "1s 5s 10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h");
    }

    public static void main(String[] args) throws Exception {
        if (args.length != 3) {
            System.err.println("usage: GoldenStore OUTPUT_DIRECTORY NAME_SERVER_PORT BROKER_PORT");
            System.exit(2);
        }
        int status = 0;
        try {
            GoldenStore capture = new GoldenStore(args);
            capture.fill();
            capture.list();
            System.out.println("golden store written to " + capture.out);
        } catch (Exception e) {
            e.printStackTrace();
            status = 1;
        }
        Runtime.getRuntime().halt(status); // idle pools of servers and clients would keep the process alive
    }

    private void fill() throws Exception {
        Files.createDirectories(store);
        NettyServerConfig listen = new NettyServerConfig();
        listen.setListenPort(nameServerPort);
        listen.setBindAddress("127.0.0.1");
        NamesrvController names = new NamesrvController(new NamesrvConfig(), listen, new NettyClientConfig());
        names.initialize();
        names.start();
        BrokerController broker = BrokerStartup.start(BrokerStartup.createBrokerController(new String[] {"-c", configFile().toString()}));
        try {
            send();
        } finally {
            broker.shutdown();
            names.shutdown();
        }
    }

    private Path configFile() throws IOException {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put("brokerClusterName", "DefaultCluster");
        all.put("brokerName", "broker-golden");
        all.put("brokerId", "0");
        all.put("listenPort", Integer.toString(brokerPort));
        all.put("haListenPort", Integer.toString(brokerPort + 1));
        all.put("brokerIP1", "127.0.0.1");
        all.put("brokerIP2", "127.0.0.1");
        all.put("bindAddress", "127.0.0.1");
        all.put("namesrvAddr", nameServer);
        all.put("storePathRootDir", store.toString());
        all.put("storePathCommitLog", store.resolve("commitlog").toString());
        Path file = out.resolve("broker.conf");
        List<String> lines = new ArrayList<>();
        all.forEach((key, value) -> lines.add(key + "=" + value));
        Files.write(file, lines);
        return file;
    }

    private void send() throws Exception {
        DefaultMQAdminExt admin = new DefaultMQAdminExt(10000);
        admin.setNamesrvAddr(nameServer);
        admin.start();
        String address = "127.0.0.1:" + brokerPort;
        admin.createAndUpdateTopicConfig(address, new TopicConfig(TOPIC, 2, 2, 6));
        admin.createAndUpdateTopicConfig(address, new TopicConfig(OTHER_TOPIC, 1, 1, 6));
        SubscriptionGroupConfig group = new SubscriptionGroupConfig();
        group.setGroupName(GROUP);
        admin.createAndUpdateSubscriptionGroupConfig(address, group);

        TransactionMQProducer producer = new TransactionMQProducer("PG_golden");
        producer.setNamesrvAddr(nameServer);
        producer.setSendMsgTimeout(10000);
        producer.setCompressMsgBodyOverHowmuch(500);
        producer.setTransactionListener(new AlwaysCommit());
        producer.start();
        sendPlain(producer);
        sendSpecial(producer);
        admin.updateConsumeOffset(address, GROUP, new MessageQueue(TOPIC, "broker-golden", 0), 5);
        admin.updateConsumeOffset(address, GROUP, new MessageQueue(TOPIC, "broker-golden", 1), 7);
        // the delayed message and the settlement of the transaction are written a moment later
        MessageQueue refunds = new MessageQueue(OTHER_TOPIC, "broker-golden", 0);
        while (admin.maxOffset(refunds) < 4 || admin.maxOffset(new MessageQueue("RMQ_SYS_TRANS_OP_HALF_TOPIC", "broker-golden", 0)) < 1) {
            Thread.sleep(50);
        }
        producer.shutdown();
        admin.shutdown();
    }

    /** Enough messages over two queues for the commit log to roll over and the consume queues to have several files. */
    private static void sendPlain(DefaultMQProducer producer) throws Exception {
        String[] tags = {"paid", "shipped", "cancelled"};
        for (int i = 0; i < 60; i++) {
            Message message = new Message(TOPIC, tags[i % 3], "order-" + i + " customer-" + i % 7, Golden.utf8("{\"orderId\":" + i + "}"));
            message.putUserProperty("sequence", Integer.toString(i));
            SendResult result = producer.send(message, new MessageQueue(TOPIC, "broker-golden", i % 2));
            if (result.getQueueOffset() != i / 2) {
                throw new IllegalStateException("message " + i + " got queue offset " + result.getQueueOffset());
            }
        }
    }

    /** OTHER_TOPIC: 0 compressed, 1 of a batch, 2 of a batch, then delayed or committed. */
    private static void sendSpecial(TransactionMQProducer producer) throws Exception {
        producer.send(new Message(OTHER_TOPIC, "big", "big-1", Golden.utf8("compressible ".repeat(100))));
        producer.send(List.of(new Message(OTHER_TOPIC, "batch", "batch-1", Golden.utf8("first of two")), new Message(OTHER_TOPIC, "batch", "batch-2", Golden.utf8("second of two"))));
        Message delayed = new Message(OTHER_TOPIC, "delayed", "delayed-1", Golden.utf8("one second later"));
        delayed.setDelayTimeLevel(1);
        producer.send(delayed);
        producer.sendMessageInTransaction(new Message(TOPIC, "transaction", "transaction-1", Golden.utf8("committed")), null);
        producer.send(new Message(TOPIC, null, null, Golden.utf8("no tags, no keys")), new MessageQueue(TOPIC, "broker-golden", 0));
    }

    private static final class AlwaysCommit implements TransactionListener {
        @Override
        public LocalTransactionState executeLocalTransaction(Message message, Object argument) {
            return LocalTransactionState.COMMIT_MESSAGE;
        }

        @Override
        public LocalTransactionState checkLocalTransaction(MessageExt message) {
            return LocalTransactionState.COMMIT_MESSAGE;
        }
    }

    private void list() throws IOException {
        List<Map<String, Object>> entries = new ArrayList<>();
        entries.add(Golden.map("kind", "settings", "settings", settings));
        entries.addAll(commitLog());
        entries.addAll(consumeQueues());
        Golden.write(out.resolve("contents.json"), "what is in store.tar.gz: every record of the commit log in order, every entry of the consume queues", entries);
    }

    private static List<Path> filesBelow(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private List<Map<String, Object>> commitLog() throws IOException {
        List<Map<String, Object>> out = new ArrayList<>();
        for (Path file : filesBelow(store.resolve("commitlog"))) {
            ByteBuffer buffer = ByteBuffer.wrap(Files.readAllBytes(file));
            while (buffer.remaining() >= 8 && buffer.getInt(buffer.position()) > 0) {
                int start = buffer.position();
                int size = buffer.getInt(start);
                if (buffer.getInt(start + 4) == BLANK_MAGIC) {
                    out.add(Golden.map("kind", "blank", "physicalOffset", Long.parseLong(file.getFileName().toString()) + start, "size", size));
                    break;
                }
                MessageExt message = MessageDecoder.decode(buffer, true, true);
                Map<String, Object> entry = Golden.map("kind", "message");
                entry.putAll(GoldenMessages.describe(message));
                out.add(entry);
                buffer.position(start + size);
            }
        }
        return out;
    }

    private List<Map<String, Object>> consumeQueues() throws IOException {
        Path root = store.resolve("consumequeue");
        Map<String, List<Map<String, Object>>> queues = new TreeMap<>();
        for (Path file : filesBelow(root)) {
            ByteBuffer buffer = ByteBuffer.wrap(Files.readAllBytes(file));
            List<Map<String, Object>> units = queues.computeIfAbsent(root.relativize(file.getParent()).toString(), key -> new ArrayList<>());
            for (; buffer.remaining() >= CONSUME_QUEUE_UNIT; ) {
                Map<String, Object> unit = Golden.map("physicalOffset", buffer.getLong(), "size", buffer.getInt(), "tagsCode", buffer.getLong());
                if ((Integer) unit.get("size") > 0) {
                    units.add(unit);
                }
            }
        }
        List<Map<String, Object>> out = new ArrayList<>();
        queues.forEach((name, units) -> out.add(Golden.map("kind", "consumeQueue", "topic", name.substring(0, name.lastIndexOf('/')),
            "queueId", Integer.parseInt(name.substring(name.lastIndexOf('/') + 1)), "units", units)));
        return out;
    }
}
