import com.alibaba.fastjson2.JSON;
import com.alibaba.fastjson2.JSONWriter;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.rocketmq.common.MQVersion;

/** What all captures share: provenance, readable output, and setting a bean's fields by name. */
final class Golden {
    /** 2024-01-02T03:04:05.678Z, the only moment that occurs in the fixtures made without a broker. */
    static final long TIME = 1704164645678L;

    private Golden() {
    }

    static Map<String, Object> provenance() {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("implementation", "Apache RocketMQ");
        out.put("version", MQVersion.getVersionDesc(MQVersion.CURRENT_VERSION).substring(1).replace('_', '.'));
        out.put("capturedBy", "test/support/apache/java");
        return out;
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    static byte[] bytes(ByteBuffer buffer) {
        ByteBuffer view = buffer.duplicate();
        byte[] out = new byte[view.remaining()];
        view.get(out);
        return out;
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A linked map from alternating keys and values. */
    static Map<String, Object> map(Object... pairs) {
        Map<String, Object> out = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            out.put((String) pairs[i], pairs[i + 1]);
        }
        return out;
    }

    /** Writes {provenance, entries}, one entry per paragraph. */
    static void write(Path file, String what, List<Map<String, Object>> entries) throws IOException {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("what", what);
        document.put("provenance", provenance());
        document.put("entries", entries);
        Files.createDirectories(file.getParent());
        Files.write(file, utf8(JSON.toJSONString(document, JSONWriter.Feature.PrettyFormatWith2Space, JSONWriter.Feature.WriteNulls) + "\n"));
    }

    /** Sets fields of a bean, inherited ones too, from alternating names and texts. */
    static <T> T fill(T bean, String... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            Field field = fieldOf(bean.getClass(), pairs[i]);
            try {
                field.set(bean, parse(field.getType(), pairs[i + 1]));
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
        return bean;
    }

    /** The texts of all non-null instance fields, by name: what a header puts on the wire. */
    static Map<String, String> fieldsOf(Object bean) {
        Map<String, String> out = new TreeMap<>();
        for (Class<?> type = bean.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers())) {
                    continue;
                }
                field.setAccessible(true);
                try {
                    Object value = field.get(bean);
                    if (value != null) {
                        out.put(field.getName(), value.toString());
                    }
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return out;
    }

    private static Field fieldOf(Class<?> start, String name) {
        for (Class<?> type = start; type != null; type = type.getSuperclass()) {
            try {
                Field field = type.getDeclaredField(name);
                field.setAccessible(true);
                return field;
            } catch (NoSuchFieldException e) {
                // look in the superclass
            }
        }
        throw new IllegalArgumentException(start.getName() + " has no field " + name);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Object parse(Class<?> type, String text) {
        if (type == String.class) {
            return text;
        }
        if (type == Integer.class || type == int.class) {
            return Integer.valueOf(text);
        }
        if (type == Long.class || type == long.class) {
            return Long.valueOf(text);
        }
        if (type == Boolean.class || type == boolean.class) {
            return Boolean.valueOf(text);
        }
        if (type == Double.class || type == double.class) {
            return Double.valueOf(text);
        }
        if (type.isEnum()) {
            return Enum.valueOf((Class) type, text);
        }
        throw new IllegalArgumentException("cannot set a field of " + type);
    }

    static <T> List<T> list(Iterable<T> items) {
        List<T> out = new ArrayList<>();
        items.forEach(out::add);
        return out;
    }
}
