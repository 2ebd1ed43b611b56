package io.camjar.gradcam.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.train.Initialisation;
import io.camjar.gradcam.train.data.Dataset;
import io.camjar.weights.container.preparation.Normalization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rates are those of the training that is meant: what it leaves alone, find-lr does too. */
class RateFinderTests {
  private static final Normalization NORMALIZATION =
      new Normalization(List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25));
  private static final ResNetSpec SPEC =
      ResNetSpec.named("resnet18", new LinearHead(2)).withWidth(4);
  private static final int UPDATES = 12;

  @TempDir Path folder;
  private Dataset data;

  @BeforeEach
  void images() throws IOException {
    data = Dataset.open(TinyImages.write(folder.resolve("data"), 8, 2));
  }

  @Test
  void whatIsFrozenStaysAsItIs() {
    Map<String, float[]> before = parameters(0.1, List.of(), 0);
    Map<String, float[]> after = parameters(0.1, List.of("layer1", "bn1"), UPDATES);
    after.forEach(
        (name, values) -> {
          boolean frozen = name.startsWith("layer1.") || name.startsWith("bn1.");
          if (frozen) {
            assertThat(values).as(name).isEqualTo(before.get(name));
          } else {
            assertThat(values).as(name).isNotEqualTo(before.get(name));
          }
        });
    assertThatThrownBy(
            () ->
                find(
                    0.1,
                    List.of("conv1", "bn1", "layer1", "layer2", "layer3", "layer4", "fc"),
                    UPDATES))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("--freeze holds every layer");
  }

  @Test
  void theBodyLearnsByItsShareOfTheRate() {
    Map<String, float[]> before = parameters(0, List.of(), 0);
    Map<String, float[]> after = parameters(0, List.of(), UPDATES);
    assertThat(after.get("layer4.1.conv2.weight")).isEqualTo(before.get("layer4.1.conv2.weight"));
    assertThat(after.get("fc.weight")).isNotEqualTo(before.get("fc.weight"));
  }

  @Test
  void imagesAreMixedAndBatchesPartedAsTheTrainingDoesIt() {
    List<RateFinder.Point> plain = find(1, List.of(), UPDATES).points();
    assertThat(find(1, List.of(), UPDATES).points()).isEqualTo(plain);
    TrainingSettings mixed = TrainingRunTests.settings(2, 0, 1, 1, 0.4, List.of());
    TrainingSettings parted = TrainingRunTests.settings(2, 0, 2, 1, 0, List.of());
    assertThat(find(mixed, UPDATES).points()).isNotEqualTo(plain);
    assertThat(find(parted, UPDATES).points()).isNotEqualTo(plain);
  }

  @Test
  void aLossThatOnlyRisesIsSaidToFallNowhere() {
    RateFinder.Found rising = RateFinder.found(curve(1));
    RateFinder.Found falling = RateFinder.found(curve(-1));
    assertThat(rising.falls()).isFalse();
    assertThat(falling.falls()).isTrue();
  }

  private static List<RateFinder.Point> curve(int slope) {
    return IntStream.range(0, UPDATES)
        .mapToObj(i -> new RateFinder.Point(Math.pow(10, i - 7), 20 + slope * i))
        .toList();
  }

  private RateFinder.Found find(double bodyRate, List<String> frozen, int updates) {
    return find(TrainingRunTests.settings(2, 0, 1, bodyRate, 0, frozen), updates);
  }

  private RateFinder.Found find(TrainingSettings settings, int updates) {
    try (Network network = network()) {
      return RateFinder.find(network, data, settings, NORMALIZATION, updates, done -> {});
    }
  }

  /** The parameters after so many updates. */
  private Map<String, float[]> parameters(double bodyRate, List<String> frozen, int updates) {
    Map<String, float[]> found = new LinkedHashMap<>();
    try (Network network = network()) {
      if (updates > 0) {
        TrainingSettings settings = TrainingRunTests.settings(2, 0, 1, bodyRate, 0, frozen);
        RateFinder.find(network, data, settings, NORMALIZATION, updates, done -> {});
      }
      network.parameters().forEach((name, array) -> found.put(name, HostCopy.floats(array)));
    }
    return found;
  }

  private static Network network() {
    return Network.of(SPEC, new Initialisation(SPEC.graph(), 1));
  }
}
