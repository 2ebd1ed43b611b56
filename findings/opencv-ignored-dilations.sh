#!/usr/bin/env bash
# OpenCV 4.13.0 (Java API of bytedeco), DNN: dilations of MaxPool and ConvTranspose are ignored.
#
# A MaxPool of 2 cells with dilation 3 over 1 ... 6 compares cells three apart: 4 5 6. The importer pools neighbours: 2 3 4 5 6. ConvTranspose with the
# kernel 1 10 and dilation 2 of 1 2 is 1 2 10 20; here it is 1 12 20. Shapes differ too, but a global pool behind hides that: its mean is 4
# in place of 5, and the network runs to its end without a message. Dilations of Conv are followed.
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
  // MaxPool of 1x2 with dilations 1 and 3 over [1, 1, 1, 6].
  private static final String POOL =
      "CAg6eQo6CgF4EgF5IgdNYXhQb29sKhIKCWRpbGF0aW9uc0ABQAOgAQcqFQoMa2VybmVsX3NoYXBlQAFAAqABBxIBZ1obCgF4EhYKFAgBEhAKAggBCgIIAQoCCAEKAggGYhsKAXkSFgoUCAESEAoCCAEKAggBCgIIAQoCCANCBAoAEA0=";
  // The same, then GlobalAveragePool.
  private static final String POOL_AND_MEAN =
      "CAg6lAEKOgoBeBIBYSIHTWF4UG9vbCoSCglkaWxhdGlvbnNAAUADoAEHKhUKDGtlcm5lbF9zaGFwZUABQAKgAQcKGQoBYRIBeSIRR2xvYmFsQXZlcmFnZVBvb2wSAWdaGwoBeBIWChQIARIQCgIIAQoCCAEKAggBCgIIBmIbCgF5EhYKFAgBEhAKAggBCgIIAQoCCAEKAggBQgQKABAN";
  // ConvTranspose of [1, 1, 1, 2] with the kernel 1 10 and dilations 1 and 2.
  private static final String TRANSPOSED =
      "CAg6mwEKQwoBeAoBdxIBeSINQ29udlRyYW5zcG9zZSoSCglkaWxhdGlvbnNAAUACoAEHKhUKDGtlcm5lbF9zaGFwZUABQAKgAQcSAWcqFwgBCAEIAQgCEAFCAXdKCAAAgD8AACBBWhsKAXgSFgoUCAESEAoCCAEKAggBCgIIAQoCCAJiGwoBeRIWChQIARIQCgIIAQoCCAEKAggBCgIIBEIECgAQDQ==";

  public static void main(String[] arguments) {
    Loader.load(opencv_java.class);
    float[] six = {1, 2, 3, 4, 5, 6};
    float[] maxima = new float[3];
    float mean = 0;
    for (int i = 0; i < 3; i++) {
      maxima[i] = Math.max(six[i], six[i + 3]);
      mean += maxima[i] / 3;
    }
    float[] spread = new float[4];
    for (int i = 0; i < 2; i++) {
      spread[i] += i + 1;
      spread[i + 2] += 10 * (i + 1);
    }
    show("MaxPool 2, dilation 3", run(POOL, new int[] {1, 1, 1, 6}, six), maxima);
    show("its global mean", run(POOL_AND_MEAN, new int[] {1, 1, 1, 6}, six), mean);
    show("ConvTranspose, dilation 2", run(TRANSPOSED, new int[] {1, 1, 1, 2}, 1, 2), spread);
  }

  private static void show(String what, float[] values, float... right) {
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
seen: MaxPool 2, dilation 3: [2.0, 3.0, 4.0, 5.0, 6.0], should be [4.0, 5.0, 6.0]
seen: its global mean: [4.0], should be [5.0]
seen: ConvTranspose, dilation 2: [1.0, 12.0, 20.0], should be [1.0, 2.0, 10.0, 20.0]
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
