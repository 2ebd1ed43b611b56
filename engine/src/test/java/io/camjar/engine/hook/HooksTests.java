package io.camjar.engine.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.camjar.engine.UnknownNameException;
import io.camjar.engine.hook.Hook.Kind;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.run.Gradients;
import io.camjar.engine.run.Request;
import io.camjar.engine.run.Trace;
import io.camjar.engine.statistics.Measure;
import io.camjar.engine.statistics.Summary;
import io.camjar.engine.statistics.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Hooks see what they name at the steps that they ask for, as long as their scope is open. */
class HooksTests {
  private final List<String> calls = new ArrayList<>();
  private Network network;
  private Hooks hooks;

  @BeforeEach
  void build() {
    ResNetSpec spec = ResNetSpec.named("resnet18", new LinearHead(3)).withWidth(4);
    network = Network.of(spec, new SyntheticParameters());
    hooks = new Hooks(network);
  }

  @AfterEach
  void free() {
    network.close();
  }

  private Hook noting(Kind kind, String pattern) {
    return Hook.of(kind, pattern, view -> calls.add(view.name() + "@" + view.step()));
  }

  private float[] step() {
    try (INDArray x = SyntheticInput.images("hooks", 2, 3, 33, 33);
        Trace trace =
            network.traceTraining(
                x, hooks.request(Request.training()), new SplittableRandom(1), hooks);
        INDArray seed = HostCopy.array(new float[] {1, 0, 0, 0, 1, 0}, 2, 3);
        Gradients gradients = network.backward(trace, seed)) {
      hooks.update(
          parameters ->
              parameters.get("fc.weight").subi(gradients.parameter("fc.weight").mul(0.01)));
      hooks.advance();
      return HostCopy.floats(trace.logits());
    }
  }

  @Test
  void aPatternNamesPointsInTheOrderTheyAreComputed() {
    try (Hooks.Scope scope = hooks.add(noting(Kind.ACTIVATION, "layer1.*.conv*"))) {
      step();
    }
    assertThat(calls)
        .containsExactly(
            "layer1.0.conv1@0", "layer1.0.conv2@0", "layer1.1.conv1@0", "layer1.1.conv2@0");
  }

  /** Of the two parts' gradients the sum is the gradient at the block's start. */
  @Test
  void partsOfABlockAreSeenApart() {
    float[][] seen = new float[3][];
    try (Hooks.Scope a =
            hooks.add(Hook.of(Kind.BRANCH, "layer3.1.*", view -> seen[0] = values(view)));
        Hooks.Scope b =
            hooks.add(Hook.of(Kind.SHORTCUT, "layer3.1.*", view -> seen[1] = values(view)));
        Hooks.Scope c =
            hooks.add(Hook.of(Kind.GRADIENT, "layer3.0", view -> seen[2] = values(view)))) {
      step();
    }
    for (int i = 0; i < seen[2].length; i++) {
      assertThat(seen[0][i] + seen[1][i]).isCloseTo(seen[2][i], within(1e-6f));
    }
    assertThat(seen[0]).isNotEqualTo(seen[1]);
  }

  private static float[] values(View view) {
    try (INDArray array = view.array()) {
      return HostCopy.floats(array);
    }
  }

  @Test
  void gradientsComeFromTheEnd() {
    try (Hooks.Scope scope = hooks.add(noting(Kind.GRADIENT, "layer*.1"))) {
      step();
    }
    assertThat(calls).containsExactly("layer4.1@0", "layer3.1@0", "layer2.1@0", "layer1.1@0");
  }

  @Test
  void everyThirdStepIsEveryThirdStepAndNoneAfterTheScope() {
    try (Hooks.Scope scope = hooks.add(noting(Kind.ACTIVATION, "stem").every(3))) {
      for (int i = 0; i < 5; i++) {
        step();
      }
    }
    for (int i = 0; i < 3; i++) {
      step();
    }
    assertThat(calls).containsExactly("stem@0", "stem@3");
  }

  @Test
  void learningOnlyLeavesOutWhatHasNoParameters() {
    Hook all = noting(Kind.ACTIVATION, "layer1.0.*");
    try (Hooks.Scope scope = hooks.add(all.learningOnly())) {
      step();
    }
    assertThat(calls).doesNotContain("layer1.0.relu1@0", "layer1.0.add@0").hasSize(4);
  }

  @Test
  void updatesAndParametersAreShownWithTheParameter() {
    List<Double> ratios = new ArrayList<>();
    Hook update = Hook.of(Kind.UPDATE, "fc.weight", view -> ratios.add(view.logRatio()));
    Hook gradient =
        Hook.of(
            Kind.PARAMETER,
            "fc.weight",
            view -> ratios.add(view.summary(Measure.plain()).norm() * 0.01));
    float[] before = HostCopy.floats(network.parameters().get("fc.weight"));
    try (Hooks.Scope one = hooks.add(update);
        Hooks.Scope two = hooks.add(gradient)) {
      step();
    }
    double norm = Tally.norm(before);
    assertThat(Math.pow(10, ratios.get(1)) * norm)
        .isCloseTo(ratios.get(0), within(1e-4 * ratios.get(0)));
  }

  @Test
  void aHookThatSaysSoReplaces() {
    Hook clears =
        Hook.of(
            Kind.ACTIVATION,
            "layer4.1",
            view -> {
              try (INDArray values = view.array()) {
                view.replace(values.muli(0));
              }
            });
    assertThatThrownBy(
            () -> {
              try (Hooks.Scope scope = hooks.add(clears)) {
                step();
              }
            })
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("replacing()");
    float[] bias = HostCopy.floats(network.parameters().get("fc.bias"));
    try (Hooks.Scope scope = hooks.add(clears.replacing())) {
      assertThat(step()).startsWith(bias);
    }
  }

  /** Where the same values are seen again, or those behind a ReLU, nothing is summed up anew. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void summariesAreThoseOfTheValuesThatAreShown(boolean replaced) {
    Hook.Look compares =
        view -> {
          Summary found = view.summary(Measure.full());
          try (INDArray array = view.array()) {
            Summary right = Tally.of(HostCopy.doubles(array), Measure.full(), array.shape());
            assertThat(found.histogram()).as(view.name()).isEqualTo(right.histogram());
            assertThat(found.nearZero()).as(view.name()).isEqualTo(right.nearZero());
            assertThat(found.norm()).isCloseTo(right.norm(), within(1e-5 * right.norm()));
          }
          calls.add(view.name());
        };
    Hook.Look halves =
        view -> {
          try (INDArray array = view.array()) {
            view.replace(array.muli(0.5));
          }
        };
    for (Kind kind : List.of(Kind.ACTIVATION, Kind.GRADIENT, Kind.BRANCH, Kind.SHORTCUT)) {
      hooks.add(Hook.of(kind, "**", compares));
      if (replaced) {
        hooks.add(Hook.of(kind, "**", halves).replacing());
        hooks.add(Hook.of(kind, "**", compares));
      }
    }
    step();
    assertThat(calls).contains("layer1.0.relu1", "layer1.0.add", "layer1.0.bn2", "layer4.1.add");
  }

  /** Behind an input that was summed up and then replaced, the ReLU is that of the new input. */
  @Test
  void aReluBehindAReplacedInputIsSummedUpAnew() {
    double[] norms = new double[2];
    Hook watchesInput = Hook.of(Kind.ACTIVATION, "layer1.0.bn1", view -> norms[0] = norm(view));
    Hook watches = Hook.of(Kind.ACTIVATION, "layer1.0.relu1", view -> norms[1] = norm(view));
    Hook halves =
        Hook.of(
                Kind.ACTIVATION,
                "layer1.0.bn1",
                view -> {
                  try (INDArray array = view.array()) {
                    view.replace(array.muli(0.5));
                  }
                })
            .replacing();
    try (Hooks.Scope a = hooks.add(watchesInput);
        Hooks.Scope b = hooks.add(watches)) {
      step();
    }
    double whole = norms[1];
    try (Hooks.Scope a = hooks.add(watchesInput);
        Hooks.Scope b = hooks.add(halves);
        Hooks.Scope c = hooks.add(watches)) {
      step();
    }
    assertThat(norms[1]).isCloseTo(whole / 2, within(1e-5 * whole));
  }

  private static double norm(View view) {
    return view.summary(Measure.full()).norm();
  }

  @Test
  void anUnknownNameIsRefusedWithTheNearest() {
    assertThatThrownBy(() -> hooks.add(noting(Kind.ACTIVATION, "layer4.9")))
        .isInstanceOf(UnknownNameException.class)
        .hasMessageContaining("layer4");
  }
}
