package io.camjar.gradcam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.TinyCheckpoint;
import io.camjar.gradcam.cli.errors.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every command that reads a weights file says of it on stderr. */
class WeightsFileTests {
  @TempDir private Path temp;

  private List<Run> commands(TinyCheckpoint network, String... more) throws IOException {
    String weights = network.write(temp.resolve("tiny.safetensors")).toString();
    String picture = TinyImage.write(temp.resolve("p.png"), 64, 64).toString();
    String out = temp.resolve("out").toString();
    String target = temp.resolve("other.safetensors").toString();
    List<List<String>> commands =
        List.of(
            List.of("explain", picture, "--weights", weights, "--size", "64", "--out", out),
            List.of("inspect", weights),
            List.of("convert", weights, "--to", target),
            List.of("layers", "--weights", weights));
    List<Run> runs = new ArrayList<>();
    for (List<String> command : commands) {
      List<String> all = new ArrayList<>(command);
      all.addAll(List.of(more));
      runs.add(Run.of(all.toArray(new String[0])));
    }
    return runs;
  }

  @Test
  void weightsThatAreNotFiniteAreNamedInOneLine() throws IOException {
    for (Run run : commands(TinyCheckpoint.answering(Float.NaN, 1))) {
      assertThat(run.err().lines().filter(line -> line.contains("NaN or infinite values")))
          .hasSize(1)
          .allMatch(line -> line.contains("'fc.bias'"));
    }
    for (Run run : commands(new TinyCheckpoint())) {
      assertThat(run.err()).doesNotContain("NaN");
    }
  }

  @Test
  void aKeyThatLeadsNowhereIsRefusedWithTheNearest() throws IOException {
    for (Run run : commands(new TinyCheckpoint(), "--key", "layr1")) {
      assertThat(run.exitCode()).isEqualTo(ExitCode.UNUSABLE);
      assertThat(run.err()).contains("no network under the key 'layr1'").contains("layer1");
    }
  }
}
