package io.camjar.benchmarks;

import io.camjar.benchmarks.compare.Spread;
import io.camjar.benchmarks.engine.CamjarEngine;
import io.camjar.benchmarks.protocol.Prepared;
import io.camjar.benchmarks.protocol.Task;
import io.camjar.benchmarks.protocol.Workload;
import io.camjar.gradcam.render.LinePlot;
import io.camjar.gradcam.render.LinePlot.Line;
import io.camjar.gradcam.render.Png;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How the time of a forward grows with the side of an image and with the batch: the cost of a pixel
 * must not grow. Prints two tables and draws {@code scaling-side.png} and {@code
 * scaling-batch.png}.
 */
public final class ForwardScaling {
  private static final int[] SIDES = {112, 224, 336, 448, 560, 672, 784, 896};
  private static final int[] BATCHES = {1, 2, 4, 8, 16, 32, 64};
  private static final int SIDE = 224;
  private static final int RUNS = 7;
  private static final long WARM_NANOSECONDS = 2_000_000_000L;

  /** The first size also waits for the JIT compilers. */
  private static final long COLD_NANOSECONDS = 10_000_000_000L;

  private final CamjarEngine engine = new CamjarEngine();
  private final int threads = Runtime.getRuntime().availableProcessors();
  private long warming = COLD_NANOSECONDS;

  private ForwardScaling() {}

  /** Takes the folder for the images, then names of networks; ResNet-34 if there are none. */
  public static void main(String[] args) throws IOException {
    if (args.length == 0) {
      System.err.println(
          "usage: ForwardScaling FOLDER [NETWORK...]   such as target resnet34 resnet50");
      System.exit(2);
    }
    Path folder = Files.createDirectories(Path.of(args[0]));
    List<Workload> workloads = new ArrayList<>();
    for (int i = 1; i < args.length; i++) {
      workloads.add(Workload.titled("forward/" + args[i]));
    }
    if (workloads.isEmpty()) {
      workloads.add(Workload.FORWARD_RESNET34);
    }
    new ForwardScaling().run(folder, workloads);
  }

  private void run(Path folder, List<Workload> workloads) throws IOException {
    List<Line> bySide = new ArrayList<>();
    List<Line> byBatch = new ArrayList<>();
    for (Workload workload : workloads) {
      double[] sides = new double[SIDES.length];
      double[] costs = new double[SIDES.length];
      for (int i = 0; i < SIDES.length; i++) {
        sides[i] = SIDES[i];
        costs[i] = costOfMegapixel(new Task(workload, SIDES[i], 1, threads));
      }
      bySide.add(new Line(workload.network(), sides, costs));
      double[] batches = new double[BATCHES.length];
      double[] pictures = new double[BATCHES.length];
      for (int i = 0; i < BATCHES.length; i++) {
        batches[i] = BATCHES[i];
        pictures[i] = costOfMegapixel(new Task(workload, SIDE, BATCHES[i], threads));
      }
      byBatch.add(new Line(workload.network(), batches, pictures));
    }
    draw(folder.resolve("scaling-side.png"), "side of the image, pixels", "batch 1", bySide);
    draw(folder.resolve("scaling-batch.png"), "images in a batch", SIDE + " pixels", byBatch);
  }

  private static void draw(Path file, String xLabel, String fixed, List<Line> lines) {
    String title = "forward, " + fixed + ": cost of a pixel";
    Png.write(new LinePlot(title, xLabel, "ms a megapixel", lines).draw(), file);
    System.out.println(file);
  }

  /** Milliseconds, the median of some warm runs. */
  private double costOfMegapixel(Task task) {
    try (Prepared prepared = engine.prepare(task)) {
      long warm = System.nanoTime() + warming;
      warming = WARM_NANOSECONDS;
      do {
        prepared.run();
      } while (System.nanoTime() < warm);
      double[] milliseconds = new double[RUNS];
      for (int i = 0; i < RUNS; i++) {
        long start = System.nanoTime();
        prepared.run();
        milliseconds[i] = (System.nanoTime() - start) / 1e6;
      }
      double median = Spread.of(milliseconds).median();
      double cost = median / (1e-6 * task.size() * task.size() * task.batch());
      System.out.printf("%-28s %9.2f ms %9.1f ms a megapixel%n", task, median, cost);
      return cost;
    }
  }
}
