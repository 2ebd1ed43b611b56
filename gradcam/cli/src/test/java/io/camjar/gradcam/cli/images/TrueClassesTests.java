package io.camjar.gradcam.cli.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.Labels;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What folders say of their images. */
class TrueClassesTests {
  private static final Labels LABELS = Labels.of(List.of("tench", "golf ball", "church"));

  @Test
  void aFolderOfAClassesNameIsThatClass() {
    TrueClasses classes = classes("Golf_Ball", "church", "misc");

    assertThat(classes.known()).isTrue();
    assertThat(index(classes, "Golf_Ball")).isEqualTo(1);
    assertThat(index(classes, "church")).isEqualTo(2);
    assertThat(classes.of(folder("misc"))).isNull();
  }

  /** macOS writes an accent of a file's name as a character of its own. */
  @Test
  void accentsMayBeComposedOrNot() {
    Labels accented = Labels.of(List.of("K\u00e4fer", "Ameise"));

    assertThat(accented.find("Ka\u0308fer").orElseThrow().index()).isZero();
  }

  @Test
  void asManyFoldersAsClassesAreTheClassesInAlphabeticalOrder() {
    TrueClasses classes = classes("n03", "n01", "n02");

    assertThat(index(classes, "n01")).isZero();
    assertThat(index(classes, "n03")).isEqualTo(2);
    assertThat(classes.describe()).contains("n01 for tench, n02 for golf ball");
  }

  @Test
  void otherwiseNothingIsKnown() {
    assertThat(classes("n01", "n02").known()).isFalse();
    assertThat(classes("n01", "n02", "n03", "n04").known()).isFalse();
    assertThat(classes("n01", "n02", "deeper/n03").known()).isFalse();
  }

  @Test
  void theBasisTellsOneOrderFromAnother() {
    assertThat(classes("a", "b", "c").basis()).isEqualTo(classes("c", "b", "a").basis());
    assertThat(classes("a", "b", "c").basis()).isNotEqualTo(classes("a", "b", "d").basis());
  }

  private static TrueClasses classes(String... folders) {
    return TrueClasses.of(Stream.of(folders).map(TrueClassesTests::folder).toList(), LABELS);
  }

  private static int index(TrueClasses classes, String folder) {
    return classes.of(folder(folder)).index();
  }

  private static Path folder(String name) {
    return Path.of("/photos").resolve(name);
  }
}
