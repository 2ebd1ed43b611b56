package io.camjar.benchmarks.kernel;

import java.util.Collection;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs {@link ConvolutionBenchmark} with JMH's own options and prints milliseconds next to rates.
 */
public final class KernelTable {

  private KernelTable() {}

  /** Takes JMH's options, such as {@code -p "convolution=64x56x56 to 64 k3 s1" -f 1 -wi 1}. */
  public static void main(String[] args) throws CommandLineOptionException, RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    options.parent(new CommandLineOptions(args));
    options.include(ConvolutionBenchmark.class.getName());
    Collection<RunResult> results = new Runner(options.build()).run();
    StringBuilder table =
        new StringBuilder(
            """
            | convolution | batch | what | ms | GFLOP/s | % of FMA peak |
            |---|--:|---|--:|--:|--:|
            """);
    results.forEach(result -> table.append(row(result)));
    System.out.println(table);
  }

  private static String row(RunResult result) {
    return "| %s | %s | %s | %.3f | %.0f | %.0f |%n"
        .formatted(
            result.getParams().getParam("convolution"),
            result.getParams().getParam("batch"),
            result.getPrimaryResult().getLabel(),
            1 / result.getPrimaryResult().getScore(),
            secondary(result, "gigaflops"),
            secondary(result, "percentOfPeak"));
  }

  private static double secondary(RunResult result, String name) {
    Result<?> counter = result.getSecondaryResults().get(name);
    return counter.getScore();
  }
}
