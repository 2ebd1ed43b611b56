package io.camjar.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNamesTests {
  private static final List<String> BLOCKS = List.of("stem", "layer3.1", "layer4.1", "layer4.2");

  @Test
  void aSlipOfTheFingerFindsTheNameThatWasMeant() {
    assertThat(NearestNames.of("laeyr4.2", BLOCKS, 1)).containsExactly("layer4.2");
    assertThat(NearestNames.of("golf bal", List.of("tench", "golf ball"), 1))
        .containsExactly("golf ball");
  }

  @Test
  void twoLettersThatChangedPlacesAreOneSlip() {
    assertThat(NearestNames.of("agu", List.of("eigen", "aug"), 1)).containsExactly("aug");
  }

  @Test
  void letterCaseDoesNotCount() {
    assertThat(NearestNames.of("STEM", BLOCKS, 1)).containsExactly("stem");
  }

  @Test
  void aPartOfANameFindsIt() {
    assertThat(NearestNames.of("springer", List.of("tench", "sprint", "English springer"), 1))
        .containsExactly("English springer");
  }

  @Test
  void noMoreThanAskedForAndTheNearestFirst() {
    assertThat(NearestNames.of("layer4.3", BLOCKS, 2)).containsExactly("layer4.1", "layer4.2");
  }

  @Test
  void whatIsFarFromEveryNameHasNoNearest() {
    List<String> methods = List.of("gradcam", "eigencam", "cam");
    assertThat(NearestNames.of("lime", methods, 1)).isEmpty();
    assertThat(NearestNames.of("imagenet", List.of("torchvision", "fastai1"), 1)).isEmpty();
    assertThat(NearestNames.of("x", List.of("y"), 1)).containsExactly("y");
  }

  @Test
  void aHintEndsAMessage() {
    assertThat(NearestNames.hint("layer4.3", BLOCKS, 2))
        .isEqualTo("; did you mean layer4.1 or layer4.2?");
    assertThat(NearestNames.hint("backbone", BLOCKS, 2)).isEmpty();
  }
}
