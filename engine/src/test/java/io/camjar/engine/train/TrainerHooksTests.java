package io.camjar.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.hook.Hook;
import io.camjar.engine.hook.Hook.Kind;
import io.camjar.engine.hook.Hooks;
import io.camjar.engine.hook.View;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.statistics.Measure;
import io.camjar.engine.statistics.Tally;
import io.camjar.engine.statistics.UpdateNorms;
import io.camjar.engine.train.loss.CrossEntropy;
import io.camjar.engine.train.loss.Targets;
import io.camjar.engine.train.optimizer.Lamb;
import io.camjar.engine.train.optimizer.Optimizer;
import io.camjar.engine.train.optimizer.ParameterGroups;
import io.camjar.engine.train.optimizer.Rule;
import io.camjar.engine.train.optimizer.Sgd;
import io.camjar.engine.train.schedule.StepDecay;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A trainer calls the hooks that it is given, and trains as it does without them. */
class TrainerHooksTests {
  private static final double RATE = 0.01;

  private final List<String> calls = new ArrayList<>();
  private Network network;
  private Hooks hooks;
  private Trainer trainer;

  @BeforeEach
  void build() {
    network = network();
    hooks = new Hooks(network);
    trainer = trainer(network).hooks(hooks);
  }

  @AfterEach
  void free() {
    network.close();
  }

  private static Network network() {
    ResNetSpec spec = ResNetSpec.named("resnet18", new LinearHead(3)).withWidth(4);
    return Network.of(spec, new SyntheticParameters());
  }

  private static Trainer trainer(Network of) {
    Optimizer plain = new Optimizer(new Sgd(0), of, ParameterGroups.alike(of.graph(), RATE, 0));
    return new Trainer(of, CrossEntropy.plain(), plain, new StepDecay(100, 0.1), 1);
  }

  private static void step(Trainer by) {
    try (INDArray x = SyntheticInput.images("trainer hooks", 2, 3, 33, 33)) {
      by.step(x, new Targets.Classes(new int[] {0, 2}));
    }
  }

  private Hook noting(Kind kind, String pattern) {
    return Hook.of(kind, pattern, view -> calls.add(kind + " " + view.name() + "@" + view.step()));
  }

  @Test
  void seesAllKindsInTheOrderOfAStep() {
    try (Hooks.Scope a = hooks.add(noting(Kind.UPDATE, "fc.bias"));
        Hooks.Scope b = hooks.add(noting(Kind.PARAMETER, "fc.bias"));
        Hooks.Scope c = hooks.add(noting(Kind.GRADIENT, "layer4"));
        Hooks.Scope d = hooks.add(noting(Kind.ACTIVATION, "layer4").every(2))) {
      for (int i = 0; i < 2; i++) {
        step(trainer);
      }
    }
    step(trainer);
    assertThat(calls)
        .containsExactly(
            "ACTIVATION layer4@0",
            "PARAMETER fc.bias@0",
            "GRADIENT layer4@0",
            "UPDATE fc.bias@0",
            "PARAMETER fc.bias@1",
            "GRADIENT layer4@1",
            "UPDATE fc.bias@1");
  }

  @Test
  void watchingChangesNoBitOfTheWeights() {
    try (Network bare = network();
        Hooks.Scope all =
            hooks.add(Hook.of(Kind.ACTIVATION, "**", view -> sum(view.summary(plain()).norm())));
        Hooks.Scope updates =
            hooks.add(Hook.of(Kind.UPDATE, "**.weight", view -> sum(view.logRatio())))) {
      Trainer other = trainer(bare);
      for (int i = 0; i < 3; i++) {
        step(trainer);
        step(other);
      }
      bare.parameters()
          .forEach(
              (name, values) ->
                  assertThat(HostCopy.floats(network.parameters().get(name)))
                      .as(name)
                      .isEqualTo(HostCopy.floats(values)));
    }
  }

  private static Measure plain() {
    return Measure.plain();
  }

  private static void sum(double value) {
    assertThat(value).isFinite();
  }

  @Test
  void anUpdateOfPlainDescentIsTheRateTimesTheGradient() {
    double[] norms = new double[2];
    try (Hooks.Scope a =
            hooks.add(
                Hook.of(
                    Kind.PARAMETER, "conv1.weight", v -> norms[0] = v.summary(plain()).norm()));
        Hooks.Scope b =
            hooks.add(
                Hook.of(
                    Kind.UPDATE,
                    "conv1.weight",
                    v ->
                        norms[1] =
                            Math.pow(10, v.logRatio())
                                * Tally.norm(HostCopy.floats(v.parameter()))))) {
      step(trainer);
    }
    assertThat(norms[1]).isCloseTo(RATE * norms[0], within(1e-3 * RATE * norms[0]));
  }

  /** Clipped or not, and by a rule that scales the step of a whole tensor. */
  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "false, true"})
  void normsOfAnUpdateAreThoseOfTheArrays(boolean clips, boolean layerwise) {
    Map<String, UpdateNorms> found = new HashMap<>();
    Map<String, Double> gradients = new HashMap<>();
    Map<String, UpdateNorms> right = new HashMap<>();
    Rule rule = layerwise ? new Lamb(0.9, 0.999, 1e-6) : new Sgd(0);
    Optimizer optimizer =
        new Optimizer(rule, network, ParameterGroups.alike(network.graph(), RATE, 0.01));
    trainer = new Trainer(network, CrossEntropy.plain(), optimizer, new StepDecay(100, 0.1), 1);
    trainer.hooks(hooks);
    if (clips) {
      trainer.clipNorm(0.1);
    }
    try (Hooks.Scope a =
            hooks.add(
                Hook.of(
                    Kind.PARAMETER,
                    "**",
                    v -> gradients.put(v.name(), v.summary(plain()).norm())));
        Hooks.Scope b =
            hooks.add(
                Hook.of(
                    Kind.UPDATE,
                    "**.weight",
                    v ->
                        right.put(
                            v.name(),
                            new UpdateNorms(
                                v.parameterNorm(),
                                gradients.get(v.name()),
                                v.summary(plain()).norm()))));
        Hooks.Scope c =
            hooks.add(Hook.of(Kind.NORMS, "**.weight", v -> found.put(v.name(), v.norms())))) {
      step(trainer);
      step(trainer);
    }
    assertThat(found.keySet()).isEqualTo(right.keySet()).contains("conv1.weight", "fc.weight");
    found.forEach(
        (name, norms) -> {
          UpdateNorms those = right.get(name);
          assertThat(norms.parameter()).as(name).isEqualTo(those.parameter());
          close(name, norms.gradient(), those.gradient());
          close(name, norms.update(), those.update());
          assertThat(norms.logRatio()).isCloseTo(those.logRatio(), within(1e-6));
        });
  }

  private static void close(String what, double found, double right) {
    assertThat(found).as(what).isCloseTo(right, within(1e-6 * right));
  }

  @Test
  void ofNormsThereAreNoValues() {
    try (Hooks.Scope scope = hooks.add(Hook.of(Kind.NORMS, "fc.bias", View::array))) {
      assertThatThrownBy(() -> step(trainer))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("of the update of fc.bias there are norms, no values");
    }
  }

  @Test
  void anUpdateIsDoneThoughAHookOnItsNormsThrows() {
    try (Network bare = network()) {
      Trainer other = trainer(bare);
      Hook throwing =
          Hook.of(
              Kind.NORMS,
              "fc.bias",
              view -> {
                throw new IllegalStateException("enough");
              });
      try (Hooks.Scope scope = hooks.add(throwing)) {
        assertThatThrownBy(() -> step(trainer)).hasMessage("enough");
      }
      step(trainer);
      step(other);
      step(other);
      assertThat(trainer.updates()).isEqualTo(2);
      assertThat(hooks.step()).isEqualTo(2);
      assertThat(HostCopy.floats(network.parameters().get("fc.weight")))
          .isEqualTo(HostCopy.floats(bare.parameters().get("fc.weight")));
    }
  }

  @Test
  void goesOnAtTheStepOfARestoredTrainer() {
    try (Hooks.Scope every = hooks.add(noting(Kind.UPDATE, "fc.bias").every(5))) {
      trainer.restore(4);
      for (int i = 0; i < 3; i++) {
        step(trainer);
      }
    }
    assertThat(calls).containsExactly("UPDATE fc.bias@5");
  }
}
