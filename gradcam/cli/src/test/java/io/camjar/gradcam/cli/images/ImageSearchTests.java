package io.camjar.gradcam.cli.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which images words on the command line mean. */
class ImageSearchTests {
  @TempDir private Path folder;
  private Path out;

  @BeforeEach
  void aTreeOfImages() throws IOException {
    for (String file :
        List.of(
            "b.jpg",
            "a.png",
            "cats/tom.JPEG",
            "cats/kit/ten.jpg",
            "dogs/rex.jpg",
            ".hidden/x.jpg",
            "cats/.y.jpg",
            "cats/@eaDir/z.jpg",
            "__MACOSX/cats/tom.JPEG")) {
      write(file, "");
    }
    write("dogs/notes.txt", "no image");
    write("dogs/unnamed", "\u0089PNG\r\n\u001a\n");
    write("out/a_layer4.png", "");
    out = folder.resolve("out");
  }

  @Test
  void aFolderIsSearchedToItsDepthsInTheOrderOfPaths() {
    assertThat(found(""))
        .containsExactly(
            "a.png", "b.jpg", "cats/kit/ten.jpg", "cats/tom.JPEG", "dogs/rex.jpg", "dogs/unnamed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*.jpg                 | b.jpg",
        "*/*.jpg               | dogs/rex.jpg",
        "**/*.jpg              | b.jpg cats/kit/ten.jpg dogs/rex.jpg",
        "cats/**/*.{jpg,JPEG}  | cats/kit/ten.jpg cats/tom.JPEG",
        "c?ts/**               | cats/kit/ten.jpg cats/tom.JPEG",
        "[cd]*                 | cats/kit/ten.jpg cats/tom.JPEG dogs/rex.jpg dogs/unnamed",
        "dogs/*                | dogs/rex.jpg dogs/unnamed",
        "d*/                   | dogs/rex.jpg dogs/unnamed",
      })
  void aPatternMatchesAsInAShell(String pattern, String expected) {
    assertThat(found(pattern)).containsExactly(expected.split(" "));
  }

  @Test
  void filesComeInTheOrderGivenAndOnce() {
    assertThat(found("dogs/rex.jpg", "a.png", "dogs", "./a.png"))
        .containsExactly("dogs/rex.jpg", "a.png", "dogs/unnamed");
  }

  @Test
  void aFileThatIsNamedIsTakenWhateverItIs() {
    assertThat(found("dogs/notes.txt", "missing.jpg"))
        .containsExactly("dogs/notes.txt", "missing.jpg");
  }

  @Test
  void aFileWhoseNameLooksLikeAPatternIsThatFile() throws IOException {
    write("x[1].jpg", "");

    assertThat(found("x[1].jpg")).containsExactly("x[1].jpg");
  }

  @Test
  void otherFilesAreCounted() {
    assertThat(search("").passedOver()).isEqualTo(1);
    assertThat(search("a.png").passedOver()).isZero();
  }

  @Test
  void linksThatLeadInCirclesOrNowhereDoNoHarm() throws IOException {
    Files.createSymbolicLink(folder.resolve("dogs/again"), folder.resolve("dogs"));
    Files.createSymbolicLink(folder.resolve("dogs/gone.jpg"), folder.resolve("nowhere"));
    Files.createSymbolicLink(folder.resolve("pets"), folder.resolve("dogs"));

    assertThat(found("pets")).containsExactly("pets/rex.jpg", "pets/unnamed");
  }

  @Test
  void anImageBelongsToTheFirstFolderBelowTheOneNamed() {
    assertThat(classFolders("")).containsExactly("", "", "cats", "cats", "dogs", "dogs");
    assertThat(classFolders("cats")).containsExactly("cats/kit", "cats");
    assertThat(classFolders("cats/kit/*.jpg", "a.png")).containsExactly("cats/kit", "");
  }

  @Test
  void noImageIsAnError() {
    assertThatThrownBy(() -> found("*.gif"))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("*.gif");
  }

  private ImageSearch search(String... words) {
    return ImageSearch.of(
        Stream.of(words).map(word -> (folder + "/" + word).replaceAll("/$", "")).toList(), out);
  }

  private List<String> found(String... words) {
    return search(words).pictures().stream().map(p -> relative(p.file())).toList();
  }

  private List<String> classFolders(String... words) {
    return search(words).pictures().stream().map(p -> relative(p.classFolder())).toList();
  }

  private String relative(Path path) {
    return folder.relativize(path.normalize()).toString().replace('\\', '/');
  }

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
  }
}
