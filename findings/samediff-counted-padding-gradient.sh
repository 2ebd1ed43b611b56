#!/usr/bin/env bash
# ND4J 1.0.0-M2.1, SameDiff: an average pool that counts its padding has the gradient of one that does not.
#
# With extra(1) (PyTorch's default count_include_pad=True) each 2x2 window over a padded 2x2 image of ones holds one cell of the image:
# outputs are 0.25, and so is each derivative. SameDiff gives 1, four times too much at every border, without a message.
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
    <dependency><groupId>org.nd4j</groupId><artifactId>nd4j-native</artifactId><version>1.0.0-M2.1</version></dependency>
    <dependency>
      <groupId>org.nd4j</groupId><artifactId>nd4j-native</artifactId><version>1.0.0-M2.1</version><classifier>linux-x86_64</classifier>
    </dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
POM
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath -Dmdep.outputFile=classpath >/dev/null
cat >Probe.java <<'JAVA'
import java.util.Arrays;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;
import org.nd4j.linalg.factory.Nd4j;

public class Probe {
  public static void main(String[] arguments) {
    for (int extra : new int[] {0, 1}) {
      SameDiff sd = SameDiff.create();
      SDVariable x = sd.var("x", Nd4j.ones(DataType.DOUBLE, 1, 1, 2, 2));
      Pooling2DConfig pool = Pooling2DConfig.builder().kH(2).kW(2).sH(2).sW(2).pH(1).pW(1).extra(extra).build();
      SDVariable y = sd.cnn().avgPooling2d(x, pool);
      sd.sum("total", y);
      sd.setLossVariables("total");
      System.out.printf(
          "seen: extra(%d): output %s, gradient %s%n",
          extra,
          Arrays.toString(y.eval().ravel().toDoubleVector()),
          Arrays.toString(sd.calculateGradients(Map.<String, INDArray>of(), "x").get("x").ravel().toDoubleVector()));
    }
  }
}
JAVA
java -cp "$(cat classpath)" Probe.java 2>/dev/null | grep '^seen: ' >seen
cat >expected <<'SEEN'
seen: extra(0): output [1.0, 1.0, 1.0, 1.0], gradient [1.0, 1.0, 1.0, 1.0]
seen: extra(1): output [0.25, 0.25, 0.25, 0.25], gradient [1.0, 1.0, 1.0, 1.0]
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
