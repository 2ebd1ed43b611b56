package io.camjar.gradcam.spark;

import io.camjar.engine.CamjarException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code camjar spark}: explains the images of a folder as a Spark job, in this JVM unless a master
 * says otherwise; the main class for {@code spark-submit}, too.
 */
@Command(
    name = "spark",
    description = {
      "Explain images as an Apache Spark job that writes Parquet.",
      "The same jar goes to spark-submit."
    })
public final class SparkMain implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;
  private static final int UNUSABLE = 3;
  private static final int REASONS = 20;
  private static final String COLUMN = "explanation";

  @Parameters(
      paramLabel = "DIR|PATTERN",
      description =
          "A folder with all images below it, or a pattern such as 'photos/*/*.jpg', quoted.")
  private String images = "";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Where explanations, class-means and top-losses go, as Parquet.")
  private String out = "";

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "A weights file (default: the built-in model).")
  private String weights = "";

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Where the job runs (default: local[*], or what spark-submit says).")
  private @Nullable String master;

  @Option(names = "--layer", split = ",", paramLabel = "NAME", description = "Layers of the maps.")
  private String[] layers = {};

  @Option(names = "--class", paramLabel = "N|NAME|topK", description = "Classes to explain.")
  private String[] classes = {};

  @Option(names = "--method", paramLabel = "NAME", description = "The method of the maps.")
  private String method = "gradcam";

  @Option(
      names = "--format",
      split = ",",
      paramLabel = "LIST",
      description = "Of each map raw, scaled, png (default: raw,scaled).")
  private String[] formats = {"raw", "scaled"};

  @Option(names = "--labels", paramLabel = "FILE", description = "Class names, one a line.")
  private @Nullable Path labels;

  @Option(names = "--preset", paramLabel = "NAME", description = "How images are prepared.")
  private String preset = "";

  @Option(names = "--size", paramLabel = "N|HxW", description = "The network's input.")
  private String size = "";

  @Option(
      names = "--top-losses",
      paramLabel = "N",
      description = "How many images of the largest loss are listed (default: ${DEFAULT-VALUE}).")
  private int topLosses = 9;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "Tasks of the job (default: eight a core).")
  private int partitions;

  @Option(names = "--overwrite", description = "Replace results that are there.")
  private boolean overwrite;

  @Option(names = "--debug", description = "Show the stack trace of an error.")
  private boolean debug;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and end.")
  boolean help;

  private @Nullable SparkSession given;
  private final PrintWriter stdout;
  private final PrintWriter stderr;

  SparkMain(PrintWriter stdout, PrintWriter stderr) {
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /** Runs the job and ends the JVM with its exit code. */
  public static void main(String[] args) {
    setUnlessGiven("java.awt.headless", "true");
    if (System.getProperty("spark.master") == null) {
      setUnlessGiven("log4j2.configurationFile", "camjar-spark-log4j2.properties");
    }
    int code =
        run(
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8),
            args);
    if (code != 0) {
      System.exit(code);
    }
  }

  private static void setUnlessGiven(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** Runs the job; returns 0 done, 1 failed, 2 wrong usage, 3 something could not be used. */
  static int run(PrintWriter stdout, PrintWriter stderr, String... args) {
    return new SparkMain(stdout, stderr).runWith(null, args);
  }

  /**
   * The same in a session.
   *
   * @param session null to make one
   */
  int runWith(@Nullable SparkSession session, String... args) {
    given = session;
    return new CommandLine(this)
        .setOut(stdout)
        .setErr(stderr)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(
            (problem, words) -> {
              stderr.println("camjar: " + problem.getMessage());
              stderr.println("Try ./camjar spark --help");
              return WRONG_USAGE;
            })
        .setExecutionExceptionHandler((problem, line, parsed) -> report(problem))
        .execute(args);
  }

  private int report(Exception problem) {
    stderr.println(
        "camjar: "
            + (problem instanceof CamjarException
                ? problem.getMessage()
                : "unexpected error: %s; --debug shows where".formatted(problem)));
    if (debug) {
      problem.printStackTrace(stderr);
    }
    stderr.flush();
    return problem instanceof CamjarException ? UNUSABLE : FAILED;
  }

  @Override
  public Integer call() {
    if (given != null) {
      return run(given);
    }
    SparkSession.Builder builder = SparkSession.builder().appName("camjar");
    // spark-submit says where it runs in this property.
    String submitted = System.getProperty("spark.master");
    String where = master != null ? master : submitted == null ? "local[*]" : null;
    if (where != null) {
      builder.master(where);
    }
    if (System.getProperty("spark.ui.enabled") == null && submitted == null) {
      builder.config("spark.ui.enabled", "false").config("spark.log.level", "ERROR");
    }
    SparkSession spark = builder.getOrCreate();
    try {
      return run(spark);
    } finally {
      spark.stop();
    }
  }

  private int run(SparkSession spark) {
    ImagePaths found = ImagePaths.of(images, spark.sparkContext().hadoopConfiguration());
    say(found);
    CamTransformer transformer =
        new CamTransformer()
            .setInputCol("path")
            .setLabelCol("folder")
            .setWeights(weights)
            .setLayers(layers)
            .setClasses(classes)
            .setMethod(method)
            .setFormats(formats)
            .setLabels(names())
            .setPreset(preset)
            .setSize(size);
    SaveMode mode = overwrite ? SaveMode.Overwrite : SaveMode.ErrorIfExists;
    refuseToReplace(spark, mode);
    long start = System.nanoTime();
    transformer
        .transform(found.toDataset(spark, partitions))
        .write()
        .mode(mode)
        .parquet(out + "/explanations");
    double seconds = (System.nanoTime() - start) / 1e9;
    // What follows reads what was written: nothing is explained twice.
    Dataset<Row> explained = spark.read().parquet(out + "/explanations");
    if (List.of(formats).contains("scaled")) {
      Summaries.classMeans(explained, COLUMN).write().mode(mode).parquet(out + "/class-means");
    }
    Dataset<Row> losses = Summaries.topLosses(explained, COLUMN, topLosses);
    losses.write().mode(mode).parquet(out + "/top-losses");
    return print(explained, seconds);
  }

  private void say(ImagePaths found) {
    if (found.passedOver() > 0) {
      stderr.printf(
          "camjar: files passed over, no images by their names: %d%n", found.passedOver());
    }
    if (found.dotted() > 0) {
      stderr.printf("camjar: hidden files and folders passed over: %d%n", found.dotted());
    }
    if (found.hidden() > 0) {
      stderr.printf(
          "camjar: %d images have names or folders that begin with _, which Spark's own sources leave"
              + " out; they are explained%n",
          found.hidden());
    }
    if (found.partitions() > 0) {
      stderr.printf(
          "camjar: %d images lie in folders such as run=1, which Spark's own sources take for"
              + " partitions; they are explained%n",
          found.partitions());
    }
    stderr.flush();
  }

  private String[] names() {
    if (labels == null) {
      return new String[0];
    }
    try {
      List<String> lines = new ArrayList<>(Files.readAllLines(labels, StandardCharsets.UTF_8));
      lines.removeIf(String::isBlank);
      return lines.toArray(new String[0]);
    } catch (IOException e) {
      throw new CamjarException(labels + " could not be read as text in UTF-8", e);
    }
  }

  private void refuseToReplace(SparkSession spark, SaveMode mode) {
    org.apache.hadoop.fs.Path folder = new org.apache.hadoop.fs.Path(out + "/explanations");
    try {
      if (mode == SaveMode.ErrorIfExists
          && folder.getFileSystem(spark.sparkContext().hadoopConfiguration()).exists(folder)) {
        throw new CamjarException(
            folder + " is there already; choose another --out, or replace it with --overwrite");
      }
    } catch (IOException e) {
      throw new CamjarException("%s cannot be used: %s".formatted(out, e.getMessage()), e);
    }
  }

  private int print(Dataset<Row> explained, double seconds) {
    Row totals = Summaries.totals(explained, COLUMN).first();
    long count = totals.getLong(0);
    long failed = totals.getLong(1);
    List<Row> errors =
        explained
            .where(COLUMN + ".error is not null")
            .orderBy("path")
            .select("path", COLUMN + ".error")
            .limit(REASONS)
            .collectAsList();
    errors.forEach(row -> stderr.println("  " + row.getString(1)));
    if (failed > errors.size()) {
      stderr.printf("  and %d more, see the column explanation.error%n", failed - errors.size());
    }
    stdout.printf(
        Locale.ROOT,
        "%d images in %.1f s, %.1f/s",
        count,
        seconds,
        count / Math.max(seconds, 1e-9));
    if (failed > 0) {
      stdout.printf(", %d of them failed", failed);
    }
    if (totals.getLong(2) > 0) {
      stdout.printf(
          Locale.ROOT,
          "; %d of %d right (%.2f %%)",
          totals.getLong(3),
          totals.getLong(2),
          100.0 * totals.getLong(3) / totals.getLong(2));
    }
    boolean means = List.of(formats).contains("scaled");
    stdout.printf(
        "%n  wrote %1$s/explanations, %2$s%1$s/top-losses%n",
        out, means ? out + "/class-means, " : "");
    stdout.flush();
    stderr.flush();
    return failed > 0 ? UNUSABLE : 0;
  }
}
