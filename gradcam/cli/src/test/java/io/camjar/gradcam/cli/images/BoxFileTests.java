package io.camjar.gradcam.cli.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.image.Box;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoxFileTests {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("boxes.csv");
  }

  private List<Box> of(String image) {
    return BoxFile.read(file).of(folder, folder.resolve(image));
  }

  private void write(String text, Charset charset) throws IOException {
    Files.write(file, text.getBytes(charset));
  }

  @Test
  void severalBoxesOfOneImageByItsNameOrItsPath() throws IOException {
    write("dogs/a.png,1,2,3,4.5\na.png, 5 , 6,7,8\na.png,0,0,1,1\n", StandardCharsets.UTF_8);

    assertThat(of("dogs/a.png")).containsExactly(new Box(1, 2, 3, 4.5));
    assertThat(of("cats/a.png")).containsExactly(new Box(5, 6, 7, 8), new Box(0, 0, 1, 1));
    assertThat(of("b.png")).isEmpty();
  }

  /** As spreadsheets write it: a mark of the byte order, line ends of Windows, quotes. */
  @Test
  void headingsCommentsAndEmptyLinesDoNotCount() throws IOException {
    write(
        "\uFEFF# drawn by hand\r\npicture,left,top,right,bottom\r\n\r\n\"dog, \"\"Rex\"\".png\",1,2,3,4\r\n",
        StandardCharsets.UTF_8);

    assertThat(of("dog, \"Rex\".png")).containsExactly(new Box(1, 2, 3, 4));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      textBlock =
          """
          `a.png,1,2,3`,          `found 'a.png,1,2,3'`
          `a.png,1,2,3,4,5`,      `found 'a.png,1,2,3,4,5'`
          `a.png,3,2,1,4`,        `found 'a.png,3,2,1,4'`
          `a.png,1,2,three,4`,    `found 'a.png,1,2,three,4'`
          `a.png;1;2;3;4`,        `found 'a.png;1;2;3;4'`
          `picture,left,top,right,bottom`, `found 'picture,left,top,right,bottom'`
          """)
  void aWrongLineIsNamed(String line, String found) throws IOException {
    write("# boxes\nb.png,1,2,3,4\n\n" + line + "\nc.png,1,2,3,4\n", StandardCharsets.UTF_8);

    assertThatThrownBy(() -> BoxFile.read(file))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("boxes.csv, line 4: expected picture,left,top,right,bottom")
        .hasMessageContaining(found);
  }

  @Test
  void aQuoteThatNeverEndsIsNamed() throws IOException {
    write("b.png,1,2,3,4\n\"a.png,1,2,3,4\n", StandardCharsets.UTF_8);

    assertThatThrownBy(() -> BoxFile.read(file))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("boxes.csv, line ");
  }

  @Test
  void whatIsNoTextIsRefused() throws IOException {
    write("é.png,1,2,3,4\n", StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> BoxFile.read(file))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("boxes.csv could not be read as text");
  }
}
