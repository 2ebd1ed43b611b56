package io.camjar.gradcam.cli.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StandardOutputTests {
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

  private static StandardOutput printed(OutputStream to) {
    StandardOutput output = new StandardOutput(to);
    PrintWriter writer = new PrintWriter(output, true, StandardCharsets.UTF_8);
    writer.print("a result");
    writer.flush();
    return output;
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
