#!/usr/bin/env bash
# ONNX Runtime 1.29.0 (Java, CPU): SAME padding of a pool forgets the dilation, so maps come out too small.
#
# A pool of 3 cells with dilation 2 spans 5. ONNX (MaxPool, AveragePool, LpPool) says that with SAME_UPPER and SAME_LOWER the output has
# ceil(input / stride) cells and the padding is (output - 1) * stride + (kernel - 1) * dilation + 1 - input: 2 cells on each side of a row of 6.
# The pools pad as for 3 cells without dilation, one on each side: 4 cells come out in place of 6, the first and the last window are lost; 7x6
# cells under a 4x2 kernel give 4x5. All three pools do it, in both directions and with a stride. A global pool behind hides the shape and the
# network runs to its end with other numbers; a graph that states the shape gets a warning in the log. Conv refuses SAME with dilation and says
# so; explicit pads are right. Version 1.30.0 for Python does the same. Hurt: dense versions of patch classifiers, where a pool's stride has become
# a dilation.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>probe</groupId>
  <artifactId>probe</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>com.microsoft.onnxruntime</groupId><artifactId>onnxruntime</artifactId><version>1.29.0</version></dependency>
  </dependencies>
</project>
POM
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath -Dmdep.outputFile=classpath >/dev/null
cat >Probe.java <<'JAVA'
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

public class Probe {
  // MaxPool of 3 cells with dilation 2 over rows of 6, auto_pad SAME_UPPER.
  private static final String MAX_UPPER =
      "CAgSADqYAQpVCgF4EgF5IgdNYXhQb29sKhkKCGF1dG9fcGFkIgpTQU1FX1VQUEVSoAEDKhIKCWRpbGF0aW9uc0ABQAKgAQcqFQoMa2VybmVsX3NoYXBlQAFAA6ABBxIBZ1obCgF4EhYKFAgBEhAKAggBCgIIAQoCCAEKAggGYh8KAXkSGgoYCAESFAoDEgFuCgMSAWMKAxIBaAoDEgF3QgQKABAT";
  // The same with SAME_LOWER.
  private static final String MAX_LOWER =
      "CAgSADqYAQpVCgF4EgF5IgdNYXhQb29sKhkKCGF1dG9fcGFkIgpTQU1FX0xPV0VSoAEDKhIKCWRpbGF0aW9uc0ABQAKgAQcqFQoMa2VybmVsX3NoYXBlQAFAA6ABBxIBZ1obCgF4EhYKFAgBEhAKAggBCgIIAQoCCAEKAggGYh8KAXkSGgoYCAESFAoDEgFuCgMSAWMKAxIBaAoDEgF3QgQKABAT";
  // SAME_UPPER with stride 2.
  private static final String MAX_STRIDE =
      "CAgSADqqAQpnCgF4EgF5IgdNYXhQb29sKhkKCGF1dG9fcGFkIgpTQU1FX1VQUEVSoAEDKhIKCWRpbGF0aW9uc0ABQAKgAQcqFQoMa2VybmVsX3NoYXBlQAFAA6ABByoQCgdzdHJpZGVzQAFAAqABBxIBZ1obCgF4EhYKFAgBEhAKAggBCgIIAQoCCAEKAggGYh8KAXkSGgoYCAESFAoDEgFuCgMSAWMKAxIBaAoDEgF3QgQKABAT";
  // AveragePool in place of MaxPool.
  private static final String AVERAGE =
      "CAgSADqcAQpZCgF4EgF5IgtBdmVyYWdlUG9vbCoZCghhdXRvX3BhZCIKU0FNRV9VUFBFUqABAyoSCglkaWxhdGlvbnNAAUACoAEHKhUKDGtlcm5lbF9zaGFwZUABQAOgAQcSAWdaGwoBeBIWChQIARIQCgIIAQoCCAEKAggBCgIIBmIfCgF5EhoKGAgBEhQKAxIBbgoDEgFjCgMSAWgKAxIBd0IECgAQEw==";
  // LpPool with p 1 (a sum).
  private static final String LP =
      "CAgSADqhAQpeCgF4EgF5IgZMcFBvb2wqGQoIYXV0b19wYWQiClNBTUVfVVBQRVKgAQMqEgoJZGlsYXRpb25zQAFAAqABByoVCgxrZXJuZWxfc2hhcGVAAUADoAEHKggKAXAYAaABAhIBZ1obCgF4EhYKFAgBEhAKAggBCgIIAQoCCAEKAggGYh8KAXkSGgoYCAESFAoDEgFuCgMSAWMKAxIBaAoDEgF3QgQKABAT";
  // The first with a GlobalAveragePool behind it.
  private static final String GLOBAL =
      "CAgSADqzAQpVCgF4EgFwIgdNYXhQb29sKhkKCGF1dG9fcGFkIgpTQU1FX1VQUEVSoAEDKhIKCWRpbGF0aW9uc0ABQAKgAQcqFQoMa2VybmVsX3NoYXBlQAFAA6ABBwoZCgFwEgF5IhFHbG9iYWxBdmVyYWdlUG9vbBIBZ1obCgF4EhYKFAgBEhAKAggBCgIIAQoCCAEKAggGYh8KAXkSGgoYCAESFAoDEgFuCgMSAWMKAxIBaAoDEgF3QgQKABAT";
  // The first with pads 2 and 2 in place of auto_pad.
  private static final String MAX_EXPLICIT =
      "CAgSADqQAQpNCgF4EgF5IgdNYXhQb29sKhIKCWRpbGF0aW9uc0ABQAKgAQcqFQoMa2VybmVsX3NoYXBlQAFAA6ABByoRCgRwYWRzQABAAkAAQAKgAQcSAWdaGwoBeBIWChQIARIQCgIIAQoCCAEKAggBCgIIBmIfCgF5EhoKGAgBEhQKAxIBbgoDEgFjCgMSAWgKAxIBd0IECgAQEw==";
  // MaxPool of 4x2 cells with dilation 2 over 7x6 cells, auto_pad SAME_UPPER.
  private static final String AREA =
      "CAgSADqYAQpVCgF4EgF5IgdNYXhQb29sKhkKCGF1dG9fcGFkIgpTQU1FX1VQUEVSoAEDKhIKCWRpbGF0aW9uc0ACQAKgAQcqFQoMa2VybmVsX3NoYXBlQARAAqABBxIBZ1obCgF4EhYKFAgBEhAKAggBCgIIAQoCCAcKAggGYh8KAXkSGgoYCAESFAoDEgFuCgMSAWMKAxIBaAoDEgF3QgQKABAT";
  // A convolution of ones in place of the first pool.
  private static final String CONV =
      "CAgSADq1AQpVCgF4CgF3EgF5IgRDb252KhkKCGF1dG9fcGFkIgpTQU1FX1VQUEVSoAEDKhIKCWRpbGF0aW9uc0ABQAKgAQcqFQoMa2VybmVsX3NoYXBlQAFAA6ABBxIBZyobCAEIAQgBCAMQAUIBd0oMAACAPwAAgD8AAIA/WhsKAXgSFgoUCAESEAoCCAEKAggBCgIIAQoCCAZiHwoBeRIaChgIARIUCgMSAW4KAxIBYwoDEgFoCgMSAXdCBAoAEBM=";

  private static final float[] ROW = {1, 2, 3, 4, 5, 6};

  private enum Pool {
    MAX,
    MEAN,
    SUM
  }

  public static void main(String[] arguments) throws Exception {
    float[] maxima = byHand(Pool.MAX, 1);
    show("MaxPool, SAME_UPPER", row(MAX_UPPER), maxima);
    show("MaxPool, SAME_LOWER", row(MAX_LOWER), maxima);
    show("MaxPool, SAME_UPPER, stride 2", row(MAX_STRIDE), byHand(Pool.MAX, 2));
    show("AveragePool, SAME_UPPER", row(AVERAGE), byHand(Pool.MEAN, 1));
    show("LpPool, SAME_UPPER", row(LP), byHand(Pool.SUM, 1));
    float mean = 0;
    for (float maximum : maxima) {
      mean += maximum / maxima.length;
    }
    show("MaxPool, SAME_UPPER, and a global mean", row(GLOBAL), mean);
    show("MaxPool, pads 2 and 2", row(MAX_EXPLICIT), maxima);
    float[][] area = run(AREA, new float[7][6]);
    System.out.println("seen: MaxPool 4x2 over 7x6, SAME_UPPER: " + area.length + "x" + area[0].length + ", should be 7x6");
    try {
      System.out.println("seen: Conv, SAME_UPPER: " + Arrays.toString(row(CONV)));
    } catch (OrtException refused) {
      System.out.println("seen: Conv, SAME_UPPER: refused: " + refused.getMessage().replaceFirst("(?s).*(Dilation not supported for [A-Za-z_: ]*).*", "$1"));
    }
  }

  /** Three cells with dilation 2 over the row, by ONNX's formulas; padding is neither a value nor counted. */
  private static float[] byHand(Pool pool, int stride) {
    int length = (ROW.length + stride - 1) / stride;
    int padding = (length - 1) * stride + 5 - ROW.length;
    float[] output = new float[length];
    for (int i = 0; i < length; i++) {
      float maximum = Float.NEGATIVE_INFINITY;
      float sum = 0;
      int cells = 0;
      for (int k = 0; k < 3; k++) {
        int at = i * stride + 2 * k - padding / 2;
        if (at >= 0 && at < ROW.length) {
          maximum = Math.max(maximum, ROW[at]);
          sum += ROW[at];
          cells++;
        }
      }
      output[i] = pool == Pool.MAX ? maximum : pool == Pool.MEAN ? sum / cells : sum;
    }
    return output;
  }

  private static void show(String what, float[] values, float... right) {
    System.out.println("seen: " + what + ": " + Arrays.toString(values) + ", should be " + Arrays.toString(right));
  }

  private static float[] row(String model) throws OrtException {
    return run(model, new float[][] {ROW})[0];
  }

  private static float[][] run(String model, float[][] map) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    try (OrtSession session = environment.createSession(Base64.getDecoder().decode(model), new OrtSession.SessionOptions());
        OnnxTensor input = OnnxTensor.createTensor(environment, new float[][][][] {{map}});
        OrtSession.Result result = session.run(Map.of("x", input))) {
      return ((float[][][][]) result.get(0).getValue())[0][0];
    }
  }
}
JAVA
java -cp "$(cat classpath)" Probe.java 2>/dev/null | grep '^seen: ' >seen
cat >expected <<'SEEN'
seen: MaxPool, SAME_UPPER: [4.0, 5.0, 6.0, 5.0], should be [3.0, 4.0, 5.0, 6.0, 5.0, 6.0]
seen: MaxPool, SAME_LOWER: [4.0, 5.0, 6.0, 5.0], should be [3.0, 4.0, 5.0, 6.0, 5.0, 6.0]
seen: MaxPool, SAME_UPPER, stride 2: [5.0, 5.0], should be [4.0, 6.0, 6.0]
seen: AveragePool, SAME_UPPER: [3.0, 3.0, 4.0, 4.0], should be [2.0, 3.0, 3.0, 4.0, 4.0, 5.0]
seen: LpPool, SAME_UPPER: [6.0, 9.0, 12.0, 8.0], should be [4.0, 6.0, 9.0, 12.0, 8.0, 10.0]
seen: MaxPool, SAME_UPPER, and a global mean: [5.0], should be [4.833333]
seen: MaxPool, pads 2 and 2: [3.0, 4.0, 5.0, 6.0, 5.0, 6.0], should be [3.0, 4.0, 5.0, 6.0, 5.0, 6.0]
seen: MaxPool 4x2 over 7x6, SAME_UPPER: 4x5, should be 7x6
seen: Conv, SAME_UPPER: refused: Dilation not supported for AutoPadType::SAME_UPPER or AutoPadType::SAME_LOWER
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
