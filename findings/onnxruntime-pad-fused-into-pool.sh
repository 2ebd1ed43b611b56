#!/usr/bin/env bash
# ONNX Runtime 1.29.0 (Java, CPU): the graph optimiser moves a Pad of zeros into the pool behind it, and the answer changes.
#
# A MaxPool's own padding is minus infinity, a Pad's is zero. 2x2 cells of -1, padded by zeros, have 3x3 maxima of 0; with the default
# optimisations they are -1. Behind a ReLU nobody notices; behind LeakyReLU, SiLU, a batch norm or normalised pixels the network
# is another one. An AveragePool with ceil_mode changes its shape: 5x5 padded cells give 3x3 outputs, after the fusion 2x2.
# Exporters write Pad in front of pools for ZeroPadding2D and for padded average pools.
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
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

public class Probe {
  // Pad by one zero on each side, then MaxPool 3x3 with stride 1.
  private static final String MAX =
      "CAgSADqcAQoOCgF4CgFwEgFxIgNQYWQKOAoBcRIBeSIHTWF4UG9vbCoVCgxrZXJuZWxfc2hhcGVAA0ADoAEHKhAKB3N0cmlkZXNAAUABoAEHEgFnKhEICBAHOggAAAEBAAABAUIBcFobCgF4EhYKFAgBEhAKAggBCgIIAQoCCAIKAggCYh0KAXkSGAoWCAESEgoCCAEKAggBCgMSAWgKAxIBd0IECgAQDg==";
  // Pad by one zero on each side, then AveragePool 2x2 with stride 2 and ceil_mode 1.
  private static final String AVERAGE =
      "CAgSADqyAQoOCgF4CgFwEgFxIgNQYWQKTgoBcRIBeSILQXZlcmFnZVBvb2wqEAoJY2VpbF9tb2RlGAGgAQIqFQoMa2VybmVsX3NoYXBlQAJAAqABByoQCgdzdHJpZGVzQAJAAqABBxIBZyoRCAgQBzoIAAABAQAAAQFCAXBaGwoBeBIWChQIARIQCgIIAQoCCAEKAggDCgIIA2IdCgF5EhgKFggBEhIKAggBCgIIAQoDEgFoCgMSAXdCBAoAEA4=";

  public static void main(String[] arguments) throws Exception {
    for (OptLevel level : new OptLevel[] {OptLevel.NO_OPT, OptLevel.BASIC_OPT, OptLevel.ALL_OPT}) {
      System.out.println("seen: " + level + ": maxima of -1 and padded zeros " + run(MAX, level, 2, -1));
      System.out.println("seen: " + level + ": means of 1 and padded zeros " + run(AVERAGE, level, 3, 1));
    }
  }

  private static String run(String model, OptLevel level, int side, float value) throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    float[][][][] image = new float[1][1][side][side];
    for (float[] row : image[0][0]) {
      Arrays.fill(row, value);
    }
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setOptimizationLevel(level);
    try (OrtSession session = environment.createSession(Base64.getDecoder().decode(model), options);
        OnnxTensor input = OnnxTensor.createTensor(environment, image);
        OrtSession.Result result = session.run(Map.of("x", input))) {
      return Arrays.deepToString(((float[][][][]) result.get(0).getValue())[0][0]);
    }
  }
}
JAVA
java -cp "$(cat classpath)" Probe.java 2>/dev/null | grep '^seen: ' >seen
cat >expected <<'SEEN'
seen: NO_OPT: maxima of -1 and padded zeros [[0.0, 0.0], [0.0, 0.0]]
seen: NO_OPT: means of 1 and padded zeros [[0.25, 0.5, 0.0], [0.5, 1.0, 0.0], [0.0, 0.0, 0.0]]
seen: BASIC_OPT: maxima of -1 and padded zeros [[-1.0, -1.0], [-1.0, -1.0]]
seen: BASIC_OPT: means of 1 and padded zeros [[0.25, 0.5], [0.5, 1.0]]
seen: ALL_OPT: maxima of -1 and padded zeros [[-1.0, -1.0], [-1.0, -1.0]]
seen: ALL_OPT: means of 1 and padded zeros [[0.25, 0.5], [0.5, 1.0]]
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
