package io.camjar.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpellingTests {
  private static final List<String> NAMES = List.of("gradcam", "gradcam++", "fastai2-squish");

  @ParameterizedTest
  @ValueSource(strings = {"gradcam", "Grad-CAM", "grad_cam", "GRADCAM", "grad cam"})
  void caseHyphensUnderscoresAndBlanksAreFree(String typed) {
    assertThat(Spelling.find(typed, NAMES)).contains("gradcam");
  }

  @Test
  void everythingElseIsNot() {
    assertThat(Spelling.find("GradCAM++", NAMES)).contains("gradcam++");
    assertThat(Spelling.find("FastAI2_Squish", NAMES)).contains("fastai2-squish");
    assertThat(Spelling.find("gradcam+", NAMES)).isEmpty();
  }

  @Test
  void anExactNameWinsOverOneThatIsSpelledAlike() {
    assertThat(Spelling.find("a_b", List.of("ab", "a_b"))).contains("a_b");
  }
}
