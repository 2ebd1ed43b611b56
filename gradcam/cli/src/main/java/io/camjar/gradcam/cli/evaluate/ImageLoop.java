package io.camjar.gradcam.cli.evaluate;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.cli.errors.Failures;
import io.camjar.gradcam.cli.images.ImageFiles;
import io.camjar.gradcam.cli.output.ProgressOnErr;
import io.camjar.gradcam.metric.Faithfulness;
import io.camjar.gradcam.metric.Faithfulness.PreparedImage;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/**
 * Runs a step on every image, once or several times. An image that fails is reported at its first
 * failure and counts as unusable.
 */
final class ImageLoop {
  /** What is done with one image. */
  @FunctionalInterface
  interface Step {
    void with(Path file, PreparedImage picture);
  }

  private final Faithfulness faithfulness;
  private final Path folder;
  private final List<Path> files;
  private final ImageFiles reader;
  private final PrintWriter err;
  private final boolean debug;
  private final TreeSet<Path> failed = new TreeSet<>();

  ImageLoop(
      Faithfulness faithfulness,
      Path folder,
      List<Path> files,
      ImageFiles reader,
      PrintWriter err,
      boolean debug) {
    this.reader = reader;
    this.faithfulness = faithfulness;
    this.folder = folder;
    this.files = files;
    this.err = err;
    this.debug = debug;
  }

  /** Does the same with every image, and shows on stderr how far it is. */
  void forEach(String task, Step step) {
    ProgressOnErr progress = ProgressOnErr.of(err);
    progress.at(task, 0, files.size());
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      try (PreparedImage picture = faithfulness.prepare(reader.read(file).image())) {
        step.with(file, picture);
      } catch (CamjarException e) {
        if (failed.add(file)) {
          Failures.report(e, err, debug);
        }
      }
      progress.at(task, i + 1, files.size());
    }
  }

  /** An image's path below the folder, with slashes. */
  String name(Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }

  /** How many images could be used. */
  int usable() {
    return files.size() - failed.size();
  }

  /** Those that could not, by {@link #name}. */
  List<String> failed() {
    return failed.stream().map(this::name).toList();
  }
}
