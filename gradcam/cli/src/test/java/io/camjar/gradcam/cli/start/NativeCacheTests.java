package io.camjar.gradcam.cli.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeCacheTests {
  @TempDir private Path folder;

  @Test
  void whatIsUnpackedIsAnnouncedWithThePropertyThatMovesIt() throws Exception {
    Path cache = Files.createDirectory(folder.resolve("cache"));
    String property = "-Dorg.bytedeco.javacpp.cachedir=" + cache;

    assertThat(inAnotherJvm(Announce.class, property))
        .contains("397 MB", cache.toString(), "-Dorg.bytedeco.javacpp.cachedir=FOLDER")
        .hasLineCount(1);
    Files.createDirectory(cache.resolve("nd4j-native-1.0.jar"));
    assertThat(inAnotherJvm(Announce.class, property)).isEmpty();
  }

  @Test
  void withoutAFolderToUnpackToTheCauseAndThePropertyAreNamed() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    String said =
        inAnotherJvm(
            Explain.class,
            "-Duser.home=" + file.resolve("home"),
            "-Djava.io.tmpdir=" + file.resolve("tmp"));

    assertThat(said.lines().toList())
        .last()
        .asString()
        .startsWith(
            "camjar: ND4J's native libraries cannot be unpacked (Could not create the cache)")
        .contains(file.resolve("home").toString(), file.resolve("tmp").toString())
        .endsWith("CAMJAR_JAVA_OPTS=-Dorg.bytedeco.javacpp.cachedir=FOLDER");
  }

  private static String inAnotherJvm(Class<?> main, String... flags)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) {
      // As the launcher does: newer JVMs warn of native code.
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  /** Prints the announcement. */
  static final class Announce {
    private Announce() {}

    public static void main(String[] args) {
      NativeCache.announcement().ifPresent(System.out::println);
    }
  }

  /** Runs {@code camjar explain}. */
  static final class Explain {
    private Explain() {}

    public static void main(String[] args) {
      io.camjar.gradcam.cli.Main.main(new String[] {"explain", "--out", args.length + ".out"});
    }
  }
}
