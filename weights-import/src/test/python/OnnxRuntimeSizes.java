import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes what ONNX Runtime computes at several sizes of images for the models of make_onnx_sizes.py, as expected.json in
 * their folder; null where it refuses the size:
 *
 * <pre>java -cp onnxruntime-1.29.0.jar OnnxRuntimeSizes.java ../resources/io/camjar/weights/onnx/sizes</pre>
 */
public final class OnnxRuntimeSizes {
  private static final int[][] SIZES = {
    {224, 224}, {225, 225}, {226, 223}, {256, 256}, {97, 131}, {33, 47}, {100, 101}, {64, 48}
  };

  private OnnxRuntimeSizes() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    List<String> models = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".onnx")).sorted().toList()) {
        List<String> answers = new ArrayList<>();
        try (OrtSession session = environment.createSession(file.toString())) {
          for (int[] size : SIZES) {
            answers.add("  \"%dx%d\": %s".formatted(size[0], size[1], answer(environment, session, size)));
          }
        }
        String name = file.getFileName().toString().replace(".onnx", "");
        models.add("\"" + name + "\": {\n" + String.join(",\n", answers) + "}");
      }
    }
    Files.writeString(folder.resolve("expected.json"), "{\n" + String.join(",\n", models) + "\n}\n");
  }

  private static String answer(OrtEnvironment environment, OrtSession session, int[] size)
      throws OrtException {
    long[] shape = {1, 3, size[0], size[1]};
    float[] pixels = new float[3 * size[0] * size[1]];
    for (long i = 0; i < pixels.length; i++) {
      pixels[(int) i] = (float) ((i * i * 31 + i * 7919) % 1009 / 1009.0 * 4 - 2);
    }
    String input = session.getInputNames().iterator().next();
    try (OnnxTensor image = OnnxTensor.createTensor(environment, FloatBuffer.wrap(pixels), shape);
        OrtSession.Result result = session.run(Map.of(input, image))) {
      List<Float> values = new ArrayList<>();
      FloatBuffer scores = ((OnnxTensor) result.get(0)).getFloatBuffer();
      while (scores.hasRemaining()) {
        values.add(scores.get());
      }
      return values.toString();
    } catch (OrtException e) {
      return "null";
    }
  }
}
