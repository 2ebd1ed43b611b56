package io.camjar.engine.model.resnet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AliasesTests {

  @ParameterizedTest
  @CsvSource({
    "stem, first conv",
    "layer1.0, layer-1 - conv-1",
    "layer3.22, layer-3 - conv-23",
    "layer4, layer4",
    "layer4.2.conv1, layer4.2.conv1",
    "conv1, conv1",
  })
  void aBlockHasATitleInANotebookAndOtherPointsTheirPath(String path, String title) {
    assertThat(Aliases.title(path).orElse(path)).isEqualTo(title);
  }
}
