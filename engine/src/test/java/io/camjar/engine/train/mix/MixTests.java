package io.camjar.engine.train.mix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.train.loss.Targets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Images of one value an image, so that what an image is made of can be read off. */
class MixTests {
  private static final long[] SHAPE = {3, 2, 8, 10};
  private static final int[] CLASSES = {0, 1, 3};

  @Test
  void mixupBlendsImagesAndTargetsAlike() {
    float[] images = images();
    Targets.Values targets = new Mixup(0.4).mix(images, SHAPE, CLASSES, 4, new SplittableRandom(5));
    float kept = targets.values()[0];
    assertThat(kept).isStrictlyBetween(0f, 1f);
    for (int n = 0; n < 3; n++) {
      float expected = kept * n + (1 - kept) * ((n + 1) % 3);
      assertThat(images[n * 160]).isEqualTo(expected, within(1e-6f));
      assertThat(images[n * 160 + 159]).isEqualTo(expected, within(1e-6f));
      assertThat(targets.values()[n * 4 + CLASSES[n]]).isEqualTo(kept);
      assertThat(targets.values()[n * 4 + CLASSES[(n + 1) % 3]]).isEqualTo(1 - kept);
    }
  }

  @Test
  void cutMixTakesABoxOfTheNextImageAndItsShareOfTheTarget() {
    float[] images = images();
    Targets.Values targets = new CutMix(1).mix(images, SHAPE, CLASSES, 4, new SplittableRandom(3));
    for (int n = 0; n < 3; n++) {
      int taken = 0;
      for (int i = 0; i < 160; i++) {
        float value = images[n * 160 + i];
        assertThat(value).isIn((float) n, (float) ((n + 1) % 3));
        taken += value == n ? 0 : 1;
      }
      assertThat(taken).isPositive();
      assertThat(targets.values()[n * 4 + CLASSES[n]]).isEqualTo(1 - taken / 160f, within(1e-6f));
    }
  }

  /** Both of Beta's gamma variates are below the least double in one draw of five. */
  @Test
  void sharesOfATinyAlphaAreNearlyAlwaysAllOrNothing() {
    SplittableRandom random = new SplittableRandom(2);
    int draws = 4000;
    int between = 0;
    int all = 0;
    for (int i = 0; i < draws; i++) {
      double x = Beta.draw(0.001, random);
      between += x > 0.01 && x < 0.99 ? 1 : 0;
      all += x > 0.5 ? 1 : 0;
    }
    assertThat((double) between / draws).isLessThan(0.02); // 2 alpha log(99) / 2 = 0.005
    assertThat((double) all / draws).isEqualTo(0.5, within(0.03));
    assertThat(Beta.draw(Double.MIN_VALUE, random)).isIn(0.0, 1.0);
  }

  @Test
  void refusesAnAlphaThatIsNotAPositiveNumber() {
    for (double alpha : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new Mixup(alpha)).hasMessageContaining("alpha");
      assertThatThrownBy(() -> new CutMix(alpha)).hasMessageContaining("alpha");
    }
  }

  @Test
  void sharesAreDistributedAsBeta() {
    SplittableRandom random = new SplittableRandom(1);
    for (double a : new double[] {0.3, 1, 4}) {
      double sum = 0;
      double squares = 0;
      int draws = 20_000;
      for (int i = 0; i < draws; i++) {
        double x = Beta.draw(a, random);
        sum += x;
        squares += (x - 0.5) * (x - 0.5);
      }
      assertThat(sum / draws).isEqualTo(0.5, within(0.01));
      assertThat(squares / draws).isEqualTo(1 / (4 * (2 * a + 1)), within(0.005));
    }
  }

  private static float[] images() {
    float[] images = new float[3 * 160];
    for (int i = 0; i < images.length; i++) {
      images[i] = i / 160;
    }
    return images;
  }
}
