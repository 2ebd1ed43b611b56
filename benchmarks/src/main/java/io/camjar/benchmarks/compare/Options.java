package io.camjar.benchmarks.compare;

import io.camjar.benchmarks.protocol.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * What a comparison was asked for.
 *
 * @param quick whether it only looks
 * @param promises whether it has only the tasks for which the project promises something
 * @param words of which a task's name contains one; none for all tasks
 */
record Options(boolean quick, boolean promises, List<String> words) {
  private static final String QUICK = "--quick";
  private static final String PROMISES = "--promises";

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
    boolean quick = words.removeIf(QUICK::equals);
    boolean promises = words.removeIf(PROMISES::equals);
    for (String word : words) {
      if (word.startsWith("-")) {
        throw new IllegalArgumentException(
            "options are %s and %s, found '%s'".formatted(QUICK, PROMISES, word));
      }
    }
    return new Options(quick, promises, words);
  }

  /**
   * The tasks that were asked for.
   *
   * @param cores of the machine
   * @throws IllegalArgumentException if a word is in no task's name
   */
  List<Task> tasks(int cores) {
    List<Task> tasks = quick || promises ? Cells.promises(cores) : Cells.full(cores);
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
  Pace pace() {
    return quick ? Pace.QUICK : Pace.FULL;
  }

  /** Whether its results are kept: a selection must not replace a comparison of the same day. */
  boolean kept() {
    return words.isEmpty();
  }
}
