package io.camjar.gradcam.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.run.Trace;
import io.camjar.gradcam.target.ClassProbabilities;
import io.camjar.gradcam.target.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class ChannelScoresTests {
  private static final int SIDE = 64;

  private final Network network =
      Network.of(
          ResNetSpec.named("resnet18", new LinearHead(5)).withWidth(4), new SyntheticParameters());
  private final INDArray image = SyntheticInput.images("channels", 1, 3, SIDE, SIDE);
  private final List<Integer> sizes = new ArrayList<>();
  private final Subject subject = Subject.of(network, image, new float[5], Score.logit(2));

  @AfterEach
  void close() {
    image.close();
    network.close();
  }

  @Test
  void everyChannelHasTheScoreOfItsOwnQuestion() {
    List<Integer> asked = new ArrayList<>();

    assertThat(scores(c -> false, asked)).containsExactly(2, 12, 22, 32, 42, 52, 62);
    assertThat(asked).containsExactly(0, 1, 2, 3, 4, 5, 6);
  }

  @Test
  void channelsThatPutTheSameQuestionAreAskedOnce() {
    List<Integer> asked = new ArrayList<>();

    assertThat(scores(c -> c == 2 || c >= 5, asked)).containsExactly(2, 12, 22, 32, 42, 22, 22);
    assertThat(asked).startsWith(0, 1, 2, 3, 4).containsOnly(0, 1, 2, 3, 4);
  }

  /** A network keeps memory for each size of batch. */
  @Test
  void batchesHaveTheSizesOfAllChannelsHoweverManyAreAsked() {
    for (int alike = 0; alike <= 7; alike++) {
      int from = 7 - alike;
      scores(c -> c >= from, new ArrayList<>());

      assertThat(sizes).as("%d alike", alike).isSubsetOf(3, 1);
    }
  }

  @Test
  void aLayerOfSuchChannelsAloneIsAskedOnce() {
    List<Integer> asked = new ArrayList<>();

    assertThat(scores(c -> true, asked)).containsOnly(2);
    assertThat(asked).containsExactly(0);
  }

  /** The scores of seven channels, asked three at a time; that of class 2 is 10 c + 2. */
  private double[] scores(IntPredicate alike, List<Integer> asked) {
    LayerSample sample = LayerSample.of("layer", 7, 1, 1, new float[7], new float[7]);
    return ChannelScores.of(
        sample,
        subject,
        "method",
        3,
        alike,
        channels -> {
          sizes.add(channels.length);
          float[] logits = new float[channels.length * 5];
          for (int k = 0; k < channels.length; k++) {
            asked.add(channels[k]);
            for (int i = 0; i < 5; i++) {
              logits[k * 5 + i] = 10 * channels[k] + i;
            }
          }
          return HostCopy.array(logits, channels.length, 5);
        });
  }

  @Test
  void scoreCamOfChannelsThatAreZeroIsThatOfABlackImage() {
    try (Trace trace = network.trace(image, List.of("layer4.1"))) {
      LayerSample sample = withZeroes(sample(trace), 3, 8, 20);

      double[] weights = new ScoreCam().weights(sample, subject);

      float[] scores = new float[sample.channels()];
      for (int c = 0; c < scores.length; c++) {
        scores[c] = scoreBehindMask(sample, c);
      }
      assertThat(weights).containsExactly(ClassProbabilities.of(scores), within(1e-6));
    }
  }

  @Test
  void ablationCamOfChannelsThatAreZeroIsZero() {
    try (Trace trace = network.trace(image, List.of("layer4.1"))) {
      LayerSample sample = sample(trace);
      Subject here = Subject.of(network, image, HostCopy.floats(trace.logits()), Score.logit(2));
      double[] weights = new AblationCam().weights(sample, here);

      assertThat(IntStream.range(0, sample.channels()).filter(c -> zero(sample, c))).isNotEmpty();
      for (int c = 0; c < sample.channels(); c++) {
        if (zero(sample, c)) {
          assertThat(weights[c]).as("channel %d", c).isCloseTo(0, within(1e-6));
        }
      }
    }
  }

  /** The score of class 2 for the image shown through one channel alone. */
  private float scoreBehindMask(LayerSample sample, int channel) {
    AlignedCorners pixels = new AlignedCorners(sample.height(), sample.width(), SIDE, SIDE);
    float[] mask = pixels.enlarge(sample.activations(), channel * sample.cells());
    double min = IntStream.range(0, mask.length).mapToDouble(i -> mask[i]).min().orElseThrow();
    double max = IntStream.range(0, mask.length).mapToDouble(i -> mask[i]).max().orElseThrow();
    float[] picture = HostCopy.floats(image);
    for (int i = 0; i < picture.length; i++) {
      picture[i] *= (float) ((mask[i % mask.length] - min) / (max - min + 1e-8));
    }
    try (INDArray masked = HostCopy.array(picture, 1, 3, SIDE, SIDE);
        INDArray logits = network.forward(masked)) {
      return logits.getFloat(0, 2);
    }
  }

  private static LayerSample sample(Trace trace) {
    return LayerSample.of("layer4.1", trace.featureMaps("layer4.1"), null, 0);
  }

  private static LayerSample withZeroes(LayerSample sample, int... channels) {
    float[] activations = sample.activations().clone();
    for (int c : channels) {
      Arrays.fill(activations, c * sample.cells(), (c + 1) * sample.cells(), 0);
    }
    float[] none = new float[activations.length];
    return LayerSample.of(
        sample.layer(), sample.channels(), sample.height(), sample.width(), activations, none);
  }

  private static boolean zero(LayerSample sample, int channel) {
    return Floats.are(0, sample.activations(), channel * sample.cells(), sample.cells(), 1);
  }
}
