package io.camjar.gradcam.spark.load;

import io.camjar.engine.CamjarException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Explains the same drawn images by the command line and by Spark on {@code local[2]}, each in a
 * JVM of its own with the flags that {@code ./camjar} gives; prints speed, processor time and
 * memory of both, compares the results, and then runs the job on a cluster of two executors of
 * which one is killed.
 *
 * <pre>Load ROOT FOLDER IMAGES WEIGHTS</pre>
 */
public final class Load {
  /** What Spark must reach of the command line's images a second. */
  private static final double BOUND = 0.9;

  /** What {@code ./camjar explain} gives its JVM. */
  private static final List<String> LAUNCHER_HEAP =
      List.of(
          "-XX:Tier4MinInvocationThreshold=30",
          "-XX:Tier4CompileThreshold=5000",
          "-XX:Tier4BackEdgeThreshold=400000",
          "-XX:+UseSerialGC",
          "-Xmn32m",
          "-XX:+UseCountedLoopSafepoints",
          "-XX:LoopStripMiningIter=1000");

  private final Path root;
  private final Path folder;
  private final Path images;
  private final int count;
  private final List<String> weights;
  private boolean right = true;

  private Load(Path root, Path folder, int count, String weights) {
    this.root = root;
    this.folder = folder;
    this.count = count;
    this.weights = weights.isEmpty() ? List.of() : List.of("--weights", weights);
    images = folder.resolve("images-" + count);
  }

  /** Runs it; ends with 1 where a bound is missed. */
  public static void main(String[] args) throws Exception {
    Load load =
        new Load(
            Path.of(args[0]).toAbsolutePath(),
            Path.of(args[1]).toAbsolutePath(),
            Integer.parseInt(args[2]),
            args.length > 3 ? args[3] : "");
    load.run();
    System.exit(load.right ? 0 : 1);
  }

  private void run() throws IOException, InterruptedException {
    int all = count + DrawnImages.ODD;
    System.out.printf("JDK %s, %d images%n", System.getProperty("java.version"), all);
    DrawnImages.into(images, count);
    clear();
    // 5 full collections over the run, which takes some 20 ms an image.
    int every = Math.max(4, count / 300);
    Watched plain =
        Watched.run(commandLine(folder.resolve("plain")), folder.resolve("plain.log"), every);
    print("command line", plain, all, 3);
    Watched spark = Watched.run(spark(folder.resolve("spark")), folder.resolve("spark.log"), every);
    print("spark local[2]", spark, all, 3);
    double ratio = plain.seconds() / spark.seconds();
    System.out.printf(
        Locale.ROOT,
        "spark/command line: %.3f images/s, %.3f of processor time%n",
        ratio,
        spark.userSeconds() / plain.userSeconds());
    expect(ratio >= BOUND, "at least 0.9 of the command line's images/s");
    Watched killed = Watched.run(killed(), folder.resolve("killed.log"), every);
    print("one of two executors killed", killed, all, 0);
    SparkSession session = session();
    compare(session, "spark/explanations", all);
    compare(session, "killed", all);
    session.stop();
  }

  private void clear() throws IOException {
    for (String name : List.of("plain", "spark", "killed")) {
      Path results = folder.resolve(name);
      if (Files.exists(results)) {
        try (Stream<Path> files = Files.walk(results)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    }
  }

  private void print(String what, Watched run, int all, int expectedCode) {
    System.out.printf(
        Locale.ROOT,
        "%s: exit %d, %.1f s, %.2f images/s; processor %.1f s, %.1f ms an image%n  %s%n",
        what,
        run.code(),
        run.seconds(),
        all / run.seconds(),
        run.userSeconds(),
        1000 * run.userSeconds() / all,
        run.memory());
    run.output().lines().filter(line -> !line.isBlank()).limit(4).forEach(l -> say("  " + l));
    expect(run.code() == expectedCode, what + " ends with " + expectedCode);
  }

  private void expect(boolean holds, String what) {
    say((holds ? "holds: " : "DOES NOT HOLD: ") + what);
    right &= holds;
  }

  private static void say(String line) {
    System.out.println(line);
  }

  private void compare(SparkSession session, String name, int all) throws IOException {
    SameResults same = new SameResults(folder.resolve("plain"));
    Path written = folder.resolve(name);
    for (Row row :
        session.read().parquet(written.toString()).select("path", "explanation").collectAsList()) {
      same.add(row);
    }
    expect(same.all(all), name + ": " + same);
    for (String odd : List.of(DrawnImages.CORRUPT, DrawnImages.CMYK, DrawnImages.HUGE)) {
      session
          .read()
          .parquet(written.toString())
          .where("path like '%/" + odd + ".jpg'")
          .select("explanation.error")
          .collectAsList()
          .forEach(row -> say("  %s.jpg: error %s".formatted(odd, row.getString(0))));
    }
  }

  private static SparkSession session() {
    SparkSession session =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    session.sparkContext().setLogLevel("ERROR");
    return session;
  }

  private static List<String> java(List<String> options) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) {
      words.add("--sun-misc-unsafe-memory-access=allow");
      words.add("--enable-native-access=ALL-UNNAMED");
    }
    words.addAll(options);
    return words;
  }

  private List<String> commandLine(Path out) {
    List<String> words = java(List.of("--add-modules", "jdk.incubator.vector"));
    words.addAll(LAUNCHER_HEAP);
    words.add("-jar");
    words.add(file("gradcam/cli/target/camjar.jar").toString());
    words.addAll(List.of("explain", images.toString(), "--format", "json,npy"));
    words.addAll(List.of("--no-summary", "--out", out.toString()));
    words.addAll(weights);
    return words;
  }

  private List<String> sparkJava() {
    List<String> words = java(List.of("@" + file("gradcam/spark/java-options")));
    words.addAll(List.of("-cp", classes()));
    return words;
  }

  private String classes() {
    try {
      return "%s:%s:%s"
          .formatted(
              file("gradcam/spark/target/test-classes"),
              file("gradcam/spark/target/camjar-spark.jar"),
              Files.readString(
                  file("gradcam/spark/target/spark.classpath"), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> spark(Path out) {
    List<String> words = sparkJava();
    words.add("io.camjar.gradcam.spark.SparkMain");
    words.addAll(List.of(images.toString(), "--out", out.toString(), "--format", "raw"));
    words.addAll(List.of("--master", "local[2]"));
    words.addAll(weights);
    return words;
  }

  private List<String> killed() {
    List<String> words = new ArrayList<>();
    words.add("env");
    words.add("SPARK_HOME=" + file("gradcam/spark/target/spark-home"));
    words.add("SPARK_SCALA_VERSION=2.13");
    words.addAll(sparkJava());
    words.add(KilledExecutor.class.getName());
    words.add(images.toString());
    words.add(folder.resolve("killed").toString());
    words.add(weights.isEmpty() ? "" : weights.get(1));
    words.add(file("gradcam/spark/target/camjar-spark-submit.jar").toString());
    return words;
  }

  private Path file(String name) {
    Path file = root.resolve(name);
    if (!Files.exists(file)) {
      throw new CamjarException(file + " is missing; gradcam/spark/load says how it is built");
    }
    return file;
  }
}
