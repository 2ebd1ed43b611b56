import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.PatchGrid;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Trace;
import io.camjar.weights.Checkpoints;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What camjar makes of the image of onnx_full_size.py. Each line of the input asks for one file:
 * FILE.onnx ANSWERS.json N,C,H,W...; it is answered when the answers are written: logits for every
 * shape, and for the first also the default layer, its values and the raw Grad-CAM map of the best
 * class.
 */
public final class OnnxFullSize {
  private OnnxFullSize() {}

  public static void main(String[] arguments) throws Exception {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ", -1);
      Map<String, Object> answers = new LinkedHashMap<>();
      try (Network network = Checkpoints.load(Path.of(words[0]))) {
        explain(network, words[2], answers);
        List<float[]> rows = new ArrayList<>();
        for (int i = 2; i < words.length; i++) {
          try (INDArray image = image(words[i]);
              INDArray scores = network.forward(image)) {
            rows.add(HostCopy.floats(scores));
          }
        }
        answers.put("logits", rows);
      } catch (RuntimeException e) {
        answers.put("fault", e.getMessage());
      }
      new ObjectMapper().writeValue(Path.of(words[1]).toFile(), answers);
      System.out.println("done");
    }
  }

  private static void explain(Network network, String shape, Map<String, Object> answers) {
    String layer = network.points().lastBlock().path();
    try (INDArray image = image(shape);
        Trace trace = network.trace(image, List.of(layer))) {
      float[] logits = HostCopy.floats(trace.logits());
      INDArray activation = trace.activation(layer);
      answers.put("layer", layer);
      answers.put("shape", activation.shape());
      answers.put("activation", HostCopy.floats(activation));
      int best = 0;
      for (int i = 0; i < logits.length; i++) {
        best = logits[i] > logits[best] ? i : best;
      }
      try (INDArray seed = Nd4j.zeros(1, logits.length).putScalar(0, best, 1f);
          Gradients gradients = network.backward(trace, seed)) {
        PatchGrid grid = network.architecture().patches(layer).orElse(null);
        if (grid == null) {
          answers.put(
              "map",
              trace.featureMaps(layer).weightedSum(0, gradients.featureMaps(layer).means(0)));
        } else {
          answers.put("grid", new int[] {grid.height(), grid.width()});
          answers.put("map", map(activation, gradients.get(layer), grid));
        }
      }
    }
  }

  /** Of tokens {@code [1, T, D]} or {@code [1, H, W, D]}: those that stand for patches. */
  private static double[] map(INDArray tokens, INDArray gradient, PatchGrid grid) {
    float[] a = HostCopy.floats(tokens);
    float[] g = HostCopy.floats(gradient);
    int width = (int) tokens.size(-1);
    double[] map = new double[grid.height() * grid.width()];
    for (int d = 0; d < width; d++) {
      double mean = 0;
      for (int i = 0; i < map.length; i++) {
        mean += g[(grid.prefix() + i) * width + d] / (double) map.length;
      }
      for (int i = 0; i < map.length; i++) {
        map[i] += mean * a[(grid.prefix() + i) * width + d];
      }
    }
    return map;
  }

  /** The image of make_families.py, whose formula goes on over further images. */
  private static INDArray image(String sides) {
    long[] shape = Stream.of(sides.split(",", -1)).mapToLong(Long::parseLong).toArray();
    float[] pixels = new float[(int) (shape[0] * shape[1] * shape[2] * shape[3])];
    for (long i = 0; i < pixels.length; i++) {
      pixels[(int) i] = (float) ((i * i * 31 + i * 7919) % 1009 / 1009.0 * 4 - 2);
    }
    return Nd4j.create(pixels, shape, 'c');
  }
}
