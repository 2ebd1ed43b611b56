#!/usr/bin/env bash
# Deep Java Library 0.36.0: a gray PNG of 16 bits reaches the network much lighter than the same picture in 8 bits.
#
# Sixteen steps from black to white, written as gray with 8 and with 16 bits and as RGB with 16 bits: toNDArray gives
# 0, 17, 34, ... 255 for the first and the last, and 0, 73, 102, ... 255 for gray with 16 bits, in both of its modes. It asks
# BufferedImage.getRGB, for which gray of 16 bits is linear light that has to be turned into sRGB; gray of 8 bits is spared
# that here. X-rays and microscope images come as 16-bit gray: 68 becomes 141, with no message.
# Pillow gives the samples of such a file as they are.
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
    <dependency><groupId>ai.djl.onnxruntime</groupId><artifactId>onnxruntime-engine</artifactId><version>0.36.0</version></dependency>
  </dependencies>
</project>
POM
mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath -Dmdep.outputFile=classpath >/dev/null
cat >Probe.java <<'JAVA'
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

public class Probe {
  private static final int STEPS = 16;

  public static void main(String[] arguments) throws Exception {
    write(gray(BufferedImage.TYPE_BYTE_GRAY), 17, "gray 8 bits");
    write(gray(BufferedImage.TYPE_USHORT_GRAY), 17 * 257, "gray 16 bits");
    write(colour(), 17 * 257, "RGB 16 bits");
    try (NDManager manager = NDManager.newBaseManager("OnnxRuntime")) {
      for (String file : List.of("gray 8 bits", "gray 16 bits", "RGB 16 bits")) {
        for (Image.Flag flag : Image.Flag.values()) {
          NDArray array = ImageFactory.getInstance().fromFile(Path.of(file + ".png")).toNDArray(manager, flag);
          byte[] bytes = array.toByteArray();
          StringBuilder steps = new StringBuilder();
          for (int i = 0; i < STEPS; i++) {
            steps.append(' ').append(bytes[i * bytes.length / STEPS] & 255);
          }
          System.out.println("seen: " + file + ", " + flag + ":" + steps);
        }
      }
    }
  }

  private static BufferedImage gray(int type) {
    return new BufferedImage(STEPS, 1, type);
  }

  private static BufferedImage colour() {
    ComponentColorModel model =
        new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, 1, DataBuffer.TYPE_USHORT);
    return new BufferedImage(model, model.createCompatibleWritableRaster(STEPS, 1), false, null);
  }

  private static void write(BufferedImage image, int step, String name) throws Exception {
    WritableRaster raster = image.getRaster();
    for (int x = 0; x < STEPS; x++) {
      for (int band = 0; band < raster.getNumBands(); band++) {
        raster.setSample(x, 0, band, x * step);
      }
    }
    ImageIO.write(image, "png", new File(name + ".png"));
  }
}
JAVA
java -cp "$(cat classpath)" Probe.java 2>/dev/null | grep '^seen: ' >seen
cat >expected <<'SEEN'
seen: gray 8 bits, GRAYSCALE: 0 17 34 51 68 85 102 119 136 153 170 187 204 221 238 255
seen: gray 8 bits, COLOR: 0 17 34 51 68 85 102 119 136 153 170 187 204 221 238 255
seen: gray 16 bits, GRAYSCALE: 0 73 102 124 141 156 170 182 193 203 213 222 231 239 247 255
seen: gray 16 bits, COLOR: 0 73 102 124 141 156 170 182 193 203 213 222 231 239 247 255
seen: RGB 16 bits, GRAYSCALE: 0 17 34 51 68 85 102 119 136 153 170 187 204 221 238 255
seen: RGB 16 bits, COLOR: 0 17 34 51 68 85 102 119 136 153 170 187 204 221 238 255
SEEN
cat seen
diff expected seen >/dev/null || { echo "changed: the lines above are not those that were seen" >&2; exit 1; }
