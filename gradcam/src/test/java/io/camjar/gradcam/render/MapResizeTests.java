package io.camjar.gradcam.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.image.HashedImage;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against OpenCV 4.6; render.py wrote the expectations. */
class MapResizeTests {
  static List<String> golden() {
    return HashedImage.lines("/render/resize.txt");
  }

  @ParameterizedTest
  @MethodSource("golden")
  void agreesWithOpenCv(String line) {
    String[] field = line.split(" ");
    int[] size = Stream.of(field).limit(5).mapToInt(Integer::parseInt).toArray();

    float[] resized = MapResize.bilinear(HashedMap.of(size[0], size[1]), size[2], size[3]);

    for (int i = 5; i < field.length; i++) {
      assertThat(resized[(i - 5) * size[4]]).isCloseTo(Float.parseFloat(field[i]), within(1e-6f));
    }
  }

  @Test
  void liesOnItsRegionAndNowhereElse() {
    ScaledMap map = new ScaledMap(1, 2, new float[] {0, 1});

    float[] laid = MapResize.onto(map, new Box(2, 1, 6, 3), 4, 8);

    float out = Float.NaN;
    assertThat(laid)
        .containsExactly(
            out, out, out, out, out, out, out, out, out, out, 0, 0.25f, 0.75f, 1, out, out, out,
            out, 0, 0.25f, 0.75f, 1, out, out, out, out, out, out, out, out, out, out);
  }
}
