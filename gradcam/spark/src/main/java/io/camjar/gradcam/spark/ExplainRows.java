package io.camjar.gradcam.spark;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.decode.ReadOptions;
import io.camjar.gradcam.image.samples.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Explains the images of a partition, one row after the other; a row that cannot be explained gets
 * an error and the others go on.
 */
final class ExplainRows implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  /** Images that this JVM has explained or tried to. */
  private static final AtomicLong COUNT = new AtomicLong();

  private final Broadcast<ShippedWeights> weights;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final Settings settings;
  private final int input;
  private final int name;
  private final int label;
  private final int[] kept;
  private final int threads;

  /**
   * The function.
   *
   * @param input the column of bytes or paths
   * @param name the column of the images' names; -1 where there is none
   * @param label the column of the class that images show; -1 where there is none
   * @param kept the columns that stay
   * @param threads that one image may compute on
   */
  ExplainRows(
      Broadcast<ShippedWeights> weights,
      Broadcast<SerializableConfiguration> hadoop,
      Settings settings,
      int input,
      int name,
      int label,
      int[] kept,
      int threads) {
    this.weights = weights;
    this.hadoop = hadoop;
    this.settings = settings;
    this.input = input;
    this.name = name;
    this.label = label;
    this.kept = kept.clone();
    this.threads = threads;
  }

  /** How many images this JVM has explained or tried to. */
  static long count() {
    return COUNT.get();
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return rows;
    }
    Explainer explainer = settings.apply(LoadedNetworks.of(weights.value(), threads));
    List<Target> targets = settings.targets(explainer.labels());
    Configuration configuration = hadoop.value().value();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Row next() {
        Row row = rows.next();
        TaskContext task = TaskContext.get();
        if (task != null && task.isInterrupted()) {
          throw new CamjarException("the task was ended");
        }
        return with(row, explained(row, explainer, targets, configuration));
      }
    };
  }

  private Row with(Row row, Row explanation) {
    List<@Nullable Object> cells = new ArrayList<>();
    for (int column : kept) {
      cells.add(row.get(column));
    }
    cells.add(explanation);
    return RowFactory.create(cells.toArray());
  }

  private Row explained(
      Row row, Explainer explainer, List<Target> targets, Configuration configuration) {
    String image = name < 0 || row.isNullAt(name) ? "image" : String.valueOf(row.get(name));
    if (row.isNullAt(input)) {
      return ExplanationRows.failed(image + " is null");
    }
    COUNT.incrementAndGet();
    try {
      byte[] bytes =
          row.get(input) instanceof byte[] content ? content : read(image, row, configuration);
      Explanation explanation =
          explainer.explain(image, Images.read(bytes, image, ReadOptions.STANDARD), targets);
      return ExplanationRows.of(explanation, settings, actual(row, explainer));
    } catch (CamjarException e) {
      return ExplanationRows.failed(e.getMessage());
    } catch (IOException e) {
      return ExplanationRows.failed(image + " could not be read: " + e.getMessage());
    } catch (OutOfMemoryError e) {
      return ExplanationRows.failed(
          "%s does not fit into the executor's memory (%s); make spark.executor.memory larger"
              .formatted(image, e.getMessage()));
    } catch (RuntimeException | StackOverflowError e) {
      return ExplanationRows.failed(image + ": unexpected error: " + e);
    }
  }

  private byte[] read(String image, Row row, Configuration configuration) throws IOException {
    Path path = new Path(row.getString(input));
    FileSystem files = path.getFileSystem(configuration);
    long length = files.getFileStatus(path).getLen();
    if (length > Limits.FILE_BYTES) {
      throw new CamjarException(
          "%s has %d MB, more than the %d MB that camjar reads; make it smaller first"
              .formatted(image, length >> 20, Limits.FILE_BYTES >> 20));
    }
    try (InputStream in = files.open(path)) {
      return in.readAllBytes();
    }
  }

  private @Nullable ClassLabel actual(Row row, Explainer explainer) {
    return label < 0 || row.isNullAt(label)
        ? null
        : explainer.labels().find(row.getString(label)).orElse(null);
  }
}
