package io.camjar.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.CamjarException;
import io.camjar.engine.Golden;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.HeadSpec;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.model.resnet.SequentialHead;
import io.camjar.engine.statistics.Measure;
import io.camjar.engine.statistics.Summary;
import io.camjar.engine.statistics.Tally;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a pass shows is what PyTorch's hooks see, and nothing else changes by being looked at. */
class WatchTests {
  private static final double RELATIVE = 2e-5;

  /** Keeps all that it is shown. */
  private static final class Notes implements Watcher {
    private final Map<String, Summary> seen = new HashMap<>();
    private final Map<String, Double> parameters = new HashMap<>();

    @Override
    public void activation(String path, Seen value) {
      seen.put("activation/" + path, value.summary(Measure.full()));
    }

    @Override
    public void gradient(String path, Seen value) {
      seen.put("gradient/" + path, value.summary(Measure.full()));
    }

    @Override
    public void part(String sum, boolean branch, Seen value) {
      seen.put((branch ? "branch/" : "shortcut/") + sum, value.summary(Measure.full()));
    }

    @Override
    public void parameter(String name, INDArray gradient) {
      parameters.put(name, Tally.norm(HostCopy.floats(gradient)));
    }
  }

  private static Network network(Golden golden) {
    int classes = golden.number("classes");
    int width = golden.number("width");
    HeadSpec head =
        golden.fact("head").equals("fastai1")
            ? SequentialHead.fastai1(width << 3, classes)
            : new LinearHead(classes);
    return Network.of(
        ResNetSpec.named(golden.fact("arch"), head).withWidth(width), new SyntheticParameters());
  }

  private static INDArray images(Golden golden) {
    List<Integer> shape = golden.facts("input").get(0).stream().map(Integer::valueOf).toList();
    return SyntheticInput.images("flow", shape.get(0), shape.get(1), shape.get(2), shape.get(3));
  }

  private static INDArray seed(INDArray logits, List<Integer> targets) {
    int classes = (int) logits.size(1);
    float[] seed = new float[targets.size() * classes];
    for (int n = 0; n < targets.size(); n++) {
      seed[n * classes + targets.get(n)] = 1;
    }
    return HostCopy.array(seed, targets.size(), classes);
  }

  private static Request everything(Network network) {
    Set<String> all =
        network.points().all().stream().map(point -> point.path()).collect(Collectors.toSet());
    return Request.of(Set.of()).withParameterGradients().withWatch(new Watch(all, all, true));
  }

  private static Notes run(Network network, INDArray x, Request request, List<Integer> targets) {
    Notes notes = new Notes();
    try (Trace trace = network.trace(x, request, notes);
        INDArray seed = seed(trace.logits(), targets);
        Gradients gradients = network.backward(trace, seed)) {
      assertThat(gradients.parameterNames()).hasSize(notes.parameters.size());
    }
    return notes;
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet18-width8-40x33", "resnet34-fastai1-width4-33"})
  void showsWhatHooksOfPyTorchSee(String name) {
    Golden golden = Golden.read("flow/" + name);
    List<Integer> targets = golden.facts("target").get(0).stream().map(Integer::valueOf).toList();
    try (Network network = network(golden);
        INDArray x = images(golden)) {
      Notes notes = run(network, x, everything(network), targets);
      for (String tensor : golden.names()) {
        float[] right = golden.values(tensor);
        if (tensor.startsWith("part/")) {
          String sum = tensor.substring(5);
          close(tensor, notes.seen.get("branch/" + sum).norm(), right[0], right[0]);
          close(tensor, notes.seen.get("shortcut/" + sum).norm(), right[1], right[1]);
        } else if (tensor.startsWith("parameter/")) {
          String parameter = tensor.substring(10);
          double norm = Tally.norm(HostCopy.floats(network.parameters().get(parameter)));
          close(tensor, norm, right[0], right[0]);
          close(tensor, notes.parameters.get(parameter), right[1], right[1]);
        } else {
          assertMatches(tensor, notes.seen.get(tensor), right);
        }
      }
    }
  }

  private static void assertMatches(String tensor, Summary summary, float... right) {
    double size = Math.max(Math.abs(right[4]), Math.abs(right[5]));
    close(tensor + " mean", summary.mean(), right[0], right[1]);
    close(tensor + " std", summary.std(), right[1], right[1]);
    // Values that lie on the threshold fall to either side.
    assertThat(summary.nearZero()).as(tensor).isCloseTo(right[2], within(3.5 / summary.count()));
    close(tensor + " norm", summary.norm(), right[3], right[3]);
    close(tensor + " min", summary.min(), right[4], size);
    close(tensor + " max", summary.max(), right[5], size);
    assertThat(Arrays.stream(summary.histogram()).sum()).isEqualTo(summary.count());
  }

  private static void close(String what, double found, double right, double scale) {
    assertThat(found).as(what).isCloseTo(right, within(RELATIVE * Math.abs(scale) + 1e-12));
  }

  /** The comparison notices a figure that is off by a thousandth. */
  @Test
  void aWrongFigureIsTold() {
    assertThatThrownBy(() -> close("norm", 1.001, 1, 1)).isInstanceOf(AssertionError.class);
  }

  @Test
  void watchingATrainingStepChangesNoGradientBeyondRounding() {
    Map<String, float[]> plain = trained(Watch.NONE);
    Set<String> blocks = Set.of("stem", "layer1.0", "layer2.1", "layer4.1", "layer3.0.conv1");
    Map<String, float[]> watched = trained(new Watch(blocks, blocks, true));
    assertThat(watched.keySet()).isEqualTo(plain.keySet());
    plain.forEach(
        (name, values) -> {
          float[] others = watched.get(name);
          for (int i = 0; i < values.length; i++) {
            assertThat(others[i])
                .as(name)
                .isCloseTo(values[i], within(2e-6f + Math.abs(values[i]) * 1e-4f));
          }
        });
  }

  private static Map<String, float[]> trained(Watch watch) {
    Golden golden = Golden.read("flow/resnet18-width8-40x33");
    Map<String, float[]> gradients = new HashMap<>();
    try (Network network = network(golden);
        INDArray x = images(golden);
        Trace trace =
            network.traceTraining(
                x, Request.training().withWatch(watch), new SplittableRandom(1), new Notes());
        INDArray seed = seed(trace.logits(), List.of(0, 1, 2));
        Gradients passed = network.backward(trace, seed)) {
      passed
          .parameterNames()
          .forEach(name -> gradients.put(name, HostCopy.floats(passed.parameter(name))));
    }
    return gradients;
  }

  @Test
  void bothPartsOfABlockAddUpToTheGradientOfItsStart() {
    Golden golden = Golden.read("flow/resnet18-width8-40x33");
    try (Network network = network(golden);
        INDArray x = images(golden)) {
      Notes notes = run(network, x, everything(network), List.of(0, 1, 2));
      double branch = notes.seen.get("branch/layer3.1.add").mean();
      double shortcut = notes.seen.get("shortcut/layer3.1.add").mean();
      Summary start = notes.seen.get("gradient/layer3.0");
      assertThat(branch + shortcut).isCloseTo(start.mean(), within(1e-6 * start.std()));
    }
  }

  /** What is known of the first gradient that reaches a value does not hold for the sum of two. */
  @Test
  void theGradientOfAValueOfTwoAdditionsIsTheSumOfTheirs() {
    Set<String> paths = Set.of("twice", "thrice", "first", "second");
    Request request = Request.of(Set.of()).withWatch(new Watch(Set.of(), paths, false));
    Map<String, float[]> arrays = new HashMap<>();
    Map<String, Summary> summaries = new HashMap<>();
    Watcher notes =
        new Watcher() {
          @Override
          public void gradient(String path, Seen value) {
            summaries.put(path, value.summary(Measure.full()));
            try (INDArray gradient = value.array()) {
              arrays.put(path, HostCopy.floats(gradient));
            }
          }
        };
    try (Network network =
            Network.of(ValueOfTwoAdditions.architecture(), new SyntheticParameters());
        INDArray x = SyntheticInput.images("two additions", 1, 3, 2, 2);
        Trace trace = network.trace(x, request, notes);
        INDArray seed = seed(trace.logits(), List.of(1));
        Gradients gradients = network.backward(trace, seed)) {
      assertThat(gradients.parameterNames()).isEmpty();
      float[] weights = HostCopy.floats(network.parameters().get("fc.weight"));
      Map<String, Integer> factors = Map.of("second", 1, "first", 1, "thrice", 1, "twice", 2);
      factors.forEach(
          (path, factor) -> {
            double sum = 0;
            double largest = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < 12; i++) {
              float right = factor * weights[3 + i / 4] / 4;
              assertThat(arrays.get(path)[i]).as(path).isCloseTo(right, within(1e-7f));
              sum += right;
              largest = Math.max(largest, right);
            }
            assertThat(summaries.get(path).mean()).as(path).isCloseTo(sum / 12, within(1e-7));
            assertThat(summaries.get(path).max()).as(path).isCloseTo(largest, within(1e-7));
          });
    }
  }

  @Test
  void aReplacedActivationIsWhatThePassGoesOnWith() {
    Golden golden = Golden.read("flow/resnet18-width8-40x33");
    Watcher silences =
        new Watcher() {
          @Override
          public void activation(String path, Seen value) {
            try (INDArray values = value.array()) {
              values.assign(0);
              value.replace(values);
            }
          }
        };
    try (Network network = network(golden);
        INDArray x = images(golden);
        Trace trace =
            network.trace(
                x,
                Request.of(List.of("layer4.1"))
                    .withWatch(new Watch(Set.of("layer4.1"), Set.of(), false)),
                silences)) {
      float[] bias = HostCopy.floats(network.parameters().get("fc.bias"));
      assertThat(HostCopy.floats(trace.logits())).startsWith(bias);
      assertThat(HostCopy.floats(trace.activation("layer4.1"))).containsOnly(0);
    }
  }

  @Test
  void aReplacementOfAnotherShapeIsRefused() {
    Golden golden = Golden.read("flow/resnet18-width8-40x33");
    Watcher wrong =
        new Watcher() {
          @Override
          public void activation(String path, Seen value) {
            try (INDArray other = HostCopy.array(new float[2], 2)) {
              value.replace(other);
            }
          }
        };
    Request request = Request.of(Set.of()).withWatch(new Watch(Set.of("stem"), Set.of(), false));
    try (Network network = network(golden);
        INDArray x = images(golden)) {
      assertThatThrownBy(() -> network.trace(x, request, wrong).close())
          .isInstanceOf(CamjarException.class)
          .hasMessageContaining("cannot take the place of [3, 8, 10, 9]");
    }
  }
}
