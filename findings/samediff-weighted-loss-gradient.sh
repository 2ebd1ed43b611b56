#!/usr/bin/env bash
# ND4J 1.0.0-M2.1, SameDiff: what is done to a loss after its loss function does not reach the gradients.
#
# Every function of sd.loss() ignores the gradient that comes to it and starts from 1. So `l2Loss(w).mul(1e-4)` has the right value (6.5e-4) and the
# gradient of the penalty without its factor, ten thousand times too large; 0.3 times an auxiliary
# cross-entropy (GoogLeNet) trains as 1.0 times; a term that is multiplied by 0 is still descended. The value shown while training is right. No message.
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
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

public class Probe {
  public static void main(String[] arguments) {
    for (double weight : new double[] {1, 1e-4, 0}) {
      SameDiff sd = SameDiff.create();
      SDVariable x = sd.var("x", Nd4j.createFromArray(3.0, -2.0));
      show("l2Loss(x) times " + weight, sd, sd.loss().l2Loss(x).mul(weight));
    }
    for (double weight : new double[] {1, 0.3}) {
      SameDiff sd = SameDiff.create();
      SDVariable x = sd.var("x", Nd4j.createFromArray(new double[][] {{1, 2}}));
      SDVariable labels = sd.constant(Nd4j.createFromArray(new double[][] {{1, 0}}));
      show("cross-entropy times " + weight, sd, sd.loss().softmaxCrossEntropy("ce", labels, x, null).mul(weight));
    }
    SameDiff sd = SameDiff.create();
    SDVariable x = sd.var("x", Nd4j.createFromArray(3.0, -2.0));
    show("sum of squares by hand, times 1.0E-4", sd, sd.sum(x.mul(x)).mul(0.5).mul(1e-4));
  }

  private static void show(String what, SameDiff sd, SDVariable loss) {
    loss.rename("total");
    sd.setLossVariables("total");
    INDArray gradient = sd.calculateGradients(Map.<String, INDArray>of(), "x").get("x");
    double[] values = gradient.ravel().toDoubleVector();
    System.out.printf("seen: %s: loss %.6f, gradient %.6f %.6f%n", what, loss.eval().getDouble(0), values[0], values[1]);
  }
}
JAVA
java -cp "$(cat classpath)" Probe.java 2>/dev/null | grep '^seen: ' >seen
cat >expected <<'SEEN'
seen: l2Loss(x) times 1.0: loss 6.500000, gradient 3.000000 -2.000000
seen: l2Loss(x) times 1.0E-4: loss 0.000650, gradient 3.000000 -2.000000
seen: l2Loss(x) times 0.0: loss 0.000000, gradient 3.000000 -2.000000
seen: cross-entropy times 1.0: loss 1.313262, gradient -0.731059 0.731059
seen: cross-entropy times 0.3: loss 0.393979, gradient -0.731059 0.731059
seen: sum of squares by hand, times 1.0E-4: loss 0.000650, gradient 0.000300 -0.000200
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
