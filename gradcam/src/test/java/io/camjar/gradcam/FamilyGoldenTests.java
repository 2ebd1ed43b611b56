package io.camjar.gradcam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.gradcam.image.HashedImage;
import io.camjar.gradcam.method.CamMethods;
import io.camjar.gradcam.method.HashedSample;
import io.camjar.gradcam.method.LayerSample;
import io.camjar.gradcam.method.RawMap;
import io.camjar.gradcam.scaling.MapStyle;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against pytorch-grad-cam's formulas in PyTorch 1.13; methods.py wrote the expectations. */
class FamilyGoldenTests {
  private static final double RAW = 1e-5;
  private static final double SCALED = 1e-4;

  static List<String> raw() {
    return HashedImage.lines("/methods/family.txt");
  }

  static List<String> scaled() {
    return HashedImage.lines("/methods/scaled.txt");
  }

  @ParameterizedTest
  @MethodSource("raw")
  void theRawMapAgrees(String line) {
    float[] expected = values(line);

    assertAgree(map(line).raw(), expected, RAW * largest(expected));
  }

  @ParameterizedTest
  @MethodSource("scaled")
  void theScaledMapAgrees(String line) {
    assertAgree(map(line).scaled(), values(line), SCALED);
  }

  @Test
  void theComparisonNoticesAnotherMethod() {
    String line = scaled().get(0);
    String other = line.replace("gradcam", "hirescam");

    assertThatThrownBy(() -> assertAgree(map(other).scaled(), values(line), SCALED))
        .isInstanceOf(AssertionError.class);
  }

  private static CamMap map(String line) {
    String[] words = line.split(" ");
    LayerSample sample = HashedSample.of(words[0]);
    RawMap raw = CamMethods.named(words[1]).map(sample, Subjects.ANY);
    return new CamMap(sample.layer(), new ClassLabel(0, null), raw, MapStyle.STANDARD);
  }

  private static float[] values(String line) {
    double[] values = Stream.of(line.split(" ")).skip(2).mapToDouble(Double::parseDouble).toArray();
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static void assertAgree(float[] found, float[] expected, double tolerance) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      assertThat((double) Math.abs(found[i] - expected[i])).as("place %d", i).isLessThan(tolerance);
    }
  }

  private static float largest(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
