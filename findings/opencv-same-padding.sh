#!/usr/bin/env bash
# OpenCV 4.13.0 (Java API of bytedeco), DNN: auto_pad shifts images: SAME_LOWER is taken as SAME_UPPER, and dilation is forgotten.
#
# ONNX's SAME_LOWER puts the odd cell of padding in front; here it goes behind, so a convolution or a pool of even size, or with stride 2, looks
# one cell further to the right and down. A kernel of 3 cells with dilation 2 spans 5 and needs two cells of padding on each side for an output of the input's
# size; SAME_UPPER pads as for 3 and the missing cells are taken at the other end: maps keep their size and are shifted by one
# cell (TensorFlow's `same` padding of dilated networks such as DeepLab). No message. Explicit pads are right.
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
  <properties><javacpp.platform>linux-x86_64</javacpp.platform></properties>
  <dependencies>
    <dependency><groupId>org.bytedeco</groupId><artifactId>opencv-platform</artifactId><version>4.13.0-1.5.13</version></dependency>
  </dependencies>
</project>
POM
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath -Dmdep.outputFile=classpath >/dev/null
cat >Probe.java <<'JAVA'
import java.util.Arrays;
import java.util.Base64;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.opencv_java;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.dnn.Dnn;
import org.opencv.dnn.Net;

public class Probe {
  // Conv with the kernel 1 10 over rows of 4, auto_pad SAME_LOWER.
  private static final String LOWER =
      "CAg6mQEKQQoBeAoBdxIBeSIEQ29udioZCghhdXRvX3BhZCIKU0FNRV9MT1dFUqABAyoVCgxrZXJuZWxfc2hhcGVAAUACoAEHEgFnKhcIAQgBCAEIAhABQgF3SggAAIA/AAAgQVobCgF4EhYKFAgBEhAKAggBCgIIAQoCCAEKAggEYhsKAXkSFgoUCAESEAoCCAEKAggBCgIIAQoCCARCBAoAEA0=";
  // The same with SAME_UPPER.
  private static final String UPPER =
      "CAg6mQEKQQoBeAoBdxIBeSIEQ29udioZCghhdXRvX3BhZCIKU0FNRV9VUFBFUqABAyoVCgxrZXJuZWxfc2hhcGVAAUACoAEHEgFnKhcIAQgBCAEIAhABQgF3SggAAIA/AAAgQVobCgF4EhYKFAgBEhAKAggBCgIIAQoCCAEKAggEYhsKAXkSFgoUCAESEAoCCAEKAggBCgIIAQoCCARCBAoAEA0=";
  // Conv with the kernel 1 10 100 over rows of 5, dilation 2, auto_pad SAME_UPPER.
  private static final String DILATED =
      "CAg6sQEKVQoBeAoBdxIBeSIEQ29udioZCghhdXRvX3BhZCIKU0FNRV9VUFBFUqABAyoSCglkaWxhdGlvbnNAAUACoAEHKhUKDGtlcm5lbF9zaGFwZUABQAOgAQcSAWcqGwgBCAEIAQgDEAFCAXdKDAAAgD8AACBBAADIQlobCgF4EhYKFAgBEhAKAggBCgIIAQoCCAEKAggFYhsKAXkSFgoUCAESEAoCCAEKAggBCgIIAQoCCAVCBAoAEA0=";
  // The same with pads 2 and 2 in place of auto_pad.
  private static final String DILATED_EXPLICIT =
      "CAg6qQEKTQoBeAoBdxIBeSIEQ29udioSCglkaWxhdGlvbnNAAUACoAEHKhUKDGtlcm5lbF9zaGFwZUABQAOgAQcqEQoEcGFkc0AAQAJAAEACoAEHEgFnKhsIAQgBCAEIAxABQgF3SgwAAIA/AAAgQQAAyEJaGwoBeBIWChQIARIQCgIIAQoCCAEKAggBCgIIBWIbCgF5EhYKFAgBEhAKAggBCgIIAQoCCAEKAggFQgQKABAN";

  public static void main(String[] arguments) {
    Loader.load(opencv_java.class);
    float[] four = {1, 2, 3, 4};
    float[] five = {1, 2, 3, 4, 5};
    int[] shape4 = {1, 1, 1, 4};
    int[] shape5 = {1, 1, 1, 5};
    float[] two = {1, 10};
    float[] three = {1, 10, 100};
    show("kernel 2, SAME_LOWER", run(LOWER, shape4, four), byHand(four, two, 1, 1));
    show("kernel 2, SAME_UPPER", run(UPPER, shape4, four), byHand(four, two, 1, 0));
    show("kernel 3, dilation 2, SAME_UPPER", run(DILATED, shape5, five), byHand(five, three, 2, 2));
    show("kernel 3, dilation 2, pads 2 and 2", run(DILATED_EXPLICIT, shape5, five), byHand(five, three, 2, 2));
  }

  /** A convolution with stride 1 whose output has the size of its input, with so many zeros in front. */
  private static float[] byHand(float[] input, float[] kernel, int dilation, int before) {
    float[] output = new float[input.length];
    for (int i = 0; i < output.length; i++) {
      for (int k = 0; k < kernel.length; k++) {
        int at = i + k * dilation - before;
        output[i] += at < 0 || at >= input.length ? 0 : kernel[k] * input[at];
      }
    }
    return output;
  }

  private static void show(String what, float[] values, float[] right) {
    System.out.println("seen: " + what + ": " + Arrays.toString(values) + ", should be " + Arrays.toString(right));
  }

  private static float[] run(String model, int[] shape, float... values) {
    Net net = Dnn.readNetFromONNX(new MatOfByte(Base64.getDecoder().decode(model)));
    Mat input = new Mat(shape, CvType.CV_32F);
    input.put(new int[shape.length], values);
    net.setInput(input);
    Mat output = net.forward();
    float[] result = new float[(int) output.total()];
    output.reshape(1, 1).get(0, 0, result);
    return result;
  }
}
JAVA
java -cp "$(cat classpath)" Probe.java 2>/dev/null | grep '^seen: ' >seen
cat >expected <<'SEEN'
seen: kernel 2, SAME_LOWER: [21.0, 32.0, 43.0, 4.0], should be [10.0, 21.0, 32.0, 43.0]
seen: kernel 2, SAME_UPPER: [21.0, 32.0, 43.0, 4.0], should be [21.0, 32.0, 43.0, 4.0]
seen: kernel 3, dilation 2, SAME_UPPER: [420.0, 531.0, 42.0, 53.0, 4.0], should be [310.0, 420.0, 531.0, 42.0, 53.0]
seen: kernel 3, dilation 2, pads 2 and 2: [310.0, 420.0, 531.0, 42.0, 53.0], should be [310.0, 420.0, 531.0, 42.0, 53.0]
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
