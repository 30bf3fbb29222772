import com.alibaba.fastjson2.JSON;
import com.alibaba.fastjson2.JSONObject;
import com.alibaba.fastjson2.JSONWriter;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.common.MQVersion;

/**
 * Apache's Java client, driven by lines of JSON: a request {id, op, ...} on standard input is answered by {id, ok, result}
 * or {id, ok: false, error}; what happens by itself is told as {event, ...}. Ends when standard input closes.
 */
public final class PeerClient {
    /** Does one operation; the result must be something JSON can say. */
    interface Operation {
        Object run(JSONObject request) throws Exception;
    }

    private static final PrintStream OUT = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

    private final Map<String, Operation> operations = new HashMap<>();
    private final ExecutorService workers = Executors.newCachedThreadPool();

    private PeerClient() {
        operations.put("hello", request -> Map.of("version", MQVersion.getVersionDesc(MQVersion.CURRENT_VERSION), "java", System.getProperty("java.version"), "pid", ProcessHandle.current().pid()));
        new PeerProducers().register(operations);
        new PeerPushConsumers().register(operations);
        new PeerPullConsumers().register(operations);
        new PeerPop().register(operations);
        new PeerAdmin().register(operations);
    }

    public static void main(String[] args) throws Exception {
        System.setOut(System.err); // standard output carries the protocol alone
        PeerClient client = new PeerClient();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JSONObject request = JSON.parseObject(line);
            client.workers.execute(() -> client.answer(request));
        }
        Runtime.getRuntime().halt(0); // like a client that is killed: an orderly one has been stopped by a request
    }

    private void answer(JSONObject request) {
        Map<String, Object> reply = new LinkedHashMap<>();
        reply.put("id", request.get("id"));
        try {
            Operation operation = operations.get(request.getString("op"));
            if (operation == null) {
                throw new IllegalArgumentException("unknown op \"" + request.getString("op") + "\"; known: " + new java.util.TreeSet<>(operations.keySet()));
            }
            Object result = operation.run(request);
            reply.put("ok", true);
            reply.put("result", result);
        } catch (Throwable e) {
            reply.put("ok", false);
            reply.put("error", describe(e));
        }
        write(reply);
    }

    static void emit(String event, Object... pairs) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", event);
        for (int i = 0; i < pairs.length; i += 2) {
            line.put((String) pairs[i], pairs[i + 1]);
        }
        write(line);
    }

    private static void write(Object line) {
        String text = JSON.toJSONString(line, JSONWriter.Feature.WriteNulls, JSONWriter.Feature.LargeObject);
        synchronized (OUT) {
            OUT.println(text);
        }
    }

    static Map<String, Object> describe(Throwable error) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("type", error.getClass().getSimpleName());
        out.put("message", String.valueOf(error.getMessage()));
        if (error instanceof MQClientException) {
            out.put("code", ((MQClientException) error).getResponseCode());
        }
        if (error instanceof MQBrokerException) {
            out.put("code", ((MQBrokerException) error).getResponseCode());
            out.put("brokerAddress", ((MQBrokerException) error).getBrokerAddr());
        }
        if (error.getCause() != null && error.getCause() != error) {
            out.put("cause", describe(error.getCause()));
        }
        return out;
    }
}
