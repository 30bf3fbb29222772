import java.nio.file.Path;
import java.nio.file.Paths;
import org.apache.rocketmq.common.MQVersion;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;

/** Writes the golden fixtures that need no running server. Usage: GoldenCapture OUTPUT_DIRECTORY */
public final class GoldenCapture {
    private GoldenCapture() {
    }

    public static void main(String[] args) throws Exception {
        if (args.length != 1) {
            System.err.println("usage: GoldenCapture OUTPUT_DIRECTORY");
            System.exit(2);
        }
        System.setProperty(RemotingCommand.REMOTING_VERSION_KEY, Integer.toString(MQVersion.CURRENT_VERSION));
        Path out = Paths.get(args[0]);
        new GoldenFrames().write(out.resolve("wire"));
        GoldenBodies.write(out.resolve("bodies"));
        GoldenMessages.write(out.resolve("messages"));
        System.out.println("golden fixtures written to " + out);
    }
}
