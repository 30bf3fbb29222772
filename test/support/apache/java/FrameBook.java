import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.rocketmq.remoting.CommandCustomHeader;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.SerializeType;

/** Collects frames by area; every command is encoded once with each header serialization. */
final class FrameBook {
    private final Map<String, List<Map<String, Object>>> areas = new LinkedHashMap<>();
    private List<Map<String, Object>> current;
    private int opaque = 100;

    FrameBook area(String name) {
        current = areas.computeIfAbsent(name, key -> new ArrayList<>());
        return this;
    }

    void write(Path directory) throws IOException {
        for (Map.Entry<String, List<Map<String, Object>>> area : areas.entrySet()) {
            Golden.write(directory.resolve(area.getKey() + ".json"), "remoting frames: " + area.getKey(), area.getValue());
        }
    }

    FrameBook request(String name, int code, Class<? extends CommandCustomHeader> header, byte[] body, String... fields) {
        return add(name, code, header, body, false, null, 0, fields);
    }

    FrameBook request(String name, int code, Class<? extends CommandCustomHeader> header, String... fields) {
        return add(name, code, header, null, false, null, 0, fields);
    }

    FrameBook oneway(String name, int code, Class<? extends CommandCustomHeader> header, byte[] body, String... fields) {
        return add(name, code, header, body, false, null, 2, fields);
    }

    /** A reply; the remark tells what a broker says there, null when it says nothing. */
    FrameBook response(String name, int code, Class<? extends CommandCustomHeader> header, String remark, byte[] body, String... fields) {
        return add(name, code, header, body, true, remark, 0, fields);
    }

    private FrameBook add(String name, int code, Class<? extends CommandCustomHeader> type, byte[] body, boolean reply, String remark, int flag, String... fields) {
        CommandCustomHeader header = type == null ? null : Golden.fill(instance(type), fields);
        opaque++;
        byte[] json = frame(code, header, body, reply, remark, flag, SerializeType.JSON);
        byte[] binary = frame(code, header, body, reply, remark, flag, SerializeType.ROCKETMQ);
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", name);
        entry.put("kind", reply ? "response" : flag == 2 ? "oneway" : "request");
        entry.put("code", code);
        entry.put("opaque", opaque);
        entry.put("remark", remark);
        entry.put("headerClass", type == null ? null : type.getSimpleName());
        entry.put("fields", header == null ? Map.of() : Golden.fieldsOf(header));
        entry.put("bodyBase64", body == null ? "" : Golden.base64(body));
        entry.put("jsonHeader", headerText(json));
        entry.put("jsonFrameHex", Golden.hex(json));
        entry.put("rocketmqFrameHex", Golden.hex(binary));
        current.add(entry);
        return this;
    }

    private byte[] frame(int code, CommandCustomHeader header, byte[] body, boolean reply, String remark, int flag, SerializeType serializeType) {
        RemotingCommand command = reply ? RemotingCommand.createResponseCommandWithHeader(code, header) : RemotingCommand.createRequestCommand(code, header);
        command.setOpaque(opaque);
        command.setRemark(remark);
        if (flag == 2) {
            command.markOnewayRPC();
        }
        if (body != null) {
            command.setBody(body);
        }
        command.setSerializeTypeCurrentRPC(serializeType);
        return Golden.bytes(command.encode());
    }

    private static String headerText(byte[] frame) {
        int length = ByteBuffer.wrap(frame).getInt(4) & 0xFFFFFF;
        return new String(frame, 8, length, StandardCharsets.UTF_8);
    }

    private static CommandCustomHeader instance(Class<? extends CommandCustomHeader> type) {
        try {
            return type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName() + " has no usable constructor", e);
        }
    }
}
