#!/usr/bin/env bash
# ND4J 1.0.0-M2.1, SameDiff: gradients of pad, upsampling2d, variance and cumsum are those of other settings than the forward's.
#
# pad with REFLECT has the gradient of padding by zeros: 1 2 3 padded to 2 1 2 3 2 gives 1 1 1, where the middle value is read three times: 1 3 1 (SYMMETRIC too). upsampling2d with channels
# last (nchw false) hands on half: each cell is read four times and receives 2, and where gradients differ they come from wrong cells. variance
# without bias correction has the gradient of the corrected one: n / (n - 1) too much, twice for two values. cumsum along another axis than the first
# has the gradient of a running sum over the whole array: 6 5 4 3 2 1 for 3 2 1 3 2 1. Values are right, and so are constant padding, channels
# first, the corrected variance and axis 0. No message. Hurt: U-Nets and decoders with channels last, style transfer with reflected
# borders, norms that are written out. An issue about the upsampling (deeplearning4j 8857, 2020) is closed.
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
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.enums.PadMode;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

public class Probe {
  private static final double TINY = 1e-5;

  public static void main(String[] arguments) {
    for (PadMode mode : new PadMode[] {PadMode.CONSTANT, PadMode.REFLECT}) {
      probe("pad " + mode, new long[] {1, 1, 1, 3}, (sd, x) -> sd.nn.pad(x, sd.constant(Nd4j.createFromArray(new int[][] {{0, 0}, {0, 0}, {0, 0}, {1, 1}})), mode, 0));
    }
    probe("upsampling2d channels first", new long[] {1, 1, 2, 2}, (sd, x) -> sd.cnn.upsampling2d(x, 2, 2, true));
    probe("upsampling2d channels last", new long[] {1, 2, 2, 1}, (sd, x) -> sd.cnn.upsampling2d(x, 2, 2, false));
    probe("variance, corrected", new long[] {1, 2}, (sd, x) -> sd.variance(x, true, 1));
    probe("variance, not corrected", new long[] {1, 2}, (sd, x) -> sd.variance(x, false, 1));
    probe("cumsum along 0", new long[] {2, 3}, (sd, x) -> sd.cumsum(x, false, false, 0));
    probe("cumsum along 1", new long[] {2, 3}, (sd, x) -> sd.cumsum(x, false, false, 1));
  }

  /** Prints the gradient of the sum of an op's outputs at 1, 2, 3 ..., and the slopes by central differences. */
  private static void probe(String name, long[] shape, BiFunction<SameDiff, SDVariable, SDVariable> op) {
    SameDiff sd = SameDiff.create();
    int size = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    double[] ramp = IntStream.rangeClosed(1, size).asDoubleStream().toArray();
    SDVariable x = sd.var("x", Nd4j.createFromArray(ramp).castTo(DataType.DOUBLE).reshape(shape));
    sd.sum("loss", op.apply(sd, x));
    sd.setLossVariables("loss");
    String gradient = show(sd.calculateGradients(Map.<String, INDArray>of(), "x").get("x").ravel().toDoubleVector());
    double[] slopes = new double[size];
    INDArray values = x.getArr();
    for (int i = 0; i < size; i++) {
      values.putScalar(i, ramp[i] + TINY);
      double above = sd.output(Map.<String, INDArray>of(), "loss").get("loss").getDouble(0);
      values.putScalar(i, ramp[i] - TINY);
      double below = sd.output(Map.<String, INDArray>of(), "loss").get("loss").getDouble(0);
      values.putScalar(i, ramp[i]);
      slopes[i] = (above - below) / (2 * TINY);
    }
    System.out.println("seen: " + name + ": gradient " + gradient + ", by differences " + show(slopes));
  }

  private static String show(double[] values) {
    return Arrays.stream(values).mapToObj(value -> String.format(Locale.ROOT, "%.1f", value)).collect(Collectors.joining(" "));
  }
}
JAVA
java -cp "$(cat classpath)" Probe.java 2>/dev/null | grep '^seen: ' >seen
cat >expected <<'SEEN'
seen: pad CONSTANT: gradient 1.0 1.0 1.0, by differences 1.0 1.0 1.0
seen: pad REFLECT: gradient 1.0 1.0 1.0, by differences 1.0 3.0 1.0
seen: upsampling2d channels first: gradient 4.0 4.0 4.0 4.0, by differences 4.0 4.0 4.0 4.0
seen: upsampling2d channels last: gradient 2.0 2.0 2.0 2.0, by differences 4.0 4.0 4.0 4.0
seen: variance, corrected: gradient -1.0 1.0, by differences -1.0 1.0
seen: variance, not corrected: gradient -1.0 1.0, by differences -0.5 0.5
seen: cumsum along 0: gradient 2.0 2.0 2.0 1.0 1.0 1.0, by differences 2.0 2.0 2.0 1.0 1.0 1.0
seen: cumsum along 1: gradient 6.0 5.0 4.0 3.0 2.0 1.0, by differences 3.0 2.0 1.0 3.0 2.0 1.0
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
