#!/usr/bin/env bash
# OpenCV 4.13.0 (Java API of bytedeco), DNN: AveragePool with count_include_pad=1 does not count the padding.
#
# ONNX divides by the whole window where the attribute is 1 (PyTorch's default, AvgPool2d(3, 1, 1), as in Inception), so that 3x3 ones padded by one
# cell have means 4/9 in a corner and 6/9 at an edge. The importer drops the attribute without a message: all means are 1, and each
# border is up to 2.25 times too bright. The same pool written as Pad and AveragePool (as older PyTorch exports it) is right.
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
  // AveragePool 3x3, pads 1, count_include_pad 1.
  private static final String COUNTED =
      "CAg6lgEKVwoBeBIBeSILQXZlcmFnZVBvb2wqGAoRY291bnRfaW5jbHVkZV9wYWQYAaABAioVCgxrZXJuZWxfc2hhcGVAA0ADoAEHKhEKBHBhZHNAAUABQAFAAaABBxIBZ1obCgF4EhYKFAgBEhAKAggBCgIIAQoCCAMKAggDYhsKAXkSFgoUCAESEAoCCAEKAggBCgIIAwoCCANCBAoAEA0=";
  // The same with count_include_pad 0.
  private static final String NOT_COUNTED =
      "CAg6lgEKVwoBeBIBeSILQXZlcmFnZVBvb2wqGAoRY291bnRfaW5jbHVkZV9wYWQYAKABAioVCgxrZXJuZWxfc2hhcGVAA0ADoAEHKhEKBHBhZHNAAUABQAFAAaABBxIBZ1obCgF4EhYKFAgBEhAKAggBCgIIAQoCCAMKAggDYhsKAXkSFgoUCAESEAoCCAEKAggBCgIIAwoCCANCBAoAEA0=";
  // Pad by one zero on each side, then AveragePool 3x3.
  private static final String PAD_AND_POOL =
      "CAg6xAEKDgoBeAoBcBIBYSIDUGFkCioKAWESAXkiC0F2ZXJhZ2VQb29sKhUKDGtlcm5lbF9zaGFwZUADQAOgAQcSAWcqSQgIEAdCAXBKQAAAAAAAAAAAAAAAAAAAAAABAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEAAAAAAAAAAQAAAAAAAABaGwoBeBIWChQIARIQCgIIAQoCCAEKAggDCgIIA2IbCgF5EhYKFAgBEhAKAggBCgIIAQoCCAMKAggDQgQKABAN";

  public static void main(String[] arguments) {
    Loader.load(opencv_java.class);
    float[] ones = new float[9];
    Arrays.fill(ones, 1);
    int[] shape = {1, 1, 3, 3};
    float[] right = new float[9];
    for (int y = 0; y < 3; y++) {
      for (int x = 0; x < 3; x++) {
        right[3 * y + x] = (y == 1 ? 3 : 2) * (x == 1 ? 3 : 2) / 9f; // cells of the image in the window, divided by the window
      }
    }
    show("count_include_pad 1", run(COUNTED, shape, ones));
    show("Pad, AveragePool", run(PAD_AND_POOL, shape, ones));
    show("by hand", right);
    show("count_include_pad 0", run(NOT_COUNTED, shape, ones));
  }

  private static void show(String what, float[] means) {
    StringBuilder line = new StringBuilder("seen: " + what + ":");
    for (float mean : means) {
      line.append(String.format(" %.4f", mean));
    }
    System.out.println(line);
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
seen: count_include_pad 1: 1.0000 1.0000 1.0000 1.0000 1.0000 1.0000 1.0000 1.0000 1.0000
seen: Pad, AveragePool: 0.4444 0.6667 0.4444 0.6667 1.0000 0.6667 0.4444 0.6667 0.4444
seen: by hand: 0.4444 0.6667 0.4444 0.6667 1.0000 0.6667 0.4444 0.6667 0.4444
seen: count_include_pad 0: 1.0000 1.0000 1.0000 1.0000 1.0000 1.0000 1.0000 1.0000 1.0000
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
