package io.camjar.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.PatchGrid;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Trace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The files of {@code make_families.py}, and how far logits and maps are from PyTorch's.
 *
 * @param folder with the files and {@code expected.json}
 * @param expected what PyTorch computed
 */
public record FamilyFiles(Path folder, JsonNode expected) {

  /**
   * The largest differences over the exits, relative to PyTorch's largest logit and L2 norm.
   *
   * @param exits how many were compared
   */
  public record Distance(double logits, double map, int exits) {}

  /** Those in {@code -Dcamjar.families}; the committed ones without it. */
  public static FamilyFiles open() {
    String given = System.getProperty("camjar.families");
    try {
      Path folder =
          given == null
              ? Path.of(Objects.requireNonNull(FamilyFiles.class.getResource("families")).toURI())
              : Path.of(given);
      byte[] json = Files.readAllBytes(folder.resolve("expected.json"));
      return new FamilyFiles(folder, new ObjectMapper().readTree(json));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  List<String> names() {
    List<String> names = new ArrayList<>();
    expected.fieldNames().forEachRemaining(names::add);
    return names;
  }

  String title(String name) {
    return expected.get(name).get("title").asText();
  }

  /** What PyTorch computed for a kind of file: networks are narrower in some ONNX files. */
  JsonNode of(String name, boolean onnx) {
    JsonNode row = expected.get(name);
    return onnx && row.has("onnx") ? row.get("onnx") : row.get("network");
  }

  /** Runs a file and compares every exit. */
  public static Distance distance(Path file, JsonNode expected, boolean onnx) {
    JsonNode exits = expected.get("exits");
    try (Network network = Checkpoints.load(file);
        INDArray image = image(expected.get("side").asInt())) {
      double logits = 0;
      double map = 0;
      int count = Math.max(1, network.architecture().exits().size());
      assertThat(count).as("exits").isEqualTo(exits.size());
      for (int k = 0; k < count; k++) {
        Network exit = count > 1 ? network.exit(k + 1) : network;
        String layer = exit.points().lastBlock().path();
        requireLayer(exit, layer, expected.get(onnx ? "module" : "layer"));
        float[] wanted = floats(exits.get(k).get("logits"));
        try (Trace trace = exit.trace(image, List.of(layer));
            INDArray seed = Nd4j.zeros(1, wanted.length).putScalar(0, largest(wanted), 1f);
            Gradients gradients = exit.backward(trace, seed)) {
          logits = Math.max(logits, relative(HostCopy.floats(trace.logits()), wanted));
          float[] found = map(exit, layer, trace, gradients);
          map = Math.max(map, relativeL2(found, floats(exits.get(k).get("map"))));
        }
      }
      return new Distance(logits, map, count);
    }
  }

  /** The layer where Grad-CAM looks by default is the one that PyTorch looked at. */
  private static void requireLayer(Network network, String found, JsonNode wanted) {
    if (!wanted.isNull()) {
      assertThat(network.graph().value(found))
          .as("the default layer %s, expected %s", found, wanted.asText())
          .isEqualTo(network.graph().value(network.points().resolve(wanted.asText()).path()));
    }
  }

  /** The raw map of Grad-CAM: channels weighted by the means of their gradients. */
  private static float[] map(Network network, String layer, Trace trace, Gradients gradients) {
    Optional<PatchGrid> patches = network.architecture().patches(layer);
    INDArray values = trace.activation(layer);
    INDArray weights = gradients.get(layer);
    if (patches.isPresent()) {
      values = onGrid(patches.get(), values);
      weights = onGrid(patches.get(), weights);
    }
    float[] a = HostCopy.floats(values);
    float[] g = HostCopy.floats(weights);
    int channels = (int) values.size(1);
    float[] map = new float[a.length / channels];
    for (int c = 0; c < channels; c++) {
      double mean = 0;
      for (int i = 0; i < map.length; i++) {
        mean += g[c * map.length + i] / (double) map.length;
      }
      for (int i = 0; i < map.length; i++) {
        map[i] += (float) (mean * a[c * map.length + i]);
      }
    }
    return map;
  }

  /** Tokens as images of features, without those that stand for no place. */
  private static INDArray onGrid(PatchGrid grid, INDArray tokens) {
    INDArray patches =
        tokens.get(
            NDArrayIndex.all(),
            NDArrayIndex.interval(grid.prefix(), grid.tokens()),
            NDArrayIndex.all());
    return patches
        .permute(0, 2, 1)
        .dup('c')
        .reshape('c', 1, tokens.size(2), grid.height(), grid.width());
  }

  /** The largest difference of a file's logits, relative to PyTorch's largest. */
  public static double logits(Path file, JsonNode expected) {
    return relative(logits(file, expected.get("side").asInt()), floats(expected.get("logits")));
  }

  /** The largest difference between two files' logits, relative to the second one's largest. */
  public static double logits(Path file, Path other, int side) {
    return relative(logits(file, side), logits(other, side));
  }

  private static float[] logits(Path file, int side) {
    try (Network network = Checkpoints.load(file);
        INDArray image = image(side);
        Trace trace = network.trace(image, List.of())) {
      return HostCopy.floats(trace.logits());
    }
  }

  /** The image of {@code make_families.py}. */
  private static INDArray image(int side) {
    float[] pixels = new float[3 * side * side];
    for (long i = 0; i < pixels.length; i++) {
      pixels[(int) i] = (float) ((i * i * 31 + i * 7919) % 1009 / 1009.0 * 4 - 2);
    }
    return Nd4j.create(pixels, new long[] {1, 3, side, side}, 'c');
  }

  private static float[] floats(JsonNode numbers) {
    List<Float> all = new ArrayList<>();
    numbers.forEach(
        one -> {
          if (one.isArray()) {
            one.forEach(value -> all.add((float) value.asDouble()));
          } else {
            all.add((float) one.asDouble());
          }
        });
    float[] values = new float[all.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = all.get(i);
    }
    return values;
  }

  private static int largest(float[] values) {
    int best = 0;
    for (int i = 0; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  /** The largest difference, relative to the largest value. */
  private static double relative(float[] found, float[] wanted) {
    assertThat(found).hasSameSizeAs(wanted);
    double scale = 0;
    double difference = 0;
    for (int i = 0; i < wanted.length; i++) {
      scale = Math.max(scale, Math.abs(wanted[i]));
      difference = Math.max(difference, Math.abs(found[i] - wanted[i]));
    }
    return difference / scale;
  }

  private static double relativeL2(float[] found, float[] wanted) {
    assertThat(found).hasSameSizeAs(wanted);
    double squares = 0;
    double length = 0;
    for (int i = 0; i < wanted.length; i++) {
      squares += Math.pow(found[i] - wanted[i], 2);
      length += Math.pow(wanted[i], 2);
    }
    return Math.sqrt(squares / length);
  }
}
