package io.camjar.gradcam.cli;

import io.camjar.engine.CamjarException;
import io.camjar.engine.model.Network;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.method.CamMethod;
import io.camjar.gradcam.metric.DeletionInsertion;
import io.camjar.gradcam.metric.Faithfulness;
import io.camjar.gradcam.metric.Faithfulness.Picture;
import io.camjar.gradcam.metric.Faithfulness.Similarity;
import io.camjar.gradcam.metric.Metric;
import io.camjar.gradcam.metric.RandomisedNetwork;
import io.camjar.gradcam.metric.Road;
import io.camjar.gradcam.metric.Sample;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Measures the maps of several methods over a folder of pictures and prints a table. */
final class FaithfulnessRun {
  private static final long SEED = 1;

  private final Network network;
  private final Explainer explainer;
  private final FaithfulnessArguments arguments;
  private final List<CamMethod> methods;
  private final Path folder;
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean debug;
  private final Faithfulness faithfulness;
  private final TreeSet<Path> failed = new TreeSet<>();

  FaithfulnessRun(
      LoadedModel model,
      FaithfulnessArguments arguments,
      Path folder,
      CommandLine commandLine,
      boolean debug) {
    this.network = model.network();
    this.explainer =
        arguments.layer() == null
            ? model.explainer()
            : model.explainer().layers(List.of(arguments.layer()));
    this.arguments = arguments;
    this.methods = arguments.methods();
    this.folder = folder;
    this.out = commandLine.getOut();
    this.err = commandLine.getErr();
    this.debug = debug;
    // The percentiles of pytorch-grad-cam's ARCC: four imputations where ROADCombined makes nine.
    this.faithfulness =
        new Faithfulness(
            network, explainer, new DeletionInsertion(arguments.steps()), Road.at(20, 40, 60, 80));
  }

  /** Does what was asked for; returns the exit code. */
  int run() {
    List<Path> pictures = PictureFolder.some(folder, arguments.limit());
    if (arguments.sanity()) {
      sanity(pictures);
    } else {
      measure(pictures, arguments.boxes());
    }
    out.flush();
    return failed.isEmpty() ? ExitCode.DONE : ExitCode.UNUSABLE;
  }

  /** What is done with one picture. */
  private interface Step {
    void with(Path file, Picture picture);
  }

  private void forEach(String task, List<Path> pictures, Step step) {
    ProgressOnErr progress = ProgressOnErr.of(err);
    progress.at(task, 0, pictures.size());
    for (int i = 0; i < pictures.size(); i++) {
      Path file = pictures.get(i);
      try (Picture picture = faithfulness.prepare(Images.read(file))) {
        step.with(file, picture);
      } catch (CamjarException e) {
        if (failed.add(file)) {
          Failures.report(e, err, debug);
        }
      }
      progress.at(task, i + 1, pictures.size());
    }
  }

  private void measure(List<Path> pictures, BoxFile boxes) {
    Map<String, Map<Metric, Sample>> samples = new LinkedHashMap<>();
    forEach(
        "faithfulness",
        pictures,
        (file, picture) -> {
          for (CamMethod method : methods) {
            Map<Metric, Sample> ofMethod =
                samples.computeIfAbsent(method.name(), name -> new EnumMap<>(Metric.class));
            picture
                .measure(method, boxes.of(folder, file))
                .forEach(
                    (metric, figure) ->
                        ofMethod.computeIfAbsent(metric, m -> new Sample()).add(figure));
          }
        });
    List<Metric> columns =
        List.of(Metric.values()).stream()
            .filter(metric -> samples.values().stream().anyMatch(row -> row.containsKey(metric)))
            .toList();
    List<String> headings = new ArrayList<>(List.of("method"));
    columns.forEach(c -> headings.add(">" + c.label() + (c.higherIsBetter() ? " +" : " -")));
    TextTable table = new TextTable(headings.toArray(new String[0]));
    samples.forEach(
        (method, row) -> {
          List<String> cells = new ArrayList<>(List.of(method));
          columns.forEach(c -> cells.add(cell(row.get(c))));
          table.row(cells);
        });
    table.print(out);
    out.printf(
        "%d pictures, layer %s, preset %s; means with 95 %% confidence intervals, + higher is better,"
            + " - lower; scores are the likeliest class's probability%n",
        pictures.size() - failed.size(), explainer.layers().get(0), explainer.preset());
  }

  private void sanity(List<Path> pictures) {
    List<String> parts = RandomisedNetwork.PARTS;
    out.println("cascading: random from the head down to the part (Spearman, SSIM)");
    similarities(pictures, parts, i -> parts.subList(0, i + 1));
    out.println("independent: only the part is random (Spearman, SSIM)");
    similarities(pictures, parts, i -> parts.subList(i, i + 1));
    out.printf(
        "%d pictures, layer %s; near 1 the maps do not depend on what the part has learned%n",
        pictures.size() - failed.size(), explainer.layers().get(0));
  }

  private void similarities(
      List<Path> pictures, List<String> parts, IntFunction<List<String>> randomised) {
    Map<String, List<String>> rows = new LinkedHashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      Map<String, Sample[]> samples = new LinkedHashMap<>();
      try (Network other = RandomisedNetwork.of(network, randomised.apply(i), SEED)) {
        forEach(
            "random " + String.join(", ", randomised.apply(i)),
            pictures,
            (file, picture) -> {
              for (CamMethod method : methods) {
                Sample[] both =
                    samples.computeIfAbsent(
                        method.name(), name -> new Sample[] {new Sample(), new Sample()});
                Similarity similarity = picture.similarity(method, other);
                both[0].add(similarity.spearman());
                both[1].add(similarity.ssim());
              }
            });
      }
      samples.forEach(
          (method, both) ->
              rows.computeIfAbsent(method, name -> new ArrayList<>(List.of(name)))
                  .add(String.format(Locale.ROOT, "%.2f, %.2f", both[0].mean(), both[1].mean())));
    }
    List<String> headings = new ArrayList<>(List.of("method"));
    parts.forEach(part -> headings.add(">" + part));
    TextTable table = new TextTable(headings.toArray(new String[0]));
    rows.values().forEach(table::row);
    table.print(out);
  }

  private static String cell(@Nullable Sample sample) {
    if (sample == null || sample.count() == 0) {
      return "-";
    }
    String mean = String.format(Locale.ROOT, "%.3f", sample.mean());
    return sample.count() < 2 ? mean : mean + String.format(Locale.ROOT, " ±%.3f", sample.margin());
  }
}
