package io.camjar.benchmarks.compare;

import io.camjar.benchmarks.protocol.EngineFailure;
import io.camjar.benchmarks.protocol.EngineProcess;
import io.camjar.benchmarks.protocol.Task;
import io.camjar.benchmarks.protocol.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Times camjar and its peers, prints a Markdown table and writes the results file. */
public final class Compare {
  /** What one task takes at the quick pace on a machine that does nothing else, roughly. */
  private static final Duration QUICK_TASK = Duration.ofSeconds(25);

  private final SourceTree layout;
  private final MeasurementPlan pace;
  private final TimeLimit deadline;
  private final boolean withPeers;
  private final Optional<Build> before;

  private Compare(SourceTree layout, Options options, TimeLimit deadline, Optional<Build> before) {
    this.layout = layout;
    this.pace = options.pace();
    this.deadline = deadline;
    this.withPeers = options.peers();
    this.before = before;
  }

  /**
   * Runs the comparison.
   *
   * @param args the repository's root, seconds that are left, then {@link Options}
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    SourceTree layout = new SourceTree(Path.of(args[0]).toAbsolutePath());
    Options options;
    List<Task> tasks;
    Optional<Build> before;
    try {
      options = Options.parse(Arrays.asList(args).subList(2, args.length));
      tasks = options.tasks(Runtime.getRuntime().availableProcessors());
      before = options.before().map(Build::in);
    } catch (IllegalArgumentException e) {
      System.err.println("compare: " + e.getMessage());
      System.exit(2);
      return;
    }
    TimeLimit deadline = TimeLimit.in(Duration.ofSeconds(Long.parseLong(args[1])));
    new Compare(layout, options, deadline, before).run(tasks, options.kept());
  }

  private void run(List<Task> tasks, boolean keep) throws IOException, InterruptedException {
    Machine machine = Machine.current();
    Files.deleteIfExists(layout.log());
    List<Result> results = new ArrayList<>();
    List<String> notRun = new ArrayList<>();
    long start = System.nanoTime();
    Duration usual = QUICK_TASK;
    for (int i = 0; i < tasks.size(); i++) {
      Task task = tasks.get(i);
      if (deadline.tooCloseFor(usual)) {
        notRun.add(task + ": no time left");
        continue;
      }
      System.err.println(task + " ...");
      try {
        Result result = play(task);
        results.add(result);
        say(result);
      } catch (EngineFailure e) {
        notRun.add(task + ": camjar failed, " + e.getMessage());
      }
      // A busy machine is slow at all of them: better to leave one out than to end late.
      usual = Duration.ofNanos((System.nanoTime() - start) / (i + 1));
    }
    System.out.println(machine + ", JDK " + Runtime.version() + "\n");
    System.out.print(MarkdownTable.of(results));
    before.ifPresent(build -> System.out.print("\n" + BuildsTable.of(results, build.name())));
    notRun.forEach(line -> System.out.println("\nNot run: " + line));
    if (keep && !results.isEmpty()) {
      Path file = ResultsFile.write(results, layout.results(), LocalDate.now(), machine);
      System.err.println("written: " + file);
    }
  }

  private Result play(Task task) throws IOException, InterruptedException {
    if (task.workload() == Workload.COLD_START) {
      return new ColdStart(layout, pace, deadline, before, withPeers).play(task);
    }
    Roster roster = new Roster(layout, before, withPeers);
    Match match =
        new Match(
            pace,
            deadline,
            contender ->
                EngineProcess.start(contender.command(), contender.environment(), layout.log()));
    return match.play(task, roster.ours(task), roster.peers(task));
  }

  private static void say(Result result) {
    for (Measurement engine : result.everyone()) {
      System.err.printf(
          "  %-32s %9.1f ms   %s %s%n",
          engine.name(), engine.milliseconds().median(), engine.settings(), engine.report());
    }
    result.missing().forEach((peer, reason) -> System.err.println("  " + peer + ": " + reason));
  }
}
