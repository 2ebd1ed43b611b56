import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What ONNX Runtime makes of the image of onnx_full_size.py. Each line of the input asks for one
 * file: FILE.onnx ANSWERS.json N,C,H,W...; a line is answered when its answers are written.
 */
public final class OnnxRuntimeLogits {
  private OnnxRuntimeLogits() {}

  public static void main(String[] arguments) throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ", -1);
      try (OrtSession session = environment.createSession(words[0])) {
        List<List<Float>> rows = new ArrayList<>();
        for (int i = 2; i < words.length; i++) {
          long[] shape = Stream.of(words[i].split(",", -1)).mapToLong(Long::parseLong).toArray();
          rows.add(logits(environment, session, shape));
        }
        Files.writeString(Path.of(words[1]), rows.toString());
      }
      System.out.println("done");
    }
  }

  private static List<Float> logits(OrtEnvironment environment, OrtSession session, long[] shape)
      throws Exception {
    float[] pixels = new float[(int) (shape[0] * shape[1] * shape[2] * shape[3])];
    for (long i = 0; i < pixels.length; i++) {
      pixels[(int) i] = (float) ((i * i * 31 + i * 7919) % 1009 / 1009.0 * 4 - 2);
    }
    try (OnnxTensor image = OnnxTensor.createTensor(environment, FloatBuffer.wrap(pixels), shape);
        OrtSession.Result result = session.run(Map.of("images", image))) {
      FloatBuffer scores = ((OnnxTensor) result.get(0)).getFloatBuffer();
      List<Float> values = new ArrayList<>();
      while (scores.hasRemaining()) {
        values.add(scores.get());
      }
      return values;
    }
  }
}
