#!/usr/bin/env bash
# ND4J 1.0.0-M2.1, SameDiff: the gradient of local response normalisation is right only where all channels get the same gradient from behind.
#
# y of channel c is x_c / (bias + alpha * the sum of squares of the channels around c) ^ beta, so x_c must receive what each neighbour's y sends back. SameDiff multiplies
# the sum of these derivatives by the gradient of channel c alone. With a loss that weighs all channels alike, as simple checks do, that is the same. If
# the loss is y of the first of three channels 1 2 3 (depth, alpha, bias, beta 1), its derivatives are 0.111 -0.111 0; seen are
# 0.093 0 0. For the second channel even the sign of its own derivative is wrong (-0.141 for 0.031). Values are right; no message. An issue of 2019 that
# gradient checks fail here (deeplearning4j 7272) is closed.
# Hurt: training of AlexNet- and GoogLeNet-like networks, and saliency maps through their norms, where neighbouring channels always differ.
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
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.LocalResponseNormalizationConfig;
import org.nd4j.linalg.factory.Nd4j;

public class Probe {
  private static final double TINY = 1e-5;

  public static void main(String[] arguments) {
    for (double[] weights : new double[][] {{1, 1, 1}, {1, 0, 0}, {0, 1, 0}}) {
      SameDiff sd = SameDiff.create();
      // One image of one cell and three channels, channels last: the axis over which the op looks.
      SDVariable x = sd.var("x", Nd4j.createFromArray(1.0, 2.0, 3.0).reshape(1, 1, 1, 3));
      SDVariable y =
          sd.cnn.localResponseNormalization(
              x, LocalResponseNormalizationConfig.builder().depth(1).alpha(1).bias(1).beta(1).build());
      sd.sum("loss", y.mul(sd.constant(Nd4j.createFromArray(weights).reshape(1, 1, 1, 3))));
      sd.setLossVariables("loss");
      String outputs = show(y.eval().ravel().toDoubleVector());
      String gradient = show(sd.calculateGradients(Map.<String, INDArray>of(), "x").get("x").ravel().toDoubleVector());
      double[] slopes = new double[3];
      INDArray values = x.getArr();
      for (int i = 0; i < 3; i++) {
        double value = values.getDouble(i);
        values.putScalar(i, value + TINY);
        double above = sd.output(Map.<String, INDArray>of(), "loss").get("loss").getDouble(0);
        values.putScalar(i, value - TINY);
        double below = sd.output(Map.<String, INDArray>of(), "loss").get("loss").getDouble(0);
        values.putScalar(i, value);
        slopes[i] = (above - below) / (2 * TINY);
      }
      System.out.println("seen: y " + outputs + ", weights " + show(weights) + ": gradient " + gradient + ", by differences " + show(slopes));
    }
  }

  private static String show(double[] values) {
    return Arrays.stream(values)
        .mapToObj(value -> String.format(Locale.ROOT, "%.3f", value + 0.0).replace("-0.000", "0.000"))
        .collect(Collectors.joining(" "));
  }
}
JAVA
java -cp "$(cat classpath)" Probe.java 2>/dev/null | grep '^seen: ' >seen
cat >expected <<'SEEN'
seen: y 0.167 0.133 0.214, weights 1.000 1.000 1.000: gradient 0.093 -0.141 -0.074, by differences 0.093 -0.141 -0.074
seen: y 0.167 0.133 0.214, weights 1.000 0.000 0.000: gradient 0.093 0.000 0.000, by differences 0.111 -0.111 0.000
seen: y 0.167 0.133 0.214, weights 0.000 1.000 0.000: gradient 0.000 -0.141 0.000, by differences -0.018 0.031 -0.053
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
