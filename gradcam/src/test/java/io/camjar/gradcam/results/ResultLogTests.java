package io.camjar.gradcam.results;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.results.ResultLog.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultLogTests {
  private static final Entry FIRST = new Entry("x", 1, 2, Results.of("naïve.jpg", "a\nb"));
  private static final Entry SECOND = new Entry("y", 3, 4, Results.failed("b.jpg", "broken"));

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void twoEntries() {
    file = folder.resolve("new").resolve("log.jsonl");
    try (ResultLog log = ResultLog.open(file, false)) {
      log.add(FIRST);
      log.add(SECOND);
    }
  }

  @Test
  void whatWasAddedIsReadBack() throws IOException {
    assertThat(Files.readAllLines(file)).hasSize(2);
    assertThat(entries()).containsExactly(FIRST, SECOND);
  }

  @Test
  void entriesAreReadInAnyOrderBetweenAdditions() {
    try (ResultLog log = ResultLog.open(file, false)) {
      long first = log.add(FIRST);
      long second = log.add(SECOND);
      assertThat(log.read(second)).isEqualTo(SECOND);
      assertThat(log.read(first)).isEqualTo(FIRST);
      assertThat(log.read(log.add(FIRST))).isEqualTo(FIRST);
    }
  }

  @Test
  void aLineThatWasCutShortIsRemovedAndTheNextStandsByItself() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int cut = 1; cut < 200; cut += 13) {
      Files.write(file, java.util.Arrays.copyOf(whole, whole.length - cut));
      assertThat(entries()).containsExactly(FIRST);
      try (ResultLog log = ResultLog.open(file, true)) {
        log.scan((position, entry) -> {});
        log.add(SECOND);
      }
      assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }
  }

  @Test
  void linesOfOtherKindsArePassedOver() throws IOException {
    Files.writeString(file, "{\"other\":1}\nhello\n\n", StandardOpenOption.APPEND);
    try (ResultLog log = ResultLog.open(file, true)) {
      log.add(FIRST);
    }

    assertThat(entries()).containsExactly(FIRST, SECOND, FIRST);
  }

  @Test
  void aNewLogIsEmpty() {
    ResultLog.open(file, false).close();

    assertThat(file).isEmptyFile();
  }

  private List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    try (ResultLog log = ResultLog.open(file, true)) {
      log.scan((position, entry) -> entries.add(entry));
    }
    return entries;
  }
}
