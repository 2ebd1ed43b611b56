import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes what ONNX Runtime computes for the models of make_onnx_nodes.py, as expected.json in their folder:
 *
 * <pre>java -cp onnxruntime-1.29.0.jar OnnxRuntimeAnswers.java ../resources/io/camjar/weights/onnx/nodes</pre>
 */
public final class OnnxRuntimeAnswers {
  private OnnxRuntimeAnswers() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".onnx")).sorted().toList()) {
        String name = file.getFileName().toString().replace(".onnx", "");
        lines.add("\"" + name + "\": " + answer(file));
      }
    }
    Files.writeString(folder.resolve("expected.json"), "{\n" + String.join(",\n", lines) + "\n}\n");
  }

  private static List<Float> answer(Path file) throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(file.toString())) {
      String input = session.getInputNames().iterator().next();
      long[] shape = input.equals("image") ? new long[] {1, 4, 3, 2} : new long[] {1, 4, 7, 6};
      float[] pixels = new float[(int) (4 * shape[2] * shape[3])];
      for (long i = 0; i < pixels.length; i++) {
        pixels[(int) i] = (float) ((i * i * 31 + i * 7919) % 1009 / 1009.0 * 4 - 2);
      }
      try (OnnxTensor image = OnnxTensor.createTensor(environment, FloatBuffer.wrap(pixels), shape);
          OrtSession.Result result = session.run(Map.of(input, image))) {
        List<Float> values = new ArrayList<>();
        FloatBuffer scores = ((OnnxTensor) result.get(0)).getFloatBuffer();
        while (scores.hasRemaining()) {
          values.add(scores.get());
        }
        return values;
      }
    }
  }
}
