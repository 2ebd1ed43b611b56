package io.camjar.gradcam.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.Labels;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What folders of images are taken for. */
class ClassFoldersTests {
  private static final Labels TWO = Labels.of(List.of("ant", "bee"));

  /** Two parts and two classes: in order they would be taken for each other. */
  @Test
  void partsOfADataSetAreNoClasses() {
    assertThatThrownBy(() -> ClassFolders.of(List.of("train", "Val"), List.of(), TWO))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("parts of a data set")
        .hasMessageContaining("such as train");
    assertThatThrownBy(() -> ClassFolders.of(List.of("val"), List.of(), TWO))
        .hasMessageContaining("a part of a data set and no class");
  }

  @Test
  void aClassMayBeCalledAsAPartIs() {
    Labels tests = Labels.of(List.of("train", "test"));

    assertThat(ClassFolders.of(List.of("test", "train"), List.of(), tests).basis())
        .isEqualTo(ClassFolders.Basis.NAME);
  }
}
