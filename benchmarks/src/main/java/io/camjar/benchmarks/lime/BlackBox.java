package io.camjar.benchmarks.lime;

import com.sun.management.OperatingSystemMXBean;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.Target;
import io.camjar.gradcam.image.ImageFileFilter;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.Preprocessed;
import io.camjar.gradcam.math.Evenly;
import io.camjar.gradcam.method.CamMethods;
import io.camjar.gradcam.metric.DeletionInsertion;
import io.camjar.gradcam.metric.SampleStatistics;
import io.camjar.gradcam.metric.Scorer;
import io.camjar.weights.Checkpoint;
import io.camjar.weights.Checkpoints;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * LIME next to Grad-CAM, HiRes-CAM and Score-CAM of the last block: seconds an image, and how
 * faithful the maps are by deletion and insertion.
 *
 * <pre>BlackBox FOLDER [IMAGES [WEIGHTS]]</pre>
 *
 * <p>Explained is the class that the network predicts, and scores are its probability. Images are
 * taken evenly from all below the folder. One image is explained first by all, unmeasured.
 */
public final class BlackBox {
  private static final int MASKS = 1_000;

  /** 8 x 8 parts at 224. */
  private static final int CELL = 28;

  /** As {@code evaluate --method} has it. */
  private static final int STEPS = 20;

  private static final List<String> METHODS = List.of("gradcam", "hirescam", "scorecam");

  private final Network network;
  private final Explainer explainer;
  private final Map<String, Row> rows = new LinkedHashMap<>();

  private BlackBox(Network network, Explainer explainer) {
    this.network = network;
    this.explainer = explainer;
  }

  private static final class Row {
    private final SampleStatistics seconds = new SampleStatistics();
    private final SampleStatistics processor = new SampleStatistics();
    private final SampleStatistics deletion = new SampleStatistics();
    private final SampleStatistics insertion = new SampleStatistics();
  }

  /** Makes a map of the input's resolution. */
  @FunctionalInterface
  private interface Way {
    float[] map();
  }

  /** Prints the table. */
  public static void main(String[] args) throws IOException {
    int count = args.length > 1 ? Integer.parseInt(args[1]) : 20;
    List<Path> all;
    try (Stream<Path> files = Files.walk(Path.of(args[0]))) {
      all = files.filter(ImageFileFilter::isMeantAsImage).sorted().toList();
    }
    Checkpoint checkpoint =
        args.length > 2 ? Checkpoints.open(Path.of(args[2])) : Checkpoints.builtin();
    try (Network network = checkpoint.network()) {
      BlackBox run = new BlackBox(network, Explainer.of(network, checkpoint));
      run.explain(all.get(0));
      run.rows.clear();
      List<Path> chosen = Evenly.spread(all, count);
      chosen.forEach(run::explain);
      run.print(chosen.size());
    }
  }

  private void explain(Path file) {
    Preprocessed prepared = explainer.preset().apply(Images.read(file));
    try (INDArray input = prepared.toINDArray()) {
      float[] values = HostCopy.floats(input);
      int predicted;
      try (INDArray logits = network.forward(input)) {
        predicted = explainer.readout().predicted(HostCopy.floats(logits)).target().index();
      }
      Scorer scorer =
          new Scorer(
              network,
              explainer.readout().measured(predicted),
              (int) input.size(1),
              prepared.height(),
              prepared.width());
      for (String method : METHODS) {
        Explainer way = explainer.withMethod(CamMethods.named(method));
        measure(
            method,
            () -> {
              Explanation made = way.explain("image", input, List.of(Target.index(predicted)));
              return made.atInput(made.maps().get(0));
            },
            scorer,
            values);
      }
      measure("lime", () -> lime(scorer, values), scorer, values);
    }
  }

  private static float[] lime(Scorer scorer, float[] image) {
    Superpixels parts = Superpixels.of(image, scorer.height(), scorer.width(), CELL);
    double[] weights = new Lime(MASKS).weights(image, parts, scorer::scores);
    float[] map = new float[parts.of().length];
    for (int i = 0; i < map.length; i++) {
      map[i] = (float) weights[parts.of()[i]];
    }
    return map;
  }

  private void measure(String name, Way way, Scorer scorer, float[] image) {
    Row row = rows.computeIfAbsent(name, unused -> new Row());
    long processor = processor();
    long start = System.nanoTime();
    float[] map = way.map();
    row.seconds.add((System.nanoTime() - start) / 1e9);
    row.processor.add((processor() - processor) / 1e9);
    DeletionInsertion curves = new DeletionInsertion(STEPS);
    row.deletion.add(curves.deletion(scorer, image, map));
    row.insertion.add(curves.insertion(scorer, image, map));
  }

  private static long processor() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private void print(int images) {
    System.out.printf("%d images, LIME with %d masks%n%n", images, MASKS);
    System.out.println("| method | s an image | processor s an image | deletion ↓ | insertion ↑ |");
    System.out.println("|---|--:|--:|--:|--:|");
    rows.forEach(
        (name, row) ->
            System.out.printf(
                Locale.ROOT,
                "| `%s` | %.3f | %.3f | %.3f ±%.3f | %.3f ±%.3f |%n",
                name,
                row.seconds.mean(),
                row.processor.mean(),
                row.deletion.mean(),
                row.deletion.margin(),
                row.insertion.mean(),
                row.insertion.margin()));
  }
}
