package io.camjar.gradcam.cli.evaluate;

import io.camjar.engine.model.Network;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.cli.output.RecordJson;
import io.camjar.gradcam.cli.output.ResultFiles;
import io.camjar.gradcam.method.CamMethod;
import io.camjar.gradcam.metric.RandomisedNetwork;
import io.camjar.gradcam.metric.ShownMap;
import io.camjar.gradcam.metric.Similarity;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The model-randomisation test of maps (Adebayo et al. 2018, arXiv 1810.03292): how like each
 * method's maps stay when parts of the network are replaced by random ones.
 */
final class SanityRun {
  private static final long SEED = 1;

  private final Network network;
  private final Explainer explainer;
  private final List<CamMethod> methods;
  private final ImageLoop pictures;
  private final Map<Path, Map<CamMethod, ShownMap>> learned = new HashMap<>();

  SanityRun(Network network, Explainer explainer, List<CamMethod> methods, ImageLoop pictures) {
    this.network = network;
    this.explainer = explainer;
    this.methods = methods;
    this.pictures = pictures;
  }

  /**
   * Randomises these parts, from the scores down to the image, together and one at a time.
   *
   * @param parts some of {@link RandomisedNetwork#PARTS} or of its layers, in their order
   */
  void run(List<String> parts, PrintWriter out, ResultFiles files) {
    pictures.forEach(
        "maps of the network itself",
        (file, picture) -> {
          Map<CamMethod, ShownMap> maps = new HashMap<>();
          methods.forEach(method -> maps.put(method, picture.map(method, network)));
          learned.put(file, maps);
        });
    SanityResults results = new SanityResults(methods.stream().map(CamMethod::name).toList());
    for (SanityResults.Mode mode : SanityResults.Mode.values()) {
      for (int i = 0; i < parts.size(); i++) {
        measure(mode, parts, i, results);
      }
    }
    results.print(out);
    out.printf(
        "%d images, layer %s, preset %s; means over the images; near 1 the maps do not depend on"
            + " what the part has learned%n",
        pictures.usable(), explainer.layers().get(0), explainer.preset());
    files.write(
        staging -> {
          staging.add("sanity.csv", results.csv());
          staging.add(
              "sanity.json",
              RecordJson.bytes(
                  new SanityRecord(
                      explainer.model(),
                      explainer.preset().toString(),
                      explainer.layers().get(0),
                      pictures.usable(),
                      pictures.failed(),
                      results.rows())));
          staging.add("sanity.png", SanityPlot.png(results));
        });
  }

  private void measure(
      SanityResults.Mode mode, List<String> parts, int index, SanityResults results) {
    List<String> random =
        parts.subList(mode == SanityResults.Mode.CASCADING ? 0 : index, index + 1);
    SanityResults.Step step = results.step(mode, index + 1, parts.get(index));
    try (Network other = RandomisedNetwork.of(network, random, SEED)) {
      pictures.forEach(
          "%s, %s random".formatted(mode.text(), parts.get(index)),
          (file, picture) -> {
            Map<String, Similarity> alike = new LinkedHashMap<>();
            learned
                .getOrDefault(file, Map.of())
                .forEach(
                    (method, map) ->
                        alike.put(method.name(), Similarity.of(map, picture.map(method, other))));
            // All methods or none: an image that one of them refuses counts for no mean.
            alike.forEach(step::add);
          });
    }
  }
}
