package io.camjar.benchmarks.gpu;

import io.camjar.engine.CamjarException;
import io.camjar.engine.backend.array.ArrayBackend;
import io.camjar.engine.device.Devices;
import io.camjar.engine.gpu.GpuBackend;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Kernels;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.family.Families;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.run.Backend;
import io.camjar.engine.run.FeatureMaps;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Trace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Whole networks on the device that the process has chosen. */
final class DeviceWorkloads {
  private static final int CLASSES = 1000;
  private static final int CLASS = 281;

  /** Of a map's norm, where kinks count. */
  private static final double DEEP = 1e-2;

  /** Of the largest value, where operands have 10 bits of mantissa. */
  private static final double ROUGHLY = 1e-2;

  private static final List<String> ROUNDED = List.of("tf32", "float16");

  private final GpuReport report;
  private final String device;
  private final boolean small;
  private final long end;
  private final @Nullable Path answers;

  /**
   * On a device.
   *
   * @param small whether networks are small and images too, as where a CPU is the device
   * @param end of all, in the nanoseconds of the system
   * @param answers a file for the logits of ResNet-34, or null
   */
  DeviceWorkloads(
      GpuReport report, String device, boolean small, long end, @Nullable Path answers) {
    this.report = report;
    this.device = device;
    this.small = small;
    this.end = end;
    this.answers = answers;
  }

  private static Architecture architecture(String name) {
    return name.startsWith("resnet")
        ? ResNetSpec.named(name, new LinearHead(CLASSES))
        : Families.named(name, CLASSES);
  }

  private static List<String> blocks(String name) {
    return name.startsWith("resnet")
        ? List.of("layer1", "layer2", "layer3", "layer4")
        : List.of("features.6", "features.18");
  }

  /** Logits and raw maps of some layers, on a backend. */
  private static Answer answer(Network network, INDArray x, List<String> points, Backend backend) {
    Request request = Request.of(points);
    try (Trace trace = network.trace(x, request, backend)) {
      return answer(network, trace, points);
    }
  }

  private static Answer answer(Network network, Trace trace, List<String> points) {
    float[] logits = HostCopy.floats(trace.logits());
    int batch = logits.length / CLASSES;
    float[] seed = new float[logits.length];
    for (int image = 0; image < batch; image++) {
      seed[image * CLASSES + CLASS] = 1;
    }
    List<float[]> all = new ArrayList<>();
    try (INDArray score = HostCopy.array(seed, batch, CLASSES);
        Gradients gradients = network.backward(trace, score)) {
      for (String point : points) {
        FeatureMaps maps = trace.featureMaps(point);
        FeatureMaps slopes = gradients.featureMaps(point);
        for (int image = 0; image < batch; image++) {
          double[] map = maps.weightedSum(image, slopes.means(image));
          float[] values = new float[map.length];
          for (int i = 0; i < map.length; i++) {
            values[i] = (float) map[i];
          }
          all.add(values);
        }
      }
    }
    return new Answer(logits, all);
  }

  /**
   * What a pass gives.
   *
   * @param maps raw ones, layer by layer, the last layer at the end
   */
  private record Answer(float[] logits, List<float[]> maps) {
    float[] last() {
      return maps.get(maps.size() - 1);
    }
  }

  /**
   * Networks against the CPU: logits and the last layer's map by their largest value; maps of
   * deeper layers by their norm, since a sum that is rounded to the other side of a ReLU's kink
   * changes a gradient at one place as much as it likes.
   */
  void equivalence() {
    List<String> names =
        small
            ? List.of("resnet18", "mobilenet_v2")
            : List.of("resnet18", "resnet34", "resnet50", "mobilenet_v2");
    int side = small ? 96 : 224;
    for (String name : names) {
      String what = "%s %d, ".formatted(name, side);
      if (late(what + "answers")) {
        continue;
      }
      List<String> points = blocks(name);
      try (Network network = Network.of(architecture(name), new SyntheticParameters());
          INDArray x = SyntheticInput.images("gpu-check", 1, 3, side, side)) {
        Answer expected = answer(network, x, points, new ArrayBackend(Kernels.active()));
        Answer found = answer(network, x, points, GpuBackend.on(device));
        report.row(
            row(
                what + "logits",
                Accuracy.relativeMax(found.logits(), expected.logits()),
                GpuCheck.CLOSE));
        report.row(
            row(
                what + "map of " + points.get(points.size() - 1),
                Accuracy.relativeMax(found.last(), expected.last()),
                GpuCheck.CLOSE));
        double deepest = 0;
        for (int i = 0; i + 1 < points.size(); i++) {
          deepest =
              Math.max(deepest, Accuracy.relativeNorm(found.maps().get(i), expected.maps().get(i)));
        }
        report.row(row(what + "maps of deeper layers, by norm", deepest, DEEP));
        if (answers != null && name.equals("resnet34")) {
          write(answers, found.logits());
        }
      } catch (CamjarException e) {
        report.row(failed(what + "answers", e));
      }
    }
  }

  /** The same of one network in the other precisions, whose bound is a hundredth. */
  void roundedEquivalence() {
    String name = small ? "resnet18" : "resnet34";
    int side = small ? 96 : 224;
    List<String> points = blocks(name);
    for (String precision : ROUNDED) {
      String what = "%s %d %s, ".formatted(name, side, precision);
      if (late(what + "answers")) {
        continue;
      }
      try (Network network = Network.of(architecture(name), new SyntheticParameters());
          INDArray x = SyntheticInput.images("gpu-check", 1, 3, side, side)) {
        Answer expected = answer(network, x, points, new ArrayBackend(Kernels.active()));
        System.setProperty(Devices.PRECISION, precision);
        Answer found = answer(network, x, points, GpuBackend.on(device));
        report.row(
            row(what + "logits", Accuracy.relativeMax(found.logits(), expected.logits()), ROUGHLY));
        report.row(
            row(
                what + "map of " + points.get(points.size() - 1),
                Accuracy.relativeMax(found.last(), expected.last()),
                ROUGHLY));
      } catch (CamjarException e) {
        report.row(failed(what + "answers", e));
      } finally {
        System.clearProperty(Devices.PRECISION);
      }
    }
  }

  private static GpuReport.Row row(String what, double error, double bound) {
    return new GpuReport.Row(what, error <= bound ? "ok" : "WRONG", error, null, null, null);
  }

  /** For peers to compare theirs with: float32, little-endian. */
  private static void write(Path file, float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    try {
      Files.write(file, bytes.array());
    } catch (IOException e) {
      throw new CamjarException("%s cannot be written: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** Times of what users do. */
  void times() {
    int side = small ? 96 : 224;
    maps("resnet34", side, 1, List.of("layer4"), "the last block's map");
    maps("resnet34", side, 1, every(), "all 17 maps");
    forward("resnet34", side, 1);
    forward("resnet34", side, small ? 2 : 64);
    forward("resnet50", side, 1);
    maps("mobilenet_v2", side, 1, List.of("features.18"), "the last map");
    for (String precision : ROUNDED) {
      System.setProperty(Devices.PRECISION, precision);
      try {
        forward("resnet34", side, 1);
        forward("resnet34", side, small ? 2 : 64);
      } finally {
        System.clearProperty(Devices.PRECISION);
      }
    }
  }

  /** The stem and every block of ResNet-34. */
  private static List<String> every() {
    List<String> all = new ArrayList<>(List.of("relu"));
    int[] depths = {3, 4, 6, 3};
    for (int stage = 0; stage < depths.length; stage++) {
      for (int block = 0; block < depths[stage]; block++) {
        all.add("layer%d.%d".formatted(stage + 1, block));
      }
    }
    return all;
  }

  private void maps(String name, int side, int batch, List<String> points, String of) {
    String what = "%s %d b%d, %s".formatted(name, side, batch, of);
    timed(
        what,
        name,
        side,
        batch,
        (network, x) -> {
          try (Trace trace = network.trace(x, points)) {
            answer(network, trace, points);
          }
        });
  }

  private void forward(String name, int side, int batch) {
    String precision = Devices.precision();
    timed(
        "%s %d b%d, forward%s"
            .formatted(
                name, side, batch, precision.equals(Devices.FLOAT32) ? "" : ", " + precision),
        name,
        side,
        batch,
        (network, x) -> network.forward(x).close());
  }

  /** Something that is done with a network and images; answers are on the host when it is over. */
  private interface Use {
    void run(Network network, INDArray x);
  }

  private void timed(String what, String name, int side, int batch, Use use) {
    if (late(what)) {
      return;
    }
    try (Network network = Network.of(architecture(name), new SyntheticParameters());
        INDArray x = SyntheticInput.images("gpu-check", batch, 3, side, side)) {
      double milliseconds = Stopwatch.milliseconds(() -> use.run(network, x), () -> {});
      report.row(new GpuReport.Row(what, "timed", null, milliseconds, null, null));
    } catch (CamjarException e) {
      report.row(failed(what, e));
    }
  }

  private boolean late(String what) {
    if (System.nanoTime() <= end) {
      return false;
    }
    report.row(new GpuReport.Row(what, GpuReport.NOT_REACHED, null, null, null, null));
    return true;
  }

  private static GpuReport.Row failed(String what, CamjarException e) {
    return new GpuReport.Row(what, "failed: " + e.getMessage(), null, null, null, null);
  }
}
