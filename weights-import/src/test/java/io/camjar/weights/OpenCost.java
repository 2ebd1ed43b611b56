package io.camjar.weights;

import io.camjar.weights.tensor.TensorEntry;
import io.camjar.weights.tensor.TensorStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Says what opening a file costs: time from the start of main, and anonymous memory.
 *
 * <p>By hand: {@code java -cp ... io.camjar.weights.OpenCost FILE [arrays]}; without {@code arrays}
 * it does what {@code inspect} does, with it makes every array that the network needs.
 */
final class OpenCost {
  private OpenCost() {}

  public static void main(String[] args) throws IOException {
    long begin = System.nanoTime();
    Checkpoint checkpoint = Checkpoints.open(Path.of(args[0]));
    say("opened " + checkpoint, begin);
    if (args.length == 1) {
      TensorStatistics.ofAll(checkpoint.tensors());
      say("statistics", begin);
      checkpoint.sha256();
      say("sha256", begin);
      return;
    }
    long before = anonymous();
    List<INDArray> arrays = new ArrayList<>();
    long bytes = 0;
    for (TensorEntry tensor : checkpoint.canonical().entries()) {
      bytes += 4 * tensor.elements();
    }
    // The first array starts ND4J, whose own memory is not the file's.
    checkpoint.canonical().find("conv1.weight").orElseThrow().toArray().close();
    long started = anonymous();
    long from = System.nanoTime();
    for (TensorEntry tensor : checkpoint.canonical().entries()) {
      arrays.add(checkpoint.parameters().get(tensor.name(), tensor.shape()));
    }
    say("arrays, of which " + (System.nanoTime() - from) / 1_000_000 + " ms copying", begin);
    System.out.printf(
        "tensors %d kB, anonymous memory: %d kB before, %d kB with ND4J, %d kB with the arrays,"
            + " %.2f times the tensors%n",
        bytes / 1024, before, started, anonymous(), (anonymous() - started) * 1024.0 / bytes);
  }

  private static long anonymous() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("RssAnon")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no RssAnon");
  }

  private static void say(String what, long begin) {
    System.out.printf("%s: %d ms%n", what, (System.nanoTime() - begin) / 1_000_000);
  }
}
