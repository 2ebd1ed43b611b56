package io.camjar.gradcam.cli.explain;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.cli.earlier.EarlierTables;
import io.camjar.gradcam.cli.errors.EarlyEnd;
import io.camjar.gradcam.cli.images.Source;
import io.camjar.gradcam.cli.options.RunOptions;
import io.camjar.gradcam.cli.output.Staging;
import io.camjar.gradcam.cli.output.Version;
import io.camjar.gradcam.report.IndexPage;
import io.camjar.gradcam.results.ImageResult;
import io.camjar.gradcam.results.ResultLog;
import io.camjar.gradcam.results.ResultLog.Entry;
import io.camjar.gradcam.results.ResultTables;
import io.camjar.gradcam.results.Totals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The results of a run over many images, in the folder of results: a log that grows with every
 * image, and tables that are made from it. Holds a number an image in memory, no more.
 */
final class RunResults implements AutoCloseable {
  /** The stem of the files' names, which no image's results may have. */
  static final String STEM = "results";

  /** The stem of the index page's name, which none may have either. */
  static final String INDEX = "index";

  private static final long MISSING = -1;

  private final Path folder;
  private final List<? extends Source> sources;
  private final RunOptions options;
  private final String digest;
  private final ResultLog log;
  private final long[] positions;
  private Totals totals = Totals.NONE;

  /**
   * Opens the log.
   *
   * @param resume whether results of an earlier run with the same options are kept
   * @throws CamjarException if the log cannot be written
   */
  RunResults(Path folder, List<? extends Source> sources, RunOptions options, boolean resume) {
    this.folder = folder;
    this.sources = sources;
    this.options = options;
    this.digest = options.digest();
    this.log = ResultLog.open(folder.resolve(STEM + ".jsonl"), resume);
    this.positions = new long[sources.size()];
    Arrays.fill(positions, MISSING);
    if (resume) {
      takeUp();
    }
  }

  /**
   * Refuses to replace the tables of other images, another method or other weights.
   *
   * @throws CamjarException that says what differs
   */
  static void check(Path folder, List<? extends Source> sources, RunOptions options) {
    EarlierTables.requireSame(
        folder.resolve(STEM + ".jsonl"),
        folder.resolve(STEM + ".json"),
        options.values(),
        sources.stream().map(Source::image).toList());
  }

  /** Finds the images whose results are complete, made of the same file in the same way. */
  private void takeUp() {
    Map<String, Integer> byStem = new HashMap<>();
    for (int i = 0; i < sources.size(); i++) {
      byStem.put(sources.get(i).stem(), i);
    }
    log.scan(
        (position, entry) -> {
          Integer index = byStem.get(entry.result().name());
          if (index != null) {
            // The last word counts: it tells whose files these are, and how they were made.
            positions[index] = isComplete(sources.get(index), entry) ? position : MISSING;
          }
        });
    for (long position : positions) {
      if (position != MISSING) {
        totals = totals.plus(log.read(position).result());
      }
    }
  }

  private boolean isComplete(Source source, Entry entry) {
    ImageResult result = entry.result();
    return result.error() == null
        && result.image().equals(source.image())
        && entry.equals(entry(source, result))
        && result.files().stream().allMatch(file -> Files.exists(folder.resolve(file)));
  }

  /** Whether the image of that index has a result. */
  boolean has(int index) {
    return positions[index] != MISSING;
  }

  /** How many images have one. */
  int count() {
    return totals.pictures();
  }

  /** In figures. */
  Totals totals() {
    return totals;
  }

  /** Adds the result of an image that has none. */
  void add(int index, ImageResult result) {
    EarlyEnd.whole(
        () -> {
          positions[index] = log.add(entry(sources.get(index), result));
          totals = totals.plus(result);
        });
  }

  private Entry entry(Source source, ImageResult result) {
    long bytes = 0;
    long modified = 0;
    try {
      if (source.file() != null) {
        bytes = Files.size(source.file());
        modified = Files.getLastModifiedTime(source.file()).toMillis();
      }
    } catch (IOException e) {
      // There is no such file: its result says so.
      modified = MISSING;
    }
    return new Entry(digest, bytes, modified, result);
  }

  /** All results there are, in the order of the images, one at a time. */
  Iterator<ImageResult> iterator() {
    return IntStream.range(0, positions.length)
        .filter(this::has)
        .mapToObj(i -> log.read(positions[i]).result())
        .iterator();
  }

  /**
   * Writes the tables as far as there are results.
   *
   * @throws CamjarException if they cannot be written
   */
  List<Path> writeTables() {
    try (Staging staging = new Staging(folder)) {
      staging.add(STEM + ".csv", part -> ResultTables.writeCsv(part, iterator()));
      staging.add(
          STEM + ".json",
          part -> ResultTables.writeJson(part, options.values(), totals, iterator()));
      return staging.commit();
    }
  }

  /**
   * Writes the page that links every image's results.
   *
   * @param subtitle one line on the network and how it was asked
   * @throws CamjarException if it cannot be written
   */
  List<Path> writeIndex(String subtitle) {
    Path name = folder.toAbsolutePath().normalize().getFileName();
    String title = name == null ? folder.toString() : name.toString();
    try (Staging staging = new Staging(folder)) {
      staging.add(
          IndexPage.FILE,
          part ->
              IndexPage.write(
                  part, title, subtitle, Version.name(), totals.labelled() > 0, iterator()));
      return staging.commit();
    }
  }

  @Override
  public void close() {
    log.close();
  }
}
