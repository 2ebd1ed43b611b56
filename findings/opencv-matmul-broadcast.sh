#!/usr/bin/env bash
# OpenCV 4.13.0 (Java API of bytedeco), DNN: MatMul with one weight matrix for each head reads the second matrix from the wrong place.
#
# [images, heads, 1, 2] times weights of [heads, 2, 1] broadcasts over the images, as NumPy's matmul does. The weights 1 10 of the first head
# are right; those of the second are 100 1000, and its products are made with 10 100: the second matrix is read one number behind the first one's start, not two. No
# message. The same weights written out for each image are right.
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
  // MatMul of [2, 2, 1, 2] with the weights 1 10 100 1000 of [2, 2, 1].
  private static final String HEADS =
      "CAg6bwoRCgF4CgF3EgF5IgZNYXRNdWwSAWcqHQgCCAIIARABQgF3ShAAAIA/AAAgQQAAyEIAAHpEWhsKAXgSFgoUCAESEAoCCAIKAggCCgIIAQoCCAJiGwoBeRIWChQIARIQCgIIAgoCCAIKAggBCgIIAUIECgAQDQ==";
  // The same with weights of [1, 2, 2, 1].
  private static final String ONE_HEADS =
      "CAg6cQoRCgF4CgF3EgF5IgZNYXRNdWwSAWcqHwgBCAIIAggBEAFCAXdKEAAAgD8AACBBAADIQgAAekRaGwoBeBIWChQIARIQCgIIAgoCCAIKAggBCgIIAmIbCgF5EhYKFAgBEhAKAggCCgIIAgoCCAEKAggBQgQKABAN";
  // The same with weights of [2, 2, 2, 1].
  private static final String FULL =
      "CAg6gQEKEQoBeAoBdxIBeSIGTWF0TXVsEgFnKi8IAggCCAIIARABQgF3SiAAAIA/AAAgQQAAyEIAAHpEAACAPwAAIEEAAMhCAAB6RFobCgF4EhYKFAgBEhAKAggCCgIIAgoCCAEKAggCYhsKAXkSFgoUCAESEAoCCAIKAggCCgIIAQoCCAFCBAoAEA0=";

  public static void main(String[] arguments) {
    Loader.load(opencv_java.class);
    float[] values = {1, 2, 3, 4, 5, 6, 7, 8};
    float[] weights = {1, 10, 100, 1000};
    float[] right = new float[4];
    for (int row = 0; row < 4; row++) {
      int head = row % 2;
      right[row] = values[2 * row] * weights[2 * head] + values[2 * row + 1] * weights[2 * head + 1];
    }
    System.out.println("seen: two images, weights [2, 2, 1]:       " + Arrays.toString(run(HEADS, new int[] {2, 2, 1, 2}, values)));
    System.out.println("seen: two images, weights [1, 2, 2, 1]:    " + Arrays.toString(run(ONE_HEADS, new int[] {2, 2, 1, 2}, values)));
    System.out.println("seen: two images, weights [2, 2, 2, 1]:    " + Arrays.toString(run(FULL, new int[] {2, 2, 1, 2}, values)));
    System.out.println("seen: two images, by hand:                 " + Arrays.toString(right));
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
seen: two images, weights [2, 2, 1]:       [21.0, 430.0, 65.0, 870.0]
seen: two images, weights [1, 2, 2, 1]:    [21.0, 430.0, 65.0, 870.0]
seen: two images, weights [2, 2, 2, 1]:    [21.0, 4300.0, 65.0, 8700.0]
seen: two images, by hand:                 [21.0, 4300.0, 65.0, 8700.0]
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
