package io.camjar.gradcam.cli.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandardOutputTests {
  @TempDir private Path folder;

  private Path link = Path.of("no-such-link");
  private final StringWriter said = new StringWriter();
  private final PrintWriter err = new PrintWriter(said, true);

  @Test
  void resultsThatArriveChangeNothing() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    StandardOutput output = printed(file);

    assertThat(file.toString(StandardCharsets.UTF_8)).isEqualTo("a result");
    assertThat(output.exitCode(0, err)).isZero();
    assertThat(output.exitCode(3, err)).isEqualTo(3);
    assertThat(said.toString()).isEmpty();
  }

  @Test
  void lostResultsAreAFailure() {
    StandardOutput output = printed(failing("No space left on device"));

    assertThat(output.exitCode(0, err)).isEqualTo(1);
    assertThat(said.toString().strip())
        .isEqualTo(
            "camjar: results could not be written to standard output: No space left on device");
    assertThat(output.exitCode(3, err)).isEqualTo(3);
  }

  @Test
  void aReaderWhoHasEnoughIsNone() {
    StandardOutput output = printed(failing("Broken pipe"));

    assertThat(output.exitCode(0, err)).isZero();
    assertThat(said.toString()).isEmpty();
  }

  private StandardOutput printed(OutputStream to) {
    StandardOutput output = new StandardOutput(to, link);
    PrintWriter writer = new PrintWriter(output, true, StandardCharsets.UTF_8);
    writer.print("a result");
    writer.flush();
    return output;
  }

  /** Systems tell of it in the user's language. */
  @Test
  void aReaderWhoHasEnoughIsKnownByTheFileToo() throws IOException {
    for (String file : new String[] {"pipe:[12345]", "socket:[12345]"}) {
      link = Files.createSymbolicLink(folder.resolve(file.substring(0, 4)), Path.of(file));

      assertThat(printed(failing("Tubería rota")).exitCode(0, err)).isZero();
    }
    link = Files.createSymbolicLink(folder.resolve("full"), Path.of("/dev/full"));
    assertThat(printed(failing("Tubería rota")).exitCode(0, err)).isEqualTo(1);
  }

  private static OutputStream failing(String why) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(why);
      }
    };
  }
}
