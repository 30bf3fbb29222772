import java.io.IOException;

/**
 * Runs another main class and ends this process when standard input closes, so that no server outlives the test run that
 * started it, however that run ends. Usage: Supervised MAIN_CLASS ARGUMENTS...
 */
public final class Supervised {
    private Supervised() {
    }

    public static void main(String[] args) throws Exception {
        endWithInput();
        String[] rest = java.util.Arrays.copyOfRange(args, 1, args.length);
        Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object) rest);
    }

    private static void endWithInput() {
        Thread watcher = new Thread(() -> {
            try {
                while (System.in.read() >= 0) {
                    // only the end matters
                }
            } catch (IOException e) {
                // a broken pipe means the same
            }
            Runtime.getRuntime().halt(0);
        }, "parent-watcher");
        watcher.setDaemon(true);
        watcher.start();
    }
}
