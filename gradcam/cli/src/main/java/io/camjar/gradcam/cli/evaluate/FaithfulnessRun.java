package io.camjar.gradcam.cli.evaluate;

import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Prediction;
import io.camjar.gradcam.cli.errors.ExitCode;
import io.camjar.gradcam.cli.images.BoxFile;
import io.camjar.gradcam.cli.images.FolderImages;
import io.camjar.gradcam.cli.images.FoundImage;
import io.camjar.gradcam.cli.images.ImageFiles;
import io.camjar.gradcam.cli.images.ImageSearch;
import io.camjar.gradcam.cli.options.LoadedModel;
import io.camjar.gradcam.cli.output.RecordJson;
import io.camjar.gradcam.cli.output.ResultFiles;
import io.camjar.gradcam.math.Evenly;
import io.camjar.gradcam.math.Finite;
import io.camjar.gradcam.method.CamMethod;
import io.camjar.gradcam.metric.DeletionInsertion;
import io.camjar.gradcam.metric.Faithfulness;
import io.camjar.gradcam.metric.Metric;
import io.camjar.gradcam.metric.RandomisedNetwork;
import io.camjar.gradcam.metric.Road;
import io.camjar.gradcam.target.Outputs;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Measures the maps of several methods over a folder of images and prints a table. */
final class FaithfulnessRun {
  // The percentiles of pytorch-grad-cam's ARCC: four imputations where ROADCombined makes nine.
  private static final Road ROAD = Road.at(20, 40, 60, 80);

  private final LoadedModel model;
  private final Explainer explainer;
  private final FaithfulnessArguments arguments;
  private final Path root;
  private final List<Path> files;
  private final ImageFiles reader;
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean debug;

  FaithfulnessRun(
      LoadedModel model,
      FaithfulnessArguments arguments,
      String folder,
      @Nullable Path results,
      ImageFiles reader,
      CommandLine commandLine,
      boolean debug) {
    this.model = model;
    this.explainer =
        arguments.layer() == null
            ? model.explainer()
            : model.explainer().withLayers(List.of(arguments.layer()));
    this.arguments = arguments;
    this.reader = reader;
    this.root = FolderImages.root(folder);
    List<FoundImage> found = ImageSearch.of(List.of(folder), results).pictures();
    this.files = Evenly.spread(found, arguments.limit()).stream().map(FoundImage::file).toList();
    this.out = commandLine.getOut();
    this.err = commandLine.getErr();
    this.debug = debug;
  }

  /**
   * Does what was asked for; returns the exit code.
   *
   * @param results where files go
   */
  int run(ResultFiles results) {
    arguments.methods().forEach(method -> explainer.withMethod(method).check());
    Faithfulness faithfulness =
        new Faithfulness(
            model.network(), explainer, new DeletionInsertion(arguments.steps()), ROAD);
    ImageLoop pictures = new ImageLoop(faithfulness, root, files, reader, err, debug);
    if (arguments.sanity()) {
      List<String> parts =
          arguments.everyLayer()
              ? RandomisedNetwork.layers(model.network())
              : RandomisedNetwork.PARTS;
      new SanityRun(model.network(), explainer, arguments.methods(), pictures)
          .run(parts, out, results);
    } else {
      measure(pictures, results);
    }
    out.flush();
    return pictures.failed().isEmpty() ? ExitCode.DONE : ExitCode.UNUSABLE;
  }

  private String scoreWord() {
    return explainer.readout().outputs() == Outputs.RAW ? "raw output" : "probability";
  }

  private void measure(ImageLoop pictures, ResultFiles results) {
    BoxFile boxes = arguments.boxes();
    FaithfulnessResults measured = new FaithfulnessResults();
    pictures.forEach(
        "faithfulness",
        (file, picture) -> {
          Prediction predicted = picture.predicted();
          // All methods or none: an image that one of them refuses counts for no mean.
          List<Measured> rows = new ArrayList<>();
          for (CamMethod method : arguments.methods()) {
            Map<String, @Nullable Double> figures = new LinkedHashMap<>();
            Map<Metric, Double> found = picture.measure(method, boxes.of(root, file));
            found.forEach((metric, figure) -> figures.put(metric.label(), Finite.orNull(figure)));
            rows.add(
                new Measured(
                    pictures.name(file),
                    predicted.target(),
                    Finite.orNull(predicted.probability()),
                    method.name(),
                    figures));
          }
          rows.forEach(measured::add);
        });
    measured.table().print(out);
    out.printf(
        "%d images, layer %s, preset %s; means with 95 %% confidence intervals, + higher is better,"
            + " - lower; scores are the predicted class's %s%n",
        pictures.usable(), explainer.layers().get(0), explainer.preset(), scoreWord());
    results.write(
        staging -> {
          staging.add("faithfulness.csv", measured.picturesCsv());
          staging.add("faithfulness-summary.csv", measured.summaryCsv());
          FaithfulnessRecord record =
              new FaithfulnessRecord(
                  explainer.model(),
                  explainer.preset().toString(),
                  explainer.layers().get(0),
                  arguments.steps(),
                  ROAD.percentiles(),
                  pictures.usable(),
                  pictures.failed(),
                  measured.summary(),
                  measured.measured());
          staging.add("faithfulness.json", RecordJson.bytes(record));
        });
  }
}
