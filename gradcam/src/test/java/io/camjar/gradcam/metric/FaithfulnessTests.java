package io.camjar.gradcam.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.image.Box;
import io.camjar.gradcam.image.HashedImage;
import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.method.CamMethod;
import io.camjar.gradcam.method.CamMethods;
import io.camjar.gradcam.metric.Faithfulness.PreparedImage;
import io.camjar.gradcam.target.Score;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class FaithfulnessTests {
  private static final int SIDE = 64;
  private static final Network NETWORK =
      Network.of(
          ResNetSpec.named("resnet18", new LinearHead(5)).withWidth(4), new SyntheticParameters());

  /** A map of the image's upper left quarter. */
  private static final float[] QUARTER = quarter();

  @AfterAll
  static void close() {
    NETWORK.close();
  }

  @Test
  void aDropIsAShareOfTheScoreAndAnIncreaseIsOne() {
    assertThat(new Confidence(0.8, 0.2).drop()).isCloseTo(0.75, within(1e-12));
    assertThat(new Confidence(0.8, 0.2).increase()).isZero();
    assertThat(new Confidence(0.2, 0.8).drop()).isZero();
    assertThat(new Confidence(0.2, 0.8).increase()).isEqualTo(1);
  }

  @Test
  void anInputTimesAMapOfOnesIsTheInput() {
    float[] ones = new float[SIDE * SIDE];
    Arrays.fill(ones, 1);

    Confidence whole = Confidence.of(scorer(), input(), ones);

    assertThat(whole.masked()).isEqualTo(whole.whole());
  }

  @Test
  void deletionEndsAtTheMeanColourAndInsertionAtTheImage() {
    Scorer scorer = scorer();
    float[] input = input();
    double blank = scorer.score(new float[input.length]);
    double whole = scorer.score(input);

    double deletion = new DeletionInsertion(1).deletion(scorer, input, QUARTER);
    double blurred = scorer.score(GaussianBlur.blur(input, SIDE, SIDE));
    double insertion = new DeletionInsertion(1).insertion(scorer, input, QUARTER);

    assertThat(deletion).isCloseTo((whole + blank) / 2, within(1e-9));
    assertThat(insertion).isCloseTo((blurred + whole) / 2, within(1e-9));
  }

  @Test
  void relevanceOrdersAsFloatCompareDoes() {
    float[] map = {0, -0f, 3, -2, Float.NaN, -1, 3, Float.NEGATIVE_INFINITY};

    assertThat(Relevance.descending(map)).containsExactly(4, 2, 6, 0, 1, 5, 3, 7);
  }

  @Test
  void pixelsGoInTheOrderOfTheMapOverAllChannels() {
    float[] from = {1, 2, 3, 10, 20, 30};
    int[] order = Relevance.descending(new float[] {0.1f, 0.9f, 0.9f});

    assertThat(order).containsExactly(1, 2, 0);
    assertThat(Masking.replaced(from, new float[6], order, 2)).containsExactly(1, 0, 0, 10, 0, 0);
  }

  @Test
  void withNoPixelLeftEveryChannelBecomesItsMean() {
    float[] input = input();
    boolean[] missing = new boolean[SIDE * SIDE];
    Arrays.fill(missing, true);

    float[] filled = new NoisyLinearImputer(0, 0).impute(input, missing, SIDE);

    assertThat(filled[0]).isEqualTo(filled[SIDE * SIDE - 1]).isBetween(-0.5f, 0.5f);
  }

  @Test
  void atAPercentileTheRestOfThePixelsIsRemoved() {
    assertThat(Road.removed(100, 80)).isEqualTo(20);
    assertThat(Road.removed(101, 80)).isEqualTo(21);
  }

  @Test
  void noiseIsTheSameEveryTimeAndOnlyWherePixelsWereMissing() {
    float[] input = input();
    boolean[] missing = new boolean[SIDE * SIDE];
    missing[70] = true;
    NoisyLinearImputer noisy = new NoisyLinearImputer(0.5, 7);

    float[] filled = noisy.impute(input, missing, SIDE);

    assertThat(filled).isEqualTo(noisy.impute(input, missing, SIDE));
    assertThat(filled[70])
        .isNotEqualTo(new NoisyLinearImputer(0, 0).impute(input, missing, SIDE)[70]);
    assertThat(filled[71]).isEqualTo(input[71]);
  }

  @Test
  void thePointingGameForgivesFifteenPixels() {
    float[] map = new float[100 * 100];
    map[50 * 100 + 40] = 1;

    assertThat(hit(map, new Box(40, 50, 41, 51))).isTrue();
    assertThat(hit(map, new Box(55, 45, 70, 60))).as("14.5 away").isTrue();
    assertThat(hit(map, new Box(57, 45, 70, 60))).as("16.5 away").isFalse();
    assertThat(hit(new float[100 * 100], new Box(0, 0, 9, 9))).as("an empty map").isFalse();
  }

  @Test
  void energyIsTheShareInsideAllBoxes() {
    float[] map = {1, 1, 2, Float.NaN};
    Box first = new Box(0, 0, 1, 1);
    Box third = new Box(0, 1, 1, 2);

    assertThat(Localisation.of(map, 2, List.of(first)).energy()).isEqualTo(0.25);
    assertThat(Localisation.of(map, 2, List.of(first, third)).energy()).isEqualTo(0.75);
  }

  @Test
  void theMeanKnowsItsInterval() {
    SampleStatistics sample = new SampleStatistics();
    for (double value : new double[] {1, 2, 3, 4, Double.NaN}) {
      sample.add(value);
    }

    assertThat(sample.count()).isEqualTo(4);
    assertThat(sample.mean()).isEqualTo(2.5);
    // t(3, 0.975) = 3.18245, standard deviation 1.29099
    assertThat(sample.margin()).isCloseTo(3.18245 * 1.29099 / 2, within(1e-4));
  }

  @Test
  void theWholeSetOfFiguresForOneImage() {
    Faithfulness faithfulness = faithfulness();
    try (PreparedImage picture = faithfulness.prepare(HashedImage.of(SIDE, SIDE))) {
      Map<Metric, Double> figures =
          picture.measure(CamMethods.standard(), List.of(new Box(0, 0, 20, 20)));

      assertThat(figures).containsOnlyKeys(Metric.values());
      assertThat(figures.values()).allSatisfy(value -> assertThat(value).isFinite());
      assertThat(picture.measure(CamMethods.standard(), List.of()))
          .doesNotContainKeys(Metric.POINTING, Metric.ENERGY);
    }
  }

  @Test
  void aRandomisedNetworkKeepsTheOtherParts() {
    try (Network random = RandomisedNetwork.of(NETWORK, List.of("layer2", "head"), 3)) {
      assertThat(changed(random))
          .containsExactlyElementsOf(
              NETWORK.parameters().keySet().stream()
                  .filter(name -> name.startsWith("layer2.") || name.startsWith("fc."))
                  .toList());
    }
  }

  @Test
  void everyLayerIsNamedWithItsBatchNormFromTheScoresDown() {
    List<String> layers = RandomisedNetwork.layers(NETWORK);

    assertThat(layers)
        .hasSize(21)
        .startsWith("fc")
        .contains("layer4.0.downsample", "layer3.1.conv2")
        .endsWith("layer1.0.conv1", "conv1");
    try (Network random = RandomisedNetwork.of(NETWORK, List.of("layer3.1.conv2"), 3)) {
      assertThat(changed(random))
          .containsExactlyInAnyOrder(
              "layer3.1.conv2.weight",
              "layer3.1.bn2.weight",
              "layer3.1.bn2.bias",
              "layer3.1.bn2.running_mean",
              "layer3.1.bn2.running_var");
    }
  }

  @Test
  void aNetworkIsLikeItselfAndUnlikeARandomOne() {
    try (PreparedImage picture = faithfulness().prepare(HashedImage.of(SIDE, SIDE));
        Network same = RandomisedNetwork.of(NETWORK, List.of(), 1);
        Network other = RandomisedNetwork.of(NETWORK, RandomisedNetwork.PARTS, 1)) {
      CamMethod method = CamMethods.named("guidedbackprop");
      ShownMap learned = picture.map(method, NETWORK);
      Similarity itself = Similarity.of(learned, picture.map(method, same));
      Similarity random = Similarity.of(learned, picture.map(method, other));

      assertThat(learned.signed()).as("a value a colour").hasSize(3 * SIDE * SIDE);
      assertThat(itself.spearman()).isCloseTo(1, within(1e-9));
      assertThat(itself.sizes()).isCloseTo(1, within(1e-9));
      assertThat(itself.ssim()).isCloseTo(1, within(1e-9));
      assertThat(random.spearman()).isLessThan(0.999);
    }
  }

  @Test
  void aMapAndItsNegativeAreAlikeInSizeAlone() {
    float[] values = new float[SIDE * SIDE];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1 + i;
    }
    float[] negative = new float[values.length];
    for (int i = 0; i < negative.length; i++) {
      negative[i] = -values[i];
    }

    Similarity similarity =
        Similarity.of(
            new ShownMap(values, QUARTER, SIDE, SIDE), new ShownMap(negative, QUARTER, SIDE, SIDE));

    assertThat(similarity.spearman()).isCloseTo(-1, within(1e-9));
    assertThat(similarity.sizes()).isCloseTo(1, within(1e-9));
    assertThat(similarity.ssim()).isCloseTo(1, within(1e-9));
  }

  private static List<String> changed(Network random) {
    return NETWORK.parameters().keySet().stream()
        .filter(
            name ->
                !Arrays.equals(
                    HostCopy.floats(random.parameters().get(name)),
                    HostCopy.floats(NETWORK.parameters().get(name))))
        .toList();
  }

  private static boolean hit(float[] map, Box box) {
    return Localisation.of(map, 100, List.of(box)).hit();
  }

  private static Faithfulness faithfulness() {
    Explainer explainer =
        Explainer.of(NETWORK)
            .withPreset(Preset.named("torchvision").withSize(SIDE))
            .withLayers("layer3");
    return new Faithfulness(NETWORK, explainer, new DeletionInsertion(4), Road.at(40, 80));
  }

  private static Scorer scorer() {
    return new Scorer(NETWORK, Score.probability(1), 3, SIDE, SIDE);
  }

  private static float[] input() {
    try (INDArray picture = SyntheticInput.images("metric", 1, 3, SIDE, SIDE)) {
      return HostCopy.floats(picture);
    }
  }

  private static float[] quarter() {
    float[] map = new float[SIDE * SIDE];
    for (int i = 0; i < map.length; i++) {
      map[i] = i / SIDE < SIDE / 2 && i % SIDE < SIDE / 2 ? 1 : 0;
    }
    return map;
  }
}
