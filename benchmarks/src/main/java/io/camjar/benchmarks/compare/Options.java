package io.camjar.benchmarks.compare;

import io.camjar.benchmarks.protocol.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a comparison was asked for.
 *
 * @param quick whether it only looks
 * @param promises whether it has only the tasks for which the project promises something
 * @param families whether it has the networks of other families instead
 * @param peers whether engines other than camjar take part
 * @param before the folder of another build of camjar that takes part
 * @param words of which a task's name contains one; none for all tasks
 */
record Options(
    boolean quick,
    boolean promises,
    boolean families,
    boolean peers,
    Optional<Path> before,
    List<String> words) {
  private static final String QUICK = "--quick";
  private static final String PROMISES = "--promises";
  private static final String FAMILIES = "--families";
  private static final String BEFORE = "--before";
  private static final String NO_PEERS = "--no-peers";

  Options {
    words = List.copyOf(words);
  }

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException if it has an option that does not exist
   */
  static Options parse(List<String> args) {
    List<String> words = new ArrayList<>(args);
    Optional<Path> before = before(words);
    boolean quick = words.removeIf(QUICK::equals);
    boolean promises = words.removeIf(PROMISES::equals);
    boolean families = words.removeIf(FAMILIES::equals);
    boolean peers = !words.removeIf(NO_PEERS::equals);
    for (String word : words) {
      if (word.startsWith("-")) {
        throw new IllegalArgumentException(
            "options are %s, %s, %s, %s DIR and %s, found '%s'"
                .formatted(QUICK, PROMISES, FAMILIES, BEFORE, NO_PEERS, word));
      }
    }
    return new Options(quick, promises, families, peers, before, words);
  }

  /** Takes the option and its value out of the words. */
  private static Optional<Path> before(List<String> words) {
    int at = words.indexOf(BEFORE);
    if (at < 0) {
      return Optional.empty();
    }
    if (at + 1 == words.size() || words.get(at + 1).startsWith("-")) {
      throw new IllegalArgumentException(
          BEFORE + " wants the folder of another build of camjar after it");
    }
    words.remove(at);
    return Optional.of(Path.of(words.remove(at)));
  }

  /**
   * The tasks that were asked for.
   *
   * @param cores of the machine
   * @throws IllegalArgumentException if a word is in no task's name
   */
  List<Task> tasks(int cores) {
    List<Task> tasks =
        families
            ? Cells.families(cores)
            : quick || promises ? Cells.promises(cores) : Cells.full(cores);
    for (String word : words) {
      if (tasks.stream().noneMatch(task -> task.toString().contains(word))) {
        throw new IllegalArgumentException(
            "no task's name contains '%s', such as '%s'".formatted(word, tasks.get(0)));
      }
    }
    return tasks.stream()
        .filter(task -> words.isEmpty() || words.stream().anyMatch(task.toString()::contains))
        .toList();
  }

  /** How long it takes its time. */
  MeasurementPlan pace() {
    return quick ? MeasurementPlan.QUICK : MeasurementPlan.FULL;
  }

  /**
   * Whether its results are kept: a selection of tasks or engines must not replace a comparison of
   * the same day.
   */
  boolean kept() {
    return words.isEmpty() && peers && !families;
  }
}
