package io.camjar.gradcam.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camjar.gradcam.image.HashedImage;
import io.camjar.gradcam.method.HashedSample;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against scipy, scikit-image and PyTorch; metrics.py wrote the expectations. */
class MetricGoldenTests {
  private static final int HEIGHT = 12;
  private static final int WIDTH = 10;
  private static final int CHANNELS = 3;
  private static final Map<String, double[]> EXPECTED = expected();

  private final float[] input = HashedSample.uniform("metric/input", CHANNELS * HEIGHT * WIDTH);
  private final float[] map = unit("metric/map");
  private final float[] other = mixed();

  @ParameterizedTest
  @CsvSource({"morf-20, 20, false", "morf-80, 80, false", "lerf-50, 50, true"})
  void roadsImputation(String name, int percentile, boolean least) {
    int[] order = Relevance.descending(least ? negative(map) : map);
    boolean[] missing = new boolean[order.length];
    for (int k = 0; k < Road.removed(order.length, percentile); k++) {
      missing[order[k]] = true;
    }

    float[] filled = new NoisyLinearImputer(0, 0).impute(input, missing, WIDTH);

    assertAgree(filled, EXPECTED.get(name));
  }

  @Test
  void risesBlur() {
    assertAgree(GaussianBlur.blur(input, HEIGHT, WIDTH), EXPECTED.get("blur"));
  }

  @Test
  void similarities() {
    assertThat(StructuralSimilarity.of(map, other, HEIGHT, WIDTH)).isCloseTo(one("ssim"), near());
    assertThat(Agreement.spearman(map, other)).isCloseTo(one("spearman"), near());
    assertThat(Agreement.pearson(map, other)).isCloseTo(one("pearson"), near());
    assertThat(Coherency.coherency(map, other)).isCloseTo(one("coherency"), near());
    assertThat(Coherency.complexity(map)).isCloseTo(one("complexity"), near());
  }

  @Test
  void theAreaUnderACurve() {
    double[] curve = new double[WIDTH];
    Arrays.setAll(curve, i -> map[i]);

    assertThat(DeletionInsertion.area(curve)).isCloseTo(one("area"), near());
    assertThat(DeletionInsertion.area(new double[] {1, 1, 1})).isEqualTo(1);
  }

  private static org.assertj.core.data.Offset<Double> near() {
    return within(1e-6);
  }

  private static double one(String name) {
    return EXPECTED.get(name)[0];
  }

  private static float[] unit(String name) {
    float[] values = HashedSample.uniform(name, HEIGHT * WIDTH);
    for (int i = 0; i < values.length; i++) {
      values[i] = (values[i] + 1) / 2;
    }
    return values;
  }

  private float[] mixed() {
    float[] values = unit("metric/other");
    for (int i = 0; i < values.length; i++) {
      values[i] = (values[i] + map[i]) / 2;
    }
    return values;
  }

  private static float[] negative(float[] values) {
    float[] negative = new float[values.length];
    for (int i = 0; i < negative.length; i++) {
      negative[i] = -values[i];
    }
    return negative;
  }

  private static void assertAgree(float[] found, double[] expected) {
    assertThat(found).hasSize(expected.length);
    for (int i = 0; i < found.length; i++) {
      assertThat((double) found[i]).as("value %d", i).isCloseTo(expected[i], within(1e-5));
    }
  }

  private static Map<String, double[]> expected() {
    Map<String, double[]> values = new HashMap<>();
    for (String line : HashedImage.lines("/methods/metrics.txt")) {
      String[] words = line.split(" ");
      values.put(words[0], Stream.of(words).skip(1).mapToDouble(Double::parseDouble).toArray());
    }
    return values;
  }
}
