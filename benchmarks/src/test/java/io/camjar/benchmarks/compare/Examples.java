package io.camjar.benchmarks.compare;

import io.camjar.benchmarks.protocol.Task;
import io.camjar.benchmarks.protocol.Workload;
import java.util.List;
import java.util.Map;

/** Results as a comparison leaves them. */
final class Examples {
  static final Machine MACHINE = new Machine("Test (R) CPU family 1 model 2", 2);

  private Examples() {}

  static Measurement measurement(String name, double median, double peak) {
    return measurement(name, median, peak, "");
  }

  private static Measurement measurement(String name, double median, double peak, String report) {
    return new Measurement(
        name, "settings of " + name, new Spread(median - 1, median, median + 2), peak, 0, report);
  }

  static List<Result> results() {
    return List.of(
        new Result(
            new Task(Workload.FORWARD_RESNET34, 224, 8, 2),
            measurement("camjar", 10, 300, "allocates 7 bytes"),
            List.of(
                measurement("onnxruntime-1.0", 20, 400),
                measurement("pytorch-2.0", 250, Double.NaN)),
            Map.of()),
        new Result(
            new Task(Workload.COLD_START, 224, 1, 2),
            measurement("camjar", 900, 300),
            List.of(),
            Map.of("python-torch", "exit code 1")));
  }
}
