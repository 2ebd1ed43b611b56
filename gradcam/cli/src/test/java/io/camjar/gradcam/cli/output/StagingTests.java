package io.camjar.gradcam.cli.output;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused before there is anything to write. */
class StagingTests {
  /** The JDK's own classes: read-only, even for those who may write everywhere else. */
  private static final Path READ_ONLY = Path.of(URI.create("jrt:/java.base"));

  @TempDir private Path folder;

  @Test
  void aFileInAReadOnlyFolder() {
    assertThatThrownBy(() -> Staging.checkFile(READ_ONLY.resolve("o.safetensors"), "--to"))
        .isInstanceOf(CamjarException.class)
        .hasMessage(
            "/modules/java.base/o.safetensors cannot be written: the folder /modules/java.base may"
                + " not be written to; choose another --to");
  }

  @Test
  void aFileInAFolderThatIsMissing() {
    assertThatThrownBy(() -> Staging.checkFile(folder.resolve("none/o.png"), "--out"))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("there is no folder " + folder.resolve("none"));
  }

  @Test
  void aFileOfAFoldersName() {
    assertThatThrownBy(() -> Staging.checkFile(folder, "--out"))
        .isInstanceOf(CamjarException.class)
        .hasMessage(folder + " is a folder; give --out a file's name");
  }

  @Test
  void aFolderInAReadOnlyFolder() {
    assertThatThrownBy(() -> Staging.check(READ_ONLY.resolve("out"), "--log"))
        .isInstanceOf(CamjarException.class)
        .hasMessageEndingWith("may not be written to; choose another --log");
  }
}
