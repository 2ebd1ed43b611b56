package io.camjar.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.threads.Threads;
import io.camjar.engine.train.loss.CrossEntropy;
import io.camjar.engine.train.loss.Targets;
import io.camjar.engine.train.optimizer.Adam;
import io.camjar.engine.train.optimizer.Optimizer;
import io.camjar.engine.train.optimizer.ParameterGroup;
import io.camjar.engine.train.optimizer.ParameterGroups;
import io.camjar.engine.train.optimizer.Sgd;
import io.camjar.engine.train.schedule.LearningRateSchedule;
import io.camjar.engine.train.schedule.OneCycle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

class TrainerTests {
  private static final int BATCH = 6;
  private static final Targets TARGETS = new Targets.Classes(new int[] {0, 1, 2, 3, 4, 0});

  @Test
  void givesTheSameBitsFromAnyNumberOfThreads() {
    int before = Threads.shared().count();
    List<Map<String, float[]>> found = new ArrayList<>();
    try {
      for (int threads : new int[] {1, 2, 3}) {
        Threads.setCount(threads);
        try (Network network = network()) {
          Trainer trainer = trainer(network).clipNorm(0.5);
          steps(trainer, 0, 3);
          found.add(parameters(network));
        }
      }
    } finally {
      Threads.setCount(before);
    }
    assertSame(found.get(1), found.get(0));
    assertSame(found.get(2), found.get(0));
  }

  @Test
  void goesOnFromAStateWithTheBitsOfOneThatWasNotInterrupted() {
    try (Network whole = network();
        Network first = network();
        Network second = network()) {
      steps(trainer(whole), 0, 5);

      Optimizer optimizer = optimizer(first);
      MovingAverage average = new MovingAverage(first, 0.9);
      steps(trainer(first, optimizer).average(average), 0, 3);
      Map<String, float[]> saved = copy(optimizer.state());
      Map<String, float[]> weights = parameters(first);
      second.update(
          p -> weights.forEach((name, values) -> HostCopy.buffer(p.get(name)).put(values)));
      Optimizer restored = optimizer(second);
      restored.restore(saved);
      Trainer trainer = trainer(second, restored);
      trainer.restore(3);
      steps(trainer, 3, 5);

      assertSame(parameters(second), parameters(whole));
    }
  }

  @Test
  void frozenLayersStayAndAreNotOptimised() {
    try (Network network = network()) {
      Map<String, float[]> before = parameters(network);
      steps(trainer(network).freeze(List.of("conv1", "bn1", "conv2")), 0, 2);
      Map<String, float[]> after = parameters(network);
      assertThat(after.get("conv1.weight")).isEqualTo(before.get("conv1.weight"));
      assertThat(after.get("bn1.weight")).isEqualTo(before.get("bn1.weight"));
      assertThat(after.get("bn1.running_mean")).isNotEqualTo(before.get("bn1.running_mean"));
      assertThat(after.get("bn2.weight")).isNotEqualTo(before.get("bn2.weight"));
      assertThat(after.get("fc.weight")).isNotEqualTo(before.get("fc.weight"));
    }
  }

  @Test
  void partsOfABatchAddUpToTheWhole() {
    // Without batch statistics and dropout, so that parts and whole compute the same.
    try (Network whole = LinearNetwork.make();
        Network inParts = LinearNetwork.make();
        INDArray x = SyntheticInput.images("parts", BATCH, 3, 8, 8)) {
      Trainer.Part part = trainer(whole, sgd(whole)).step(x, TARGETS);
      Trainer trainer = trainer(inParts, sgd(inParts));
      double loss = 0;
      for (int i = 0; i < BATCH; i += 2) {
        try (INDArray some = x.get(NDArrayIndex.interval(i, i + 2)).dup('c')) {
          int[] classes = {i % 5, (i + 1) % 5};
          loss += trainer.add(some, new Targets.Classes(classes), 1.0 / 3).loss() / 3;
        }
      }
      trainer.update();
      assertThat(loss).isEqualTo(part.loss(), within(1e-6));
      float[] expected = HostCopy.floats(whole.parameters().get("fc.weight"));
      float[] found = HostCopy.floats(inParts.parameters().get("fc.weight"));
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).isEqualTo(expected[i], within(1e-6f));
      }
    }
  }

  @Test
  void clippingBoundsTheNormAndTheValues() {
    try (Network plain = LinearNetwork.make();
        Network byNorm = LinearNetwork.make();
        Network byValue = LinearNetwork.make();
        INDArray x = SyntheticInput.images("clip", BATCH, 3, 8, 8)) {
      Trainer trainer = trainer(plain, sgd(plain));
      trainer.add(x, TARGETS, 1);
      double norm = trainer.update().gradientNorm();
      trainer(byNorm, sgd(byNorm)).clipNorm(norm / 4).step(x, TARGETS);
      trainer(byValue, sgd(byValue)).clipValue(1e-3).step(x, TARGETS);
      assertThat(moved(plain)).isEqualTo(norm, within(1e-4 * norm));
      assertThat(moved(byNorm)).isEqualTo(norm / 4, within(1e-4 * norm));
      float[] start = HostCopy.floats(LinearNetwork.make().parameters().get("fc.bias"));
      float[] end = HostCopy.floats(byValue.parameters().get("fc.bias"));
      for (int i = 0; i < start.length; i++) {
        assertThat(Math.abs(end[i] - start[i])).isLessThan(1.01e-3f);
      }
    }
  }

  @Test
  void anAverageFollowsTheWeightsAndCanTakeTheirPlace() {
    try (Network network = network()) {
      Map<String, float[]> before = parameters(network);
      MovingAverage average = new MovingAverage(network, 0.75);
      steps(trainer(network).average(average), 0, 1);
      Map<String, float[]> after = parameters(network);
      average.swap();
      float[] shown = parameters(network).get("fc.weight");
      for (int i = 0; i < shown.length; i++) {
        float expected = 0.75f * before.get("fc.weight")[i] + 0.25f * after.get("fc.weight")[i];
        assertThat(shown[i]).isEqualTo(expected, within(1e-6f));
      }
      average.swap();
      assertSame(parameters(network), after);
    }
  }

  @Test
  void namesTheFirstOperationThatIsNotFinite() {
    try (Network network = network();
        INDArray x = SyntheticInput.images("nan", BATCH, 3, 32, 32)) {
      // Finite weights whose products are not.
      network.update(p -> p.get("conv3.weight").assign(3e38f));
      Map<String, float[]> before = parameters(network);
      Trainer trainer = trainer(network);
      assertThatThrownBy(() -> trainer.step(x, TARGETS))
          .isInstanceOf(NonFiniteException.class)
          .hasMessageContaining("the loss is NaN: conv3 is the first operation");
      assertThat(parameters(network).get("fc.weight")).isEqualTo(before.get("fc.weight"));
      network.update(p -> p.get("bn2.weight").putScalar(3, Float.NaN));
      assertThatThrownBy(() -> trainer.step(x, TARGETS))
          .hasMessageContaining("the parameter bn2.weight has values that are not finite");
      x.putScalar(0, Float.POSITIVE_INFINITY);
      assertThatThrownBy(() -> trainer.step(x, TARGETS)).hasMessageContaining("the images have");
    }
  }

  @Test
  void groupsDecayWeightsButNeitherNormsNorBiases() {
    try (Network network = network()) {
      List<ParameterGroup> groups =
          ParameterGroups.decaying(
              network.graph(), path -> path.startsWith("fc") ? 0.1 : 0.01, 0.05);
      assertThat(groups).hasSize(4);
      for (ParameterGroup group : groups) {
        boolean decays = group.decay() > 0;
        assertThat(group.names())
            .allMatch(name -> decays == name.matches("(conv\\d|fc)\\.weight"))
            .allMatch(name -> group.rate() == (name.startsWith("fc") ? 0.1 : 0.01));
      }
    }
  }

  @Test
  void refusesParametersThatAreUnknownOrTwiceThere() {
    try (Network network = network()) {
      ParameterGroup group = new ParameterGroup(Set.of("fc.weight"), 0.1, 0);
      assertThatThrownBy(() -> new Optimizer(new Sgd(0), network, List.of(group, group)))
          .isInstanceOf(CamjarException.class)
          .hasMessage("the parameter fc.weight is in two groups");
      ParameterGroup unknown = new ParameterGroup(Set.of("fc.wait"), 0.1, 0);
      assertThatThrownBy(() -> new Optimizer(new Sgd(0), network, List.of(unknown)))
          .hasMessage("the network has no parameter fc.wait to be optimised");
    }
  }

  private static Network network() {
    return Network.of(DepthwiseNetwork.architecture(), new SyntheticParameters());
  }

  private static Optimizer optimizer(Network network) {
    return new Optimizer(
        Adam.decoupledDecay(), network, ParameterGroups.decaying(network.graph(), 1e-2, 0.05));
  }

  private static Optimizer sgd(Network network) {
    return new Optimizer(new Sgd(0), network, ParameterGroups.alike(network.graph(), 1, 0));
  }

  private static Trainer trainer(Network network) {
    return trainer(network, optimizer(network));
  }

  private static Trainer trainer(Network network, Optimizer optimizer) {
    LearningRateSchedule schedule =
        network.parameters().size() > 2 ? new OneCycle(5) : LearningRateSchedule.constant();
    return new Trainer(network, CrossEntropy.plain(), optimizer, schedule, 11);
  }

  private static void steps(Trainer trainer, int from, int end) {
    for (int step = from; step < end; step++) {
      try (INDArray x = SyntheticInput.images("step" + step, BATCH, 3, 32, 32)) {
        trainer.step(x, TARGETS);
      }
    }
  }

  private static double moved(Network network) {
    double sum = 0;
    try (Network start = LinearNetwork.make()) {
      for (String name : network.parameters().keySet()) {
        float[] a = HostCopy.floats(start.parameters().get(name));
        float[] b = HostCopy.floats(network.parameters().get(name));
        for (int i = 0; i < a.length; i++) {
          sum += Math.pow((double) a[i] - b[i], 2);
        }
      }
    }
    return Math.sqrt(sum);
  }

  private static Map<String, float[]> parameters(Network network) {
    Map<String, float[]> values = new LinkedHashMap<>();
    network.parameters().forEach((name, array) -> values.put(name, HostCopy.floats(array)));
    return values;
  }

  private static Map<String, float[]> copy(Map<String, float[]> state) {
    Map<String, float[]> copy = new LinkedHashMap<>();
    state.forEach((name, values) -> copy.put(name, values.clone()));
    return copy;
  }

  private static void assertSame(Map<String, float[]> found, Map<String, float[]> expected) {
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, values) -> assertThat(found.get(name)).as(name).isEqualTo(values));
  }
}
