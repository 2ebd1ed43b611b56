package io.camjar.benchmarks.protocol;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Answers one request a line, one line each.
 *
 * <pre>
 * prepare WORKLOAD SIZE BATCH THREADS   prepared TAB settings TAB answer, numbers between blanks
 * run COUNT                             ran TAB nanoseconds of each run, between blanks
 * report                                reported TAB text
 * quit                                  nothing; the process ends
 * </pre>
 *
 * <p>Whatever goes wrong is answered by {@code failed TAB message}. The first line is {@code engine
 * TAB name}.
 */
public final class EngineServer {
  private final Engine engine;
  private @Nullable Prepared prepared;

  private EngineServer(Engine engine) {
    this.engine = engine;
  }

  /** Serves until {@code quit} or the end of the input. */
  public static void serve(Engine engine) throws IOException {
    try (PrintStream answers =
        new PrintStream(
            new FileOutputStream(FileDescriptor.out), true, StandardCharsets.US_ASCII)) {
      // Libraries that print must not garble the answers.
      System.setOut(System.err);
      new EngineServer(engine)
          .serve(
              new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII)),
              answers);
    }
  }

  private void serve(BufferedReader requests, PrintStream answers) throws IOException {
    answers.println("engine\t" + engine.name());
    for (String line = requests.readLine();
        line != null && !line.equals("quit");
        line = requests.readLine()) {
      answers.println(answer(line));
    }
    if (prepared != null) {
      prepared.close();
    }
  }

  /** Every failure is an answer: the other side decides what it means for the comparison. */
  @SuppressWarnings("CatchingUnchecked")
  private String answer(String line) {
    String[] words = line.split(" ", 2);
    try {
      return switch (words[0]) {
        case "prepare" -> prepare(Task.parse(words[1]));
        case "run" -> run(Integer.parseInt(words[1]));
        case "report" -> "reported\t" + ready().report();
        default -> "failed\tunknown request " + line;
      };
    } catch (Exception | LinkageError | OutOfMemoryError e) {
      return "failed\t" + String.valueOf(e).replaceAll("\\s+", " ");
    }
  }

  private String prepare(Task task) throws Exception {
    if (prepared != null) {
      prepared.close();
    }
    prepared = engine.prepare(task);
    StringBuilder answer = new StringBuilder("prepared\t" + prepared.settings() + "\t");
    for (float value : prepared.answer()) {
      answer.append(value).append(' ');
    }
    return answer.toString().stripTrailing();
  }

  private String run(int count) {
    Prepared task = ready();
    StringBuilder answer = new StringBuilder("ran\t");
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      task.run();
      answer.append(System.nanoTime() - start).append(' ');
    }
    return answer.toString().stripTrailing();
  }

  private Prepared ready() {
    if (prepared == null) {
      throw new IllegalStateException("nothing is prepared");
    }
    return prepared;
  }
}
