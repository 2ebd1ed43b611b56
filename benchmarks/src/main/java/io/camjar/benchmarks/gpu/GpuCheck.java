package io.camjar.benchmarks.gpu;

import io.camjar.benchmarks.kernel.ConvolutionBenchmark;
import io.camjar.benchmarks.kernel.ConvolutionShape;
import io.camjar.engine.CamjarException;
import io.camjar.engine.device.DeviceSource.Found;
import io.camjar.engine.device.Devices;
import io.camjar.engine.gpu.DeviceCatalog;
import io.camjar.engine.gpu.cuda.CudaDriver;
import io.camjar.engine.gpu.device.Device;
import io.camjar.engine.gpu.math.ConvTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Param;

/**
 * Checks a machine with a card in one go: what it offers, whether every convolution of ResNet-34
 * and ResNet-50 and whole networks give the CPU's answers there, and how fast they are. {@code
 * benchmarks/gpu-check} packs what it needs.
 *
 * <p>It ends with 0 where every answer is right, 1 where one is wrong, 2 on wrong usage and 3 where
 * there is no device.
 */
public final class GpuCheck {
  private static final int USAGE = 2;
  private static final int NO_DEVICE = 3;
  private static final String USAGE_TEXT =
      "usage: gpu-check [--device opencl[:N]|cuda[:N]] [--seconds N] [--small] [--json FILE]"
          + " [--tune FILE] [--peers SCRIPT --answers FILE]";

  /** Convolutions that a small check takes. */
  private static final int SMALL = 10;

  /** Largest accepted error of float32 results, as a share of the largest expected value. */
  static final double CLOSE = 1e-4;

  /** What an options line says. */
  private static final class Options {
    String device = "";
    int seconds = 300;
    boolean small;
    Path json = Path.of("gpu-check.json");
    @Nullable Path answers;
    @Nullable Path peers;
    @Nullable Path tune;
  }

  private final Options options;
  private final GpuReport report = new GpuReport(System.out);
  private final long end;

  private GpuCheck(Options options) {
    this.options = options;
    this.end = System.nanoTime() + options.seconds * 1_000_000_000L;
  }

  /** Runs it. */
  public static void main(String[] args) throws IOException {
    Options options = new Options();
    try {
      for (int i = 0; i < args.length; i++) {
        switch (args[i]) {
          case "--device" -> options.device = args[++i];
          case "--seconds" -> options.seconds = Integer.parseInt(args[++i]);
          case "--json" -> options.json = Path.of(args[++i]);
          case "--answers" -> options.answers = Path.of(args[++i]);
          case "--peers" -> options.peers = Path.of(args[++i]);
          case "--tune" -> options.tune = Path.of(args[++i]);
          case "--small" -> options.small = true;
          default -> throw new IllegalArgumentException(args[i]);
        }
      }
      if (!options.device.isEmpty()
          && (!Devices.isName(options.device) || options.device.equals(Devices.CPU))) {
        throw new IllegalArgumentException(options.device);
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      System.err.println(USAGE_TEXT);
      System.exit(USAGE);
    }
    System.exit(new GpuCheck(options).run());
  }

  private int run() throws IOException {
    String chosen = offers();
    Device device;
    try {
      device = DeviceCatalog.open(chosen);
      Devices.select(chosen);
    } catch (CamjarException e) {
      System.err.println("gpu-check: " + e.getMessage());
      return NO_DEVICE;
    }
    report.fact("device", Devices.describe());
    report.fact("driver", device.facts().driver());
    report.fact("units", device.facts().units());
    report.fact("memory MiB", device.facts().memory() >> 20);
    double peak = DevicePeak.flops(device);
    report.fact("multiply-adds, TFLOP/s", Math.round(peak / 1e9) / 1e3);
    if (options.tune != null) {
      ConvTuning.write(device, distinct(), options.tune, end - options.seconds * 600_000_000L);
      System.setProperty(ConvTable.PROPERTY, options.tune.toString());
    }
    DeviceWorkloads workloads =
        new DeviceWorkloads(report, chosen, options.small, end, options.answers);
    workloads.equivalence();
    workloads.roundedEquivalence();
    convolutions(device, peak);
    workloads.times();
    if (options.peers != null && options.answers != null && Files.exists(options.answers)) {
      long left = Math.max(10, (end - System.nanoTime()) / 1_000_000_000L);
      Peers.run(report, options.peers, options.answers, left);
    }
    report.print();
    report.write(options.json);
    System.out.printf(
        "%n%s%s; all of it is in %s%n",
        report.isGood() ? "every answer is the CPU's" : "SOME ANSWER IS WRONG",
        report.notReached() == 0
            ? ""
            : ", but there was no time for %d lines".formatted(report.notReached()),
        options.json);
    return report.isGood() ? 0 : 1;
  }

  /** Says what the machine has, and what of it will be used. */
  private String offers() {
    report.fact(
        "Java",
        System.getProperty("java.runtime.version") + " on " + System.getProperty("os.arch"));
    report.fact("OpenCL platforms (ICD)", icds());
    report.fact("NVRTC", CudaDriver.compiler());
    String chosen = options.device;
    List<String> usable = new ArrayList<>();
    for (Found found : Devices.find()) {
      report.fact(found.id(), found.usable() ? found.text() : "no: " + found.text());
      if (found.usable()) {
        usable.add(found.id());
      }
    }
    if (chosen.isEmpty()) {
      chosen =
          usable.stream()
              .filter(id -> id.startsWith("cuda"))
              .findFirst()
              .orElse(usable.isEmpty() ? "opencl" : usable.get(0));
    }
    return chosen;
  }

  private static String icds() {
    String named = System.getenv("OCL_ICD_VENDORS");
    Path folder = Path.of(named == null ? "/etc/OpenCL/vendors" : named);
    if (!Files.isDirectory(folder)) {
      return "none are registered in " + folder;
    }
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.icd")) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return String.join(", ", names);
  }

  private void convolutions(Device device, double peak) {
    for (String text : distinct()) {
      ConvolutionShape shape = ConvolutionShape.parse(text);
      if (System.nanoTime() > end) {
        report.row(new GpuReport.Row(text, GpuReport.NOT_REACHED, null, null, null, null));
        continue;
      }
      try (DeviceConvolution run = new DeviceConvolution(device, shape, 1)) {
        double error = run.error();
        double forward = Stopwatch.milliseconds(run::forward, device::finish);
        double back = Stopwatch.milliseconds(run::backwardInput, device::finish);
        report.row(row(text, error, forward, shape.flops(), peak));
        report.row(row(text + ", backward", error, back, shape.flops(), peak));
      } catch (CamjarException e) {
        report.row(new GpuReport.Row(text, "failed: " + e.getMessage(), null, null, null, null));
      }
    }
  }

  private static GpuReport.Row row(
      String what, double error, double milliseconds, long flops, double peak) {
    double rate = flops / (milliseconds / 1e3);
    return new GpuReport.Row(
        what, verdict(error), error, milliseconds, rate / 1e12, rate / peak * 100);
  }

  static String verdict(double error) {
    return error <= CLOSE ? "ok" : "WRONG";
  }

  /** The same convolution of images of a quarter of the side. */
  private static String shrunk(ConvolutionShape shape) {
    return new ConvolutionShape(
            shape.inChannels(),
            Math.max(shape.kernel(), shape.side() / 4),
            shape.outChannels(),
            shape.kernel(),
            shape.stride())
        .toString();
  }

  /** The convolutions that the CPU is measured by. */
  private Set<String> distinct() {
    try {
      List<String> all =
          Arrays.asList(
              ConvolutionBenchmark.class
                  .getField("convolution")
                  .getAnnotation(Param.class)
                  .value());
      Set<String> some = new LinkedHashSet<>(all);
      if (options.small) {
        some.clear();
        all.stream().limit(SMALL).forEach(text -> some.add(shrunk(ConvolutionShape.parse(text))));
      }
      return some;
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }
}
