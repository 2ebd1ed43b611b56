package io.camjar.gradcam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that ends soon is not made to wait for kernels to compile. */
class ColdStartTests {
  @Test
  void aFewPicturesEndSoon() {
    assertThat(ColdStart.endsSoon("explain")).isTrue();
    assertThat(ColdStart.endsSoon("explain", "a.png", "b.png", "--layer", "all")).isTrue();
  }

  @Test
  void aFolderOrAPatternStandsForManyPictures(@TempDir Path folder) {
    String photos = folder.toString();

    assertThat(ColdStart.endsSoon("explain", photos)).isFalse();
    assertThat(ColdStart.endsSoon("explain", "--resume", photos)).isFalse();
    assertThat(ColdStart.endsSoon("explain", "a.png", "photos/*.jpg")).isFalse();
    assertThat(ColdStart.endsSoon("explain", "a.png", "--out", photos)).isTrue();
  }

  @Test
  void manyPicturesManyPassesAndOtherCommandsDoNot() {
    String[] many = Collections.nCopies(20, "explain").toArray(String[]::new);
    assertThat(ColdStart.endsSoon(many)).isFalse();
    assertThat(ColdStart.endsSoon("explain", "a.png", "--method", "scorecam")).isFalse();
    assertThat(ColdStart.endsSoon("evaluate", "photos")).isFalse();
    assertThat(ColdStart.endsSoon()).isFalse();
  }
}
