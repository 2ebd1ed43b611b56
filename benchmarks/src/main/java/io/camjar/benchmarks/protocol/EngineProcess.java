package io.camjar.benchmarks.protocol;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The other end of an {@link EngineServer}. */
public final class EngineProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Process process;
  private final PrintStream requests;
  private final LinkedBlockingQueue<Optional<String>> answers = new LinkedBlockingQueue<>();
  private final String engine;

  private EngineProcess(Process process) {
    this.process = process;
    this.requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
    Thread reader = new Thread(this::read, "answers of process " + process.pid());
    reader.setDaemon(true);
    reader.start();
    this.engine = await("engine");
  }

  /**
   * Starts an engine.
   *
   * @param log where its standard error goes
   * @throws EngineFailure if it does not start
   */
  public static EngineProcess start(
      List<String> command, Map<String, String> environment, Path log) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectError(Redirect.appendTo(log.toFile()));
    try {
      return new EngineProcess(builder.start());
    } catch (IOException e) {
      throw new EngineFailure("cannot start %s: %s".formatted(command.get(0), e.getMessage()));
    }
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        answers.add(Optional.of(line));
      }
      answers.add(Optional.empty());
    } catch (IOException e) {
      answers.add(Optional.of("failed\t" + e.getMessage()));
    }
  }

  /** The engine's name with its version. */
  public String engine() {
    return engine;
  }

  /**
   * Prepares a task.
   *
   * @throws EngineFailure if the engine cannot do it
   */
  public Answer prepare(Task task) {
    requests.println("prepare " + task);
    String[] parts = await("prepared").split("\t", 2);
    return new Answer(parts[0], floats(parts.length > 1 ? parts[1] : ""));
  }

  /** Does the task {@code count} times and returns the milliseconds of each. */
  public double[] run(int count) {
    requests.println("run " + count);
    return Arrays.stream(await("ran").split(" "))
        .mapToDouble(nanoseconds -> Long.parseLong(nanoseconds) / 1e6)
        .toArray();
  }

  /** What the engine has to say after the runs. */
  public String report() {
    requests.println("report");
    return await("reported");
  }

  /** The largest resident memory so far in MiB; NaN where the system does not tell. */
  public double peakMebibytes() {
    return PeakMemory.mebibytes(process.pid());
  }

  private String await(String expected) {
    try {
      Optional<String> line = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (line == null) {
        throw new EngineFailure("no answer within %d s".formatted(PATIENCE.toSeconds()));
      }
      String[] parts =
          line.orElseThrow(() -> new EngineFailure("the process ended")).split("\t", 2);
      if (!parts[0].equals(expected)) {
        throw new EngineFailure(parts.length > 1 ? parts[1] : parts[0]);
      }
      return parts.length > 1 ? parts[1] : "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineFailure("interrupted");
    }
  }

  private static float[] floats(String text) {
    String[] words = text.isBlank() ? new String[0] : text.trim().split(" ");
    float[] values = new float[words.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.parseFloat(words[i]);
    }
    return values;
  }

  /** Ends the process, by force if it does not want to. */
  @Override
  public void close() {
    requests.println("quit");
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      process.getInputStream().close();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      requests.close();
    }
  }

  /**
   * What an engine computed before it was timed.
   *
   * @param settings how it was set up
   * @param values scores, maps or losses
   */
  @SuppressWarnings("ArrayRecordComponent") // Compared by Agreement, never by equals.
  public record Answer(String settings, float[] values) {}
}
