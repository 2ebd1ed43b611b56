package io.camjar.weights.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.model.resnet.BlockKind;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.model.resnet.SequentialHead;
import io.camjar.engine.model.resnet.Shortcut;
import io.camjar.engine.model.resnet.Stem;
import io.camjar.weights.names.MappingRow.Fate;
import io.camjar.weights.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * A tensor that is added to a network, under any name and of any shape, is refused, computed or
 * named among those that are ignored, and then for a reason.
 */
class NothingIgnoredProperties {
  private static final ResNetSpec SPEC =
      ResNetSpec.named("resnet18", new LinearHead(7)).withWidth(4);

  private static final List<String> LAYOUTS =
      List.of("timm", "fastai1", "fastai2", "hugging-face", "numbered");

  @Property(tries = 400)
  void whateverIsAddedIsAccountedFor(@ForAll("names") String name, @ForAll("shapes") long[] shape) {
    Map<String, long[]> shapes = SPEC.parameterShapes();
    if (shapes.putIfAbsent(name, shape) == null) {
      assertThat(silentlyIgnored(Recognition.of(Tensors.repeated(shapes), Map.of()), name))
          .as(name)
          .isFalse();
    }
  }

  @Property(tries = 100)
  void alsoUnderAPrefixAndUnderOtherNames(
      @ForAll("names") String name, @ForAll("shapes") long[] shape) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    SPEC.parameterShapes()
        .forEach((own, s) -> shapes.put("model.net." + own.replace("downsample", "skip"), s));
    if (shapes.putIfAbsent("model.net." + name, shape) == null) {
      Recognised found = Recognition.of(Tensors.repeated(shapes), Map.of());
      assertThat(silentlyIgnored(found, "model.net." + name)).as(name).isFalse();
    }
  }

  /** What timm, fastai 1 and 2, Hugging Face and numbered children call a network. */
  private static Map<String, long[]> layout(String name) {
    return switch (name) {
      case "timm" ->
          new ResNetSpec(
                  "resnet18d",
                  BlockKind.BASIC,
                  List.of(2, 2, 2, 2),
                  4,
                  3,
                  new Stem.Deep(2, 2),
                  Shortcut.AVG_POOL_CONV,
                  new LinearHead(7))
              .parameterShapes();
      case "fastai1" ->
          renamed(SPEC.withHead(SequentialHead.fastai1(SPEC.features(), 7)), NameStyle.FASTAI::of);
      case "fastai2" ->
          renamed(SPEC.withHead(SequentialHead.fastai2(SPEC.features(), 7)), NameStyle.FASTAI::of);
      default -> renamed(SPEC, RenamedNetworkTests.NAMES.get(name));
    };
  }

  private static Map<String, long[]> renamed(ResNetSpec spec, UnaryOperator<String> names) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    spec.parameterShapes().forEach((name, shape) -> shapes.put(names.apply(name), shape));
    return shapes;
  }

  @Example
  void everyLayoutIsReadAsItIs() {
    for (String layout : LAYOUTS) {
      assertThat(Recognition.of(Tensors.repeated(layout(layout)), Map.of()).fault())
          .as(layout)
          .isEmpty();
    }
  }

  @Property(tries = 500)
  void whateverIsAddedToAnyLayoutIsAccountedFor(
      @ForAll("layouts") String layout,
      @ForAll("names") String name,
      @ForAll("shapes") long[] shape) {
    Map<String, long[]> shapes = layout(layout);
    if (shapes.putIfAbsent(name, shape) == null) {
      assertThat(silentlyIgnored(Recognition.of(Tensors.repeated(shapes), Map.of()), name))
          .as(name + " in " + layout)
          .isFalse();
    }
  }

  /** Found by the property above, with names that chance seldom gives. */
  @Example
  void weightsOfAModuleThatHoldsNumberedOnesAreAccountedFor() {
    Map<String, long[]> shapes = layout("hugging-face");
    shapes.put("classifier.weight", new long[] {7, 32});
    Recognised found = Recognition.of(Tensors.repeated(shapes), Map.of());
    assertThat(found.fault().orElseThrow())
        .hasMessageContaining("'classifier' and in 'classifier.1' below it");
  }

  @Provide
  Arbitrary<String> layouts() {
    return Arbitraries.of(LAYOUTS);
  }

  /** The checker can fail: this is what recognition did before, for every name it did not know. */
  @Example
  void aTensorLeftOutWithoutAReasonIsNoticed() {
    Recognised found = Recognition.of(Tensors.repeated(SPEC.parameterShapes()), Map.of());
    assertThat(found.fault()).isEmpty();
    List<MappingRow> rows = new java.util.ArrayList<>(found.rows());
    rows.add(new MappingRow(Fate.IGNORED, "ca.fc1.weight", "", "not part of the network"));
    assertThat(silentlyIgnored(with(found, rows), "ca.fc1.weight")).isTrue();
    assertThat(silentlyIgnored(found, "ca.fc1.weight")).as("no verdict at all").isTrue();
    rows.set(rows.size() - 1, new MappingRow(Fate.IGNORED, "loss.weight", "", "part of a loss"));
    assertThat(silentlyIgnored(with(found, rows), "loss.weight")).isFalse();
  }

  private static Recognised with(Recognised found, List<MappingRow> rows) {
    return new Recognised(
        found.architecture(),
        found.body(),
        found.tensors(),
        found.style(),
        found.prefix(),
        rows,
        found.assumptions(),
        found.fault());
  }

  /** Whether the network runs without the tensor and nobody is told why. */
  private static boolean silentlyIgnored(Recognised found, String name) {
    if (found.fault().isPresent()) {
      return false;
    }
    Optional<MappingRow> row =
        found.rows().stream().filter(one -> one.source().equals(name)).findFirst();
    if (row.isEmpty()) {
      return true;
    }
    boolean computed = row.get().fate() == Fate.MAPPED && found.tensors().has(row.get().target());
    boolean told =
        row.get().fate() == Fate.IGNORED
            && (row.get().note().startsWith("part of a")
                || row.get().note().startsWith("a counter")
                || row.get().isCounter());
    return !computed && !told;
  }

  @Provide
  Arbitrary<String> names() {
    Arbitrary<String> part =
        Arbitraries.of(
            "fc",
            "head",
            "classifier",
            "layer1",
            "layer4",
            "layer5",
            "0",
            "1",
            "3",
            "se",
            "ca",
            "attn",
            "pool",
            "p",
            "bn",
            "norm",
            "neck",
            "bottleneck",
            "scale",
            "gamma",
            "alpha",
            "criterion",
            "loss",
            "train_acc",
            "metrics",
            "total",
            "mean",
            "std",
            "temperature",
            "queue",
            "proj",
            "conv1",
            "conv4",
            "weight",
            "bias",
            "running_mean",
            "module",
            "ema");
    Arbitrary<String> free = Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(8);
    return Combinators.combine(
            Arbitraries.oneOf(part, free).list().ofMinSize(0).ofMaxSize(3),
            Arbitraries.oneOf(Arbitraries.of("weight", "bias", "running_var"), part, free))
        .as((path, last) -> path.isEmpty() ? last : String.join(".", path) + "." + last);
  }

  @Provide
  Arbitrary<long[]> shapes() {
    return Arbitraries.of(
        new long[] {1},
        new long[] {},
        new long[] {32},
        new long[] {7},
        new long[] {7, 32},
        new long[] {2, 7},
        new long[] {32, 32},
        new long[] {3, 1, 1},
        new long[] {1, 3, 1, 1},
        new long[] {8, 32, 1, 1},
        new long[] {32, 32, 3, 3},
        new long[] {4, 3, 7, 7});
  }
}
