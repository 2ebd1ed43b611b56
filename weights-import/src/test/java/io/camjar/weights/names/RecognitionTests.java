package io.camjar.weights.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.camjar.engine.model.resnet.BlockKind;
import io.camjar.engine.model.resnet.Gates;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.NoHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.model.resnet.SequentialHead;
import io.camjar.engine.model.resnet.Shortcut;
import io.camjar.engine.model.resnet.Stem;
import io.camjar.weights.names.MappingRow.Fate;
import io.camjar.weights.tensor.Tensors;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks of full size told from names and shapes alone; the tensors take no memory. */
class RecognitionTests {
  private static final ResNetSpec RESNET18 = ResNetSpec.named("resnet18", new LinearHead(7));

  @ParameterizedTest
  @ValueSource(strings = {"resnet18", "resnet34", "resnet50", "resnet101", "resnet152"})
  void tellsTheStandardNetworksUnderBothHeads(String name) {
    ResNetSpec linear = ResNetSpec.named(name, new LinearHead(1000));
    assertThat(recognise(linear.parameterShapes()).resnet()).contains(linear);
    for (NameStyle style : NameStyle.values()) {
      ResNetSpec v1 = linear.withHead(SequentialHead.fastai1(linear.features(), 37));
      ResNetSpec v2 = linear.withHead(SequentialHead.fastai2(linear.features(), 37));
      assertThat(recognise(renamed(v1.parameterShapes(), style::of)).resnet()).contains(v1);
      assertThat(recognise(renamed(v2.parameterShapes(), style::of)).resnet()).contains(v2);
    }
  }

  @Test
  void tellsTimmsVariants() {
    assertThat(timm("resnet26", BlockKind.BOTTLENECK, 2, new Stem.Conv7(), Shortcut.CONV)).isTrue();
    Stem deep = new Stem.Deep(32, 32);
    assertThat(timm("resnet26d", BlockKind.BOTTLENECK, 2, deep, Shortcut.AVG_POOL_CONV)).isTrue();
    assertThat(timm("resnet18d", BlockKind.BASIC, 2, deep, Shortcut.AVG_POOL_CONV)).isTrue();
    Stem tiered = new Stem.Deep(24, 32);
    assertThat(timm("resnet10t", BlockKind.BASIC, 1, tiered, Shortcut.AVG_POOL_CONV)).isTrue();
  }

  private static boolean timm(
      String name, BlockKind block, int depth, Stem stem, Shortcut shortcut) {
    ResNetSpec spec =
        new ResNetSpec(
            name,
            block,
            List.of(depth, depth, depth, depth),
            64,
            3,
            stem,
            shortcut,
            new LinearHead(1000));
    return recognise(spec.parameterShapes()).resnet().equals(Optional.of(spec));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "module.",
        "_orig_mod.",
        "model.",
        "backbone.",
        "encoder.",
        "net.",
        "module._orig_mod.model."
      })
  void stripsPrefixes(String prefix) {
    Recognised found = recognise(renamed(RESNET18.parameterShapes(), name -> prefix + name));
    assertThat(found.fault()).isEmpty();
    assertThat(found.prefix()).isEqualTo(prefix);
    assertThat(found.rows())
        .contains(new MappingRow(Fate.MAPPED, prefix + "conv1.weight", "conv1.weight", ""));
  }

  @Test
  void prefersTheUsualPrefixToAnotherNetworkBesideIt() {
    Map<String, long[]> both = renamed(RESNET18.parameterShapes(), name -> "model." + name);
    both.putAll(renamed(RESNET18.parameterShapes(), name -> "teacher." + name));
    assertThat(recognise(both).prefix()).isEqualTo("model.");
  }

  @Test
  void doesNotGuessBetweenTwoNetworks() {
    Map<String, long[]> both = renamed(RESNET18.parameterShapes(), name -> "query." + name);
    both.putAll(renamed(RESNET18.parameterShapes(), name -> "key." + name));
    assertThat(fault(both)).isEqualTo("holds 2 ResNets, under 'query.', 'key.'");
  }

  @Test
  void namesTheTensorThatIsMissing() {
    Map<String, long[]> shapes = RESNET18.parameterShapes();
    shapes.remove("layer2.1.bn1.weight");
    Recognised found = recognise(shapes);
    assertThat(found.fault().orElseThrow())
        .hasMessage("lacks the tensor 'layer2.1.bn1.weight' of shape [128]");
    assertThat(found.rows())
        .contains(new MappingRow(Fate.MISSING, "", "layer2.1.bn1.weight", "expected [128]"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"conv1.weight", "bn1.bias", "layer1.0.conv1.weight", "layer1.0.bn1.running_var"})
  void everyOtherMissingTensorIsNamedToo(String name) {
    Map<String, long[]> shapes = RESNET18.parameterShapes();
    shapes.remove(name);
    assertThat(fault(shapes)).startsWith("lacks the tensor '" + name + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"conv1.weight", "layer1.0.conv1.weight", "layer4.1.bn2.weight", "bn1.weight"})
  void namesTheTensorOfTheWrongShapeWithBothShapes(String name) {
    Map<String, long[]> shapes = RESNET18.parameterShapes();
    long[] wrong = shapes.get(name).clone();
    wrong[0]++;
    shapes.put(name, wrong);
    assertThat(fault(shapes))
        .startsWith("has the tensor '" + name + "' in the wrong shape: expected [")
        .contains("], found [" + wrong[0]);
  }

  @Test
  void countersAreIgnoredButPlaced() {
    Map<String, long[]> shapes = RESNET18.parameterShapes();
    shapes.put("bn1.num_batches_tracked", new long[0]);
    assertThat(recognise(shapes).rows())
        .contains(
            new MappingRow(
                Fate.IGNORED,
                "bn1.num_batches_tracked",
                "bn1.num_batches_tracked",
                "counts training steps"));
  }

  @Test
  void whatWouldChangeTheResultIsNotIgnored() {
    Map<String, long[]> shapes = RESNET18.parameterShapes();
    shapes.put("layer1.0.se.fc1.weight", new long[] {4, 64, 1, 1});
    assertThat(fault(shapes))
        .isEqualTo(
            "has the tensor 'layer1.0.se.fc1.weight', by its name part of an attention module, which"
                + " camjar's ResNets do not have");
  }

  @Test
  void whatLiesBesideTheNetworkIsIgnored() {
    Map<String, long[]> shapes = renamed(RESNET18.parameterShapes(), name -> "model." + name);
    shapes.put("criterion.weight", new long[] {7});
    Recognised found = recognise(shapes);
    assertThat(found.fault()).isEmpty();
    assertThat(found.rows())
        .contains(new MappingRow(Fate.IGNORED, "criterion.weight", "", "part of a loss"));
  }

  @Test
  void groupedNetworksAreNamedAndWideOnesTold() {
    ResNetSpec resnet50 = ResNetSpec.named("resnet50", new LinearHead(10));
    for (String name : List.of("resnext50_32x4d", "seresnet18", "seresnext50_32x4d")) {
      ResNetSpec named = ResNetSpec.named(name, new LinearHead(10));
      Recognised grouped = recognise(named.parameterShapes());
      assertThat(grouped.fault()).as(name).isEmpty();
      assertThat(grouped.resnet()).contains(named);
      String linear = "layer1.0.se.fc.0.weight";
      assertThat(named.parameterShapes()).doesNotContainKey(linear);
    }
    Gates linear = new Gates(Gates.Kind.LINEAR, List.of(16, 32, 64, 128));
    assertThat(
            recognise(resnet50.withGates(linear).parameterShapes()).resnet().orElseThrow().gates())
        .isEqualTo(linear);
    Recognised wide = recognise(resnet50.withInnerWidth(128).parameterShapes());
    assertThat(wide.fault()).isEmpty();
    ResNetSpec found = wide.resnet().orElseThrow();
    assertThat(found.name()).isEqualTo("wide_resnet50_2");
    assertThat(found.innerChannels(4)).isEqualTo(1024);
    assertThat(found.features()).isEqualTo(2048);
  }

  @Test
  void otherNetworksAreNamedByTheirFirstTensors() {
    assertThat(fault(Map.of("features.0.weight", new long[] {64, 3, 3, 3})))
        .contains("holds no ResNet")
        .contains("features.0.weight");
  }

  @Test
  void aBodyWithoutAClassifierScoresNoClasses() {
    Map<String, long[]> shapes = RESNET18.parameterShapes();
    shapes.remove("fc.weight");
    shapes.remove("fc.bias");
    assertThat(recognise(shapes).fault()).isEmpty();
    assertThat(recognise(shapes).resnet()).contains(RESNET18.withHead(new NoHead()));
  }

  @Test
  void aHundredThousandForeignTensorsAreRefusedInTime() {
    Map<String, long[]> shapes = RESNET18.parameterShapes();
    for (int i = 0; i < 100_000; i++) {
      shapes.put("layer1.0.extra" + i, new long[] {1});
    }
    assertThat(assertTimeoutPreemptively(Duration.ofSeconds(20), () -> recognise(shapes)).rows())
        .filteredOn(row -> row.fate() == Fate.REFUSED)
        .hasSize(100_000);
  }

  private static Recognised recognise(Map<String, long[]> shapes) {
    return Recognition.of(Tensors.repeated(shapes), Map.of());
  }

  private static String fault(Map<String, long[]> shapes) {
    return recognise(shapes).fault().orElseThrow().getMessage();
  }

  private static Map<String, long[]> renamed(
      Map<String, long[]> shapes, UnaryOperator<String> rename) {
    Map<String, long[]> renamed = new LinkedHashMap<>();
    shapes.forEach((name, shape) -> renamed.put(rename.apply(name), shape));
    return renamed;
  }
}
