import com.alibaba.fastjson2.JSON;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.rocketmq.common.UtilAll;
import org.apache.rocketmq.common.compression.CompressionType;
import org.apache.rocketmq.common.compression.CompressorFactory;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageClientIDSetter;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageExtBrokerInner;
import org.apache.rocketmq.common.message.MessageId;
import org.apache.rocketmq.common.message.MessageVersion;
import org.apache.rocketmq.common.sysflag.MessageSysFlag;
import org.apache.rocketmq.remoting.protocol.header.ExtraInfoUtil;
import org.apache.rocketmq.store.MessageExtEncoder;
import org.apache.rocketmq.store.config.MessageStoreConfig;

/** Stored records, batch bodies, property strings, ids and hashes. */
final class GoldenMessages {
    private static final int PHYSICAL_OFFSET_POSITION = 28;

    private GoldenMessages() {
    }

    static void write(Path directory) throws IOException {
        Golden.write(directory.resolve("records.json"), "message records as the commit log stores them, with what the client decodes from them", records());
        Golden.write(directory.resolve("batches.json"), "bodies of batch sends", batches());
        Golden.write(directory.resolve("properties.json"), "property strings: from a map (write) and into a map (read)", properties());
        Golden.write(directory.resolve("tags-codes.json"), "tagsCode of a tag: Java's string hash", tagsCodes());
        Golden.write(directory.resolve("ids.json"), "offset message ids, unique ids, pop receipts", ids());
    }

    static InetSocketAddress host(String address, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(address), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] sampleRecord() {
        return record(sample("Orders", Golden.utf8("{\"orderId\":7}")), 1024);
    }

    private static MessageExtBrokerInner sample(String topic, byte[] body) {
        MessageExtBrokerInner message = new MessageExtBrokerInner();
        message.setTopic(topic);
        message.setBody(body);
        message.setTags("paid");
        message.setKeys("order-7 customer-9");
        message.putUserProperty("source", "shop");
        message.getProperties().put("UNIQ_KEY", "7F0000012A3C18B4AAC2000000000001");
        message.setQueueId(2);
        message.setFlag(7);
        message.setQueueOffset(41);
        message.setBornTimestamp(Golden.TIME);
        message.setStoreTimestamp(Golden.TIME + 5);
        message.setBornHost(host("10.0.0.7", 53122));
        message.setStoreHost(host("127.0.0.1", 10911));
        message.setReconsumeTimes(1);
        message.setPreparedTransactionOffset(0);
        message.setVersion(MessageVersion.MESSAGE_VERSION_V1);
        return message;
    }

    private static byte[] record(MessageExtBrokerInner message, long physicalOffset) {
        message.setBodyCRC(UtilAll.crc32(message.getBody()));
        message.setPropertiesString(MessageDecoder.messageProperties2String(new TreeMap<>(message.getProperties())));
        MessageExtEncoder encoder = new MessageExtEncoder(new MessageStoreConfig());
        if (encoder.encode(message) != null) {
            throw new IllegalStateException("refused to encode a record for " + message.getTopic());
        }
        ByteBuffer buffer = encoder.getEncoderBuffer();
        byte[] bytes = new byte[buffer.getInt(0)];
        buffer.get(0, bytes);
        ByteBuffer.wrap(bytes).putLong(PHYSICAL_OFFSET_POSITION, physicalOffset);
        return bytes;
    }

    private static List<Map<String, Object>> records() throws IOException {
        List<Map<String, Object>> out = new ArrayList<>();
        out.add(entry("v1", sampleRecord()));
        MessageExtBrokerInner empty = sample("T", new byte[0]);
        empty.getProperties().clear();
        out.add(entry("v1-empty-body-no-properties", record(empty, 0)));
        MessageExtBrokerInner longTopic = sample("long-topic-" + "x".repeat(150), Golden.utf8("v2"));
        longTopic.setVersion(MessageVersion.MESSAGE_VERSION_V2);
        out.add(entry("v2-topic-over-127-bytes", record(longTopic, 4294967296L)));
        MessageExtBrokerInner unicode = sample("Orders", Golden.utf8("\u8ba2\u5355 \ud83d\ude80"));
        unicode.setKeys("\u00fcml\u00e4ut \u8ba2\u5355");
        out.add(entry("v1-unicode", record(unicode, 2048)));
        out.add(entry("v1-born-ipv6", ipv6(true, false)));
        out.add(entry("v1-store-ipv6", ipv6(false, true)));
        out.add(entry("v1-both-ipv6", ipv6(true, true)));
        for (CompressionType type : CompressionType.values()) {
            out.add(entry("v1-compressed-" + type.name().toLowerCase(), compressed(type)));
        }
        MessageExtBrokerInner half = sample("RMQ_SYS_TRANS_HALF_TOPIC", Golden.utf8("half"));
        half.setSysFlag(MessageSysFlag.TRANSACTION_PREPARED_TYPE);
        half.setPreparedTransactionOffset(512);
        half.getProperties().put("REAL_TOPIC", "Orders");
        half.getProperties().put("REAL_QID", "2");
        out.add(entry("v1-transaction-prepared", record(half, 8192)));
        return out;
    }

    private static byte[] ipv6(boolean born, boolean store) {
        MessageExtBrokerInner message = sample("Orders", Golden.utf8("ipv6"));
        if (born) {
            message.setBornHost(host("2001:db8::7", 53122));
            message.setBornHostV6Flag();
        }
        if (store) {
            message.setStoreHost(host("2001:db8::a", 10911));
            message.setStoreHostAddressV6Flag();
        }
        return record(message, 4096);
    }

    private static byte[] compressed(CompressionType type) throws IOException {
        byte[] body = Golden.utf8("compressible ".repeat(40));
        MessageExtBrokerInner message = sample("Orders", CompressorFactory.getCompressor(type).compress(body, 5));
        message.setSysFlag(MessageSysFlag.COMPRESSED_FLAG | type.getCompressionFlag());
        return record(message, 16384);
    }

    /** The record and what the client's decoder makes of it. */
    private static Map<String, Object> entry(String name, byte[] record) {
        MessageExt message = MessageDecoder.decode(ByteBuffer.wrap(record), true, true);
        if (message == null) {
            throw new IllegalStateException("cannot decode " + name);
        }
        return Golden.map("name", name, "recordHex", Golden.hex(record), "decoded", describe(message));
    }

    static Map<String, Object> describe(MessageExt message) {
        return Golden.map("topic", message.getTopic(), "queueId", message.getQueueId(), "queueOffset", message.getQueueOffset(),
            "physicalOffset", message.getCommitLogOffset(), "storeSize", message.getStoreSize(), "flag", message.getFlag(), "sysFlag", message.getSysFlag(),
            "bodyCrc", message.getBodyCRC(), "bornTimestamp", message.getBornTimestamp(), "bornHost", text((InetSocketAddress) message.getBornHost()),
            "storeTimestamp", message.getStoreTimestamp(), "storeHost", text((InetSocketAddress) message.getStoreHost()),
            "reconsumeTimes", message.getReconsumeTimes(), "preparedTransactionOffset", message.getPreparedTransactionOffset(),
            "offsetMsgId", offsetMsgId(message), "properties", message.getProperties() == null ? Map.of() : new TreeMap<>(message.getProperties()),
            "bodyBase64", Golden.base64(message.getBody() == null ? new byte[0] : message.getBody()));
    }

    private static String offsetMsgId(MessageExt message) {
        InetSocketAddress store = (InetSocketAddress) message.getStoreHost();
        int length = store.getAddress().getAddress().length + 4 + 8;
        return MessageDecoder.createMessageId(ByteBuffer.allocate(length), message.getStoreHostBytes(), message.getCommitLogOffset());
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    private static List<Map<String, Object>> batches() {
        List<Map<String, Object>> out = new ArrayList<>();
        Message plain = new Message("Orders", "paid", "k1", Golden.utf8("one"));
        Message flagged = new Message("Orders", "shipped", "k2 k3", 9, Golden.utf8("\u4e8c"), false);
        Message bare = new Message("Orders", new byte[0]);
        bare.getProperties().clear();
        for (List<Message> messages : List.of(List.of(plain), List.of(plain, flagged, bare))) {
            List<Map<String, Object>> contents = new ArrayList<>();
            for (Message message : messages) {
                contents.add(Golden.map("flag", message.getFlag(), "properties", message.getProperties(), "bodyBase64", Golden.base64(message.getBody())));
            }
            out.add(Golden.map("name", messages.size() + "-messages", "bodyHex", Golden.hex(MessageDecoder.encodeMessages(messages)), "messages", contents));
        }
        return out;
    }

    private static List<Map<String, Object>> properties() {
        List<Map<String, Object>> out = new ArrayList<>();
        Map<String, String> several = new LinkedHashMap<>();
        several.put("KEYS", "a b");
        several.put("empty", "");
        several.put("\u952e", "\u503c=1&2");
        several.put("json", "{\"a\":1}");
        for (Map<String, String> map : List.of(Map.<String, String>of(), Map.of("TAGS", "paid"), several)) {
            out.add(Golden.map("direction", "write", "map", map, "text", MessageDecoder.messageProperties2String(map)));
        }
        for (String text : List.of("", "a\u00011\u0002", "a\u00011\u0002b\u00012", "a\u00011", "noSeparator\u0002a\u00011\u0002", "a\u0001\u0002", "\u0001x\u0002", "a\u00011\u00012\u0002", "\u0002\u0002a\u00011\u0002", "a\u00011\u0002a\u00012\u0002")) {
            out.add(Golden.map("direction", "read", "text", text, "map", new TreeMap<>(MessageDecoder.string2messageProperties(text))));
        }
        return out;
    }

    private static List<Map<String, Object>> tagsCodes() {
        List<Map<String, Object>> out = new ArrayList<>();
        for (String tag : List.of("a", "paid", "Aa", "BB", "*", "TagA || TagB", "polygenelubricants", "a long tag with spaces 0123456789", "\u8ba2\u5355", "\ud83d\ude80", "\u00fcml\u00e4ut", "\u0000", "GydZG_")) {
            MessageExtBrokerInner message = new MessageExtBrokerInner();
            message.setTags(tag);
            out.add(Golden.map("tag", tag, "tagsCode", MessageExtBrokerInner.tagsString2tagsCode(null, tag)));
        }
        return out;
    }

    private static List<Map<String, Object>> ids() throws UnknownHostException {
        List<Map<String, Object>> out = new ArrayList<>();
        for (InetSocketAddress address : List.of(host("127.0.0.1", 10911), host("255.254.1.0", 65535), host("2001:db8::a", 10911))) {
            for (long offset : new long[] {0, 1024, 9223372036854775807L}) {
                String id = MessageDecoder.createMessageId(address, offset);
                MessageId back = MessageDecoder.decodeMessageId(id);
                out.add(Golden.map("kind", "offsetMsgId", "host", text(address), "physicalOffset", Long.toString(offset), "id", id, "decodedOffset", Long.toString(back.getOffset())));
            }
        }
        for (String id : List.of("7F0000012A3C18B4AAC2000000000001", "C0A80107FFFF3D4EAC69AABBCCDD0102")) {
            out.add(Golden.map("kind", "uniqueId", "id", id, "ip", MessageClientIDSetter.getIPStrFromID(id), "pid", MessageClientIDSetter.getPidFromID(id)));
        }
        out.add(Golden.map("kind", "popReceipt", "text", ExtraInfoUtil.buildExtraInfo(12, Golden.TIME, 60000, 3, "Orders", "broker-a", 1, 12),
            "parts", Golden.map("ckQueueOffset", 12, "popTime", Golden.TIME, "invisibleTime", 60000, "reviveQid", 3, "topic", "Orders", "brokerName", "broker-a", "queueId", 1, "queueOffset", 12)));
        out.add(Golden.map("kind", "popReceipt", "text", ExtraInfoUtil.buildExtraInfo(12, Golden.TIME, 60000, 3, "%RETRY%CG_orders_Orders", "broker-a", 0, 14),
            "parts", Golden.map("ckQueueOffset", 12, "popTime", Golden.TIME, "invisibleTime", 60000, "reviveQid", 3, "topic", "%RETRY%CG_orders_Orders", "brokerName", "broker-a", "queueId", 0, "queueOffset", 14)));
        return out;
    }
}
