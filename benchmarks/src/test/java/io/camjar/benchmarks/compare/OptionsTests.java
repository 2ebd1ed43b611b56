package io.camjar.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.benchmarks.protocol.Task;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTests {

  @Test
  void nothingAsksForEverythingAtFullPace() {
    Options options = Options.parse(List.of());

    assertThat(options.tasks(2)).isEqualTo(Cells.full(2));
    assertThat(options.pace()).isEqualTo(MeasurementPlan.FULL);
    assertThat(options.kept()).isTrue();
  }

  @Test
  void aQuickLookHasThePromises() {
    Options options = Options.parse(List.of("--quick"));

    assertThat(options.tasks(2)).isEqualTo(Cells.promises(2));
    assertThat(options.pace()).isEqualTo(MeasurementPlan.QUICK);
  }

  @Test
  void promisesMayTakeTheirTime() {
    Options options = Options.parse(List.of("--promises"));

    assertThat(options.tasks(2)).isEqualTo(Cells.promises(2));
    assertThat(options.pace()).isEqualTo(MeasurementPlan.FULL);
    assertThat(options.kept()).isTrue();
  }

  @Test
  void severalWordsPickTheTasksOfEach() {
    Options options = Options.parse(List.of("--promises", "resnet50", "forward/resnet34 352 1 2"));

    assertThat(options.tasks(2))
        .extracting(Task::toString)
        .containsExactly("forward/resnet34 352 1 2", "forward/resnet50 224 1 2");
    assertThat(options.kept()).isFalse();
  }

  @Test
  void aWordThatPicksNothingIsAMistake() {
    Options options = Options.parse(List.of("--quick", "resnet34", "resnet101"));

    assertThatThrownBy(() -> options.tasks(2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no task's name contains 'resnet101', such as 'forward/resnet34 224 1 2'");
  }

  @Test
  void soIsAnOptionThatDoesNotExist() {
    assertThatThrownBy(() -> Options.parse(List.of("--fast")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "options are --quick, --promises, --families, --before DIR and --no-peers, found"
                + " '--fast'");
  }

  @Test
  void anotherBuildIsAFolderAndNoWord() {
    Options options = Options.parse(List.of("--before", "../old", "--promises", "forward"));

    assertThat(options.before()).contains(Path.of("../old"));
    assertThat(options.words()).containsExactly("forward");
    assertThat(options.peers()).isTrue();
  }

  @Test
  void anotherBuildWithoutItsFolderIsAMistake() {
    for (List<String> args : List.of(List.of("--before"), List.of("--before", "--quick"))) {
      assertThatThrownBy(() -> Options.parse(args))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("--before wants the folder");
    }
  }

  @Test
  void whatHasNoPeersIsNotKept() {
    Options options = Options.parse(List.of("--promises", "--no-peers"));

    assertThat(options.peers()).isFalse();
    assertThat(options.kept()).isFalse();
  }
}
