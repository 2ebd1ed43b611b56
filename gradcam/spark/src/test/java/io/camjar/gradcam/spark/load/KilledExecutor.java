package io.camjar.gradcam.spark.load;

import io.camjar.gradcam.spark.CamTransformer;
import io.camjar.gradcam.spark.ImagePaths;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.SparkStatusTracker;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A job on a cluster of two executors on this machine, each a JVM of its own, one of which is
 * killed when a quarter of the tasks are done.
 *
 * <pre>KilledExecutor IMAGES OUT WEIGHTS JAR</pre>
 *
 * <p>{@code SPARK_HOME} and {@code SPARK_SCALA_VERSION} must be set: executors are started from the
 * folder {@code jars} there.
 */
public final class KilledExecutor {
  private static final int TASKS = 40;
  private static final String EXECUTOR = "CoarseGrainedExecutorBackend";

  private KilledExecutor() {}

  /** Runs the job; ends with 1 where no executor could be killed. */
  public static void main(String[] args) throws InterruptedException {
    SparkSession spark =
        SparkSession.builder()
            .appName("killed executor")
            .master("local-cluster[2,1,2048]")
            .config("spark.jars", args[3])
            .config("spark.executor.memory", "2g")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
    Set<Long> seen = new HashSet<>();
    Set<Long> killed = new HashSet<>();
    Thread killer = new Thread(() -> kill(spark.sparkContext().statusTracker(), seen, killed));
    killer.setDaemon(true);
    killer.start();
    ImagePaths found = ImagePaths.of(args[0], spark.sparkContext().hadoopConfiguration());
    Dataset<Row> explained =
        new CamTransformer()
            .setInputCol("path")
            .setWeights(args[2])
            .transform(found.toDataset(spark, TASKS));
    explained.write().parquet(args[1]);
    killer.interrupt();
    killer.join();
    spark.stop();
    System.out.printf("executors: %d were started, %d killed%n", seen.size(), killed.size());
    if (killed.isEmpty()) {
      System.exit(1);
    }
  }

  private static void kill(SparkStatusTracker tracker, Set<Long> seen, Set<Long> killed) {
    try {
      while (true) {
        List<ProcessHandle> executors =
            ProcessHandle.current()
                .descendants()
                .filter(one -> one.info().commandLine().orElse("").contains(EXECUTOR))
                .toList();
        executors.forEach(one -> seen.add(one.pid()));
        if (killed.isEmpty() && executors.size() == 2 && done(tracker) >= TASKS / 4) {
          ProcessHandle unlucky = executors.get(0);
          System.out.printf(
              "after %d of %d tasks: executor %d is killed%n", done(tracker), TASKS, unlucky.pid());
          unlucky.destroyForcibly();
          killed.add(unlucky.pid());
        }
        Thread.sleep(50);
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private static int done(SparkStatusTracker tracker) {
    int done = 0;
    for (int stage : tracker.getActiveStageIds()) {
      SparkStageInfo info = tracker.getStageInfo(stage).getOrElse(() -> null);
      done += info == null ? 0 : info.numCompletedTasks();
    }
    return done;
  }
}
