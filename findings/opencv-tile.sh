#!/usr/bin/env bash
# OpenCV 4.13.0 (Java API of bytedeco), DNN: Tile repeats the whole tensor, whatever axis it was told.
#
# A 2x2 matrix 1 2, 3 4 tiled along its rows is 1 2 1 2, 3 4 3 4. Here it is 1 2 3 4, 1 2 3 4: the shape is right and the numbers are in other
# places. Only the first axis that is longer than 1 is right. Tiling a vector over a map's width and height, or channels of a batch (conditional networks,
# coordinates, positions, anchors; torch's repeat is exported as Tile) mixes rows, channels and images. No message.
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
  // Tile of [2, 2] by 1, 2.
  private static final String ALONG_ROWS =
      "CAg6WQoPCgF4CgFyEgF5IgRUaWxlEgFnKhkIAhAHQgFyShABAAAAAAAAAAIAAAAAAAAAWhMKAXgSDgoMCAESCAoCCAIKAggCYhMKAXkSDgoMCAESCAoCCAIKAggEQgQKABAN";
  // Tile of [2, 2] by 2, 1.
  private static final String ALONG_COLUMNS =
      "CAg6WQoPCgF4CgFyEgF5IgRUaWxlEgFnKhkIAhAHQgFyShACAAAAAAAAAAEAAAAAAAAAWhMKAXgSDgoMCAESCAoCCAIKAggCYhMKAXkSDgoMCAESCAoCCAQKAggCQgQKABAN";
  // Tile of [1, 2, 2, 2] by 1, 1, 2, 1.
  private static final String ALONG_HEIGHT =
      "CAg6eQoPCgF4CgFyEgF5IgRUaWxlEgFnKikIBBAHQgFySiABAAAAAAAAAAEAAAAAAAAAAgAAAAAAAAABAAAAAAAAAFobCgF4EhYKFAgBEhAKAggBCgIIAgoCCAIKAggCYhsKAXkSFgoUCAESEAoCCAEKAggCCgIIBAoCCAJCBAoAEA0=";

  public static void main(String[] arguments) {
    Loader.load(opencv_java.class);
    show("2x2 along rows", run(ALONG_ROWS, new int[] {2, 2}, 1, 2, 3, 4), byHand(1, 2, 2, 1, 2));
    show("2x2 along columns", run(ALONG_COLUMNS, new int[] {2, 2}, 1, 2, 3, 4), byHand(1, 2, 2, 2, 1));
    show("two channels of 2x2 along the height", run(ALONG_HEIGHT, new int[] {1, 2, 2, 2}, 1, 2, 3, 4, 5, 6, 7, 8), byHand(2, 2, 2, 2, 1));
  }

  /** The numbers 1, 2, 3 ... of channels x height x width, repeated so many times along the height and the width. */
  private static float[] byHand(int channels, int height, int width, int down, int across) {
    float[] result = new float[channels * height * down * width * across];
    int to = 0;
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < height * down; y++) {
        for (int x = 0; x < width * across; x++) {
          result[to++] = 1 + (c * height + y % height) * width + x % width;
        }
      }
    }
    return result;
  }

  private static void show(String what, float[] values, float[] right) {
    System.out.println("seen: " + what + ": " + text(values) + ", should be " + text(right));
  }

  private static String text(float[] values) {
    StringBuilder text = new StringBuilder();
    for (float value : values) {
      text.append(text.isEmpty() ? "" : " ").append((int) value);
    }
    return text.toString();
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
seen: 2x2 along rows: 1 2 3 4 1 2 3 4, should be 1 2 1 2 3 4 3 4
seen: 2x2 along columns: 1 2 3 4 1 2 3 4, should be 1 2 3 4 1 2 3 4
seen: two channels of 2x2 along the height: 1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8, should be 1 2 3 4 1 2 3 4 5 6 7 8 5 6 7 8
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
