package io.camjar.gradcam.spark;

import io.camjar.engine.CamjarException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The image files below a folder or matching a pattern, on any file system that Hadoop knows.
 *
 * <p>Spark's own sources of files leave out, without a word, names that begin with {@code _} or
 * {@code .}, and take folders such as {@code run=1} for partitions, which hides loose files next to
 * them. Here such images are listed, and {@link #hidden} tells how many Spark would have left out.
 * Names that begin with {@code .} are passed over, as by the command line.
 *
 * @param paths of the images, sorted
 * @param passedOver files that are no images by their names
 * @param dotted files and folders whose names begin with a dot
 * @param hidden of the images, those that Spark's own sources would leave out: their name or a
 *     folder's begins with {@code _}
 * @param partitions of the images, those in folders that Spark would take for partitions
 */
public record ImagePaths(
    List<String> paths, int passedOver, int dotted, int hidden, int partitions) {
  private static final Set<String> ENDINGS =
      Set.of(
          "jpg", "jpeg", "jpe", "jfif", "png", "gif", "bmp", "tif", "tiff", "webp", "dcm", "dicom");

  private static final StructType SCHEMA =
      new StructType(
          new StructField[] {
            DataTypes.createStructField("path", DataTypes.StringType, false),
            DataTypes.createStructField("folder", DataTypes.StringType, true)
          });

  public ImagePaths {
    paths = List.copyOf(paths);
  }

  /** Counts while folders are searched. */
  private static final class Search {
    private final List<String> paths = new ArrayList<>();
    private int passedOver;
    private int dotted;
    private int hidden;
    private int partitions;

    void below(FileSystem files, Path folder, boolean underscore, boolean partition)
        throws IOException {
      for (FileStatus status : files.listStatus(folder)) {
        add(files, status, underscore, partition);
      }
    }

    void add(FileSystem files, FileStatus status, boolean underscore, boolean partition)
        throws IOException {
      String name = status.getPath().getName();
      boolean hiding = underscore || name.startsWith("_");
      if (name.startsWith(".")) {
        dotted++;
      } else if (status.isDirectory()) {
        below(files, status.getPath(), hiding, partition || name.indexOf('=') > 0);
      } else if (isImage(name)) {
        paths.add(status.getPath().toString());
        hidden += hiding ? 1 : 0;
        partitions += partition ? 1 : 0;
      } else {
        passedOver++;
      }
    }
  }

  private static boolean isImage(String name) {
    return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }

  /**
   * Searches.
   *
   * @param word a folder, a file or a pattern of Hadoop's such as {@code photos/*}{@code /*.jpg}
   * @throws CamjarException if there are no images or the folder cannot be listed
   */
  public static ImagePaths of(String word, Configuration configuration) {
    try {
      Path root = new Path(word);
      FileSystem files = root.getFileSystem(configuration);
      // A name with brackets may be a file's own.
      FileStatus[] found =
          files.exists(root)
              ? new FileStatus[] {files.getFileStatus(root)}
              : files.globStatus(root);
      Search search = new Search();
      for (FileStatus status : found == null ? new FileStatus[0] : found) {
        if (status.isDirectory()) {
          search.below(files, status.getPath(), false, false);
        } else {
          search.add(files, status, false, false);
        }
      }
      if (search.paths.isEmpty()) {
        throw new CamjarException(
            word
                + " holds no images; name a folder or a pattern of JPEG, PNG or other image files");
      }
      Collections.sort(search.paths);
      return new ImagePaths(
          search.paths, search.passedOver, search.dotted, search.hidden, search.partitions);
    } catch (IOException | IllegalArgumentException e) {
      throw new CamjarException("%s could not be searched: %s".formatted(word, e.getMessage()), e);
    }
  }

  /**
   * A row an image: {@code path}, and {@code folder}, the name of the folder it lies in. No
   * content: executors read it when it is explained.
   *
   * @param partitions how many tasks; 0 for a few a core
   */
  public Dataset<Row> toDataset(SparkSession spark, int partitions) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    int tasks =
        partitions > 0
            ? partitions
            : Math.max(1, Math.min(paths.size(), 8 * context.defaultParallelism()));
    List<Row> rows = new ArrayList<>();
    for (String path : paths) {
      rows.add(RowFactory.create(path, new Path(path).getParent().getName()));
    }
    return spark.createDataFrame(context.parallelize(rows, tasks), SCHEMA);
  }
}
