#!/usr/bin/env bash
# ONNX Runtime 1.29.0 (Java, CPU): Sigmoid has no small values, and is not monotone there.
#
# It is right to about 6e-8 of 1, not of itself: at -17 it gives twice the true value and more than at -16, from -18 on it is exactly 0. So a rare label of
# probability 1e-8 is impossible, Log(Sigmoid(x)) (how PyTorch exports logsigmoid) is minus infinity where -20 is right, and sorting by probability
# changes the order of logits. PyTorch, NumPy and Java's own exp keep seven digits throughout; so does Softplus of the same library.
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
import ai.onnxruntime.OrtSession;
import java.util.Base64;
import java.util.Map;

public class Probe {
  // One node, y = Sigmoid(x), any length.
  private static final String SIGMOID =
      "CAgSADo4Cg8KAXgSAXkiB1NpZ21vaWQSAWdaEAoBeBILCgkIARIFCgMSAW5iEAoBeRILCgkIARIFCgMSAW5CBAoAEA4=";

  public static void main(String[] arguments) throws Exception {
    float[] x = {-20, -18, -17, -16, -12, -5, 0};
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(Base64.getDecoder().decode(SIGMOID));
        OnnxTensor input = OnnxTensor.createTensor(environment, x);
        OrtSession.Result result = session.run(Map.of("x", input))) {
      float[] y = (float[]) result.get(0).getValue();
      for (int i = 0; i < x.length; i++) {
        System.out.printf("seen: sigmoid(%.0f) is %.2e, should be %.2e%n", x[i], y[i], 1 / (1 + Math.exp(-x[i])));
      }
    }
  }
}
JAVA
java -cp "$(cat classpath)" Probe.java 2>/dev/null | grep '^seen: ' >seen
cat >expected <<'SEEN'
seen: sigmoid(-20) is 0.00e+00, should be 2.06e-09
seen: sigmoid(-18) is 0.00e+00, should be 1.52e-08
seen: sigmoid(-17) is 8.94e-08, should be 4.14e-08
seen: sigmoid(-16) is 5.96e-08, should be 1.13e-07
seen: sigmoid(-12) is 6.11e-06, should be 6.14e-06
seen: sigmoid(-5) is 6.69e-03, should be 6.69e-03
seen: sigmoid(0) is 5.00e-01, should be 5.00e-01
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
