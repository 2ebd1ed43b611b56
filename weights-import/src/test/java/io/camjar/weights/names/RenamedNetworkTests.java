package io.camjar.weights.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.model.resnet.LayeredHead;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.ReLU;
import io.camjar.weights.names.part.BodyNames;
import io.camjar.weights.tensor.TensorEntry;
import io.camjar.weights.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same ResNets under the names that other code gives them: every tensor finds its place. */
class RenamedNetworkTests {
  static final Map<String, UnaryOperator<String>> NAMES =
      Map.ofEntries(
          Map.entry("numbered", name -> "features." + numbered(name)),
          Map.entry("numbered-stem-nested", RenamedNetworkTests::nestedStem),
          Map.entry("layer0", RenamedNetworkTests::layer0),
          Map.entry("hugging-face", RenamedNetworkTests::huggingFace),
          Map.entry("shortcut", name -> name.replace(".downsample.", ".shortcut.")),
          Map.entry("sequential-branch", RenamedNetworkTests::branches),
          Map.entry("nested-norms", RenamedNetworkTests::nestedNorms),
          Map.entry("compiled-stage", name -> name.replace("layer2.", "layer2._orig_mod.")),
          Map.entry("parallel-stages", name -> name.replaceFirst("^(layer\\d)", "$1.module")),
          Map.entry("detection", name -> "backbone.body." + name),
          Map.entry("stages", name -> name.replaceFirst("^layer(\\d)", "trunk.stage_$1.blocks")));

  @ParameterizedTest
  @CsvSource({
    "numbered, resnet18",
    "numbered, resnet50",
    "numbered-stem-nested, resnet34",
    "layer0, resnet18",
    "layer0, resnet50",
    "hugging-face, resnet18",
    "hugging-face, resnet50",
    "hugging-face, resnet101",
    "shortcut, resnet18",
    "shortcut, resnet50",
    "sequential-branch, resnet18",
    "sequential-branch, resnet50",
    "nested-norms, resnet18",
    "compiled-stage, resnet34",
    "parallel-stages, resnet18",
    "detection, resnet18",
    "stages, resnet50"
  })
  void isTheSameNetwork(String names, String architecture) {
    ResNetSpec spec = ResNetSpec.named(architecture, new LinearHead(7));
    assertEveryTensorInItsPlace(spec, NAMES.get(names));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hugging-face", "shortcut", "layer0"})
  void wideBottlenecksAreToldToo(String names) {
    ResNetSpec wide = ResNetSpec.named("resnet50", new LinearHead(7)).withInnerWidth(128);
    assertEveryTensorInItsPlace(wide, NAMES.get(names));
  }

  private static void assertEveryTensorInItsPlace(ResNetSpec spec, UnaryOperator<String> rename) {
    Map<String, String> sources = new LinkedHashMap<>();
    spec.parameterShapes().keySet().forEach(name -> sources.put(rename.apply(name), name));
    assertThat(sources).hasSameSizeAs(spec.parameterShapes());
    for (List<String> order : orders(new ArrayList<>(sources.keySet()))) {
      Map<String, long[]> shapes = new LinkedHashMap<>();
      order.forEach(name -> shapes.put(name, spec.parameterShapes().get(sources.get(name))));
      Recognised found = Recognition.of(Tensors.repeated(shapes), Map.of());
      assertThat(found.fault()).isEmpty();
      assertThat(found.resnet().orElseThrow().parameterShapes().keySet())
          .isEqualTo(spec.parameterShapes().keySet());
      Map<String, String> placed = new TreeMap<>();
      found.rows().forEach(row -> placed.put(row.source(), row.target()));
      assertThat(placed).isEqualTo(new TreeMap<>(sources));
      assertThat(found.tensors().entries().stream().map(TensorEntry::name))
          .containsExactlyElementsOf(spec.parameterShapes().keySet());
    }
  }

  /** As modules register them, as safetensors sorts them, and any. */
  private static List<List<String>> orders(List<String> names) {
    List<String> sorted = names.stream().sorted().toList();
    List<String> shuffled = new ArrayList<>(names);
    Collections.shuffle(shuffled, new Random(5));
    return List.of(names, sorted, shuffled);
  }

  @Test
  void whatWasToldByShapesIsSaid() {
    ResNetSpec spec = ResNetSpec.named("resnet18", new LinearHead(7));
    Map<String, long[]> shapes = new LinkedHashMap<>();
    spec.parameterShapes().forEach((name, s) -> shapes.put(huggingFace(name), s));
    Recognised found = Recognition.of(Tensors.repeated(shapes), Map.of());
    assertThat(found.style()).isEqualTo("huggingface");
    assertThat(found.assumptions())
        .singleElement()
        .satisfies(
            one ->
                assertThat(one.note())
                    .contains("resnet.embedder.embedder.convolution as conv1")
                    .contains("resnet.encoder.stages.3.layers.0.layer.0.convolution as layer4.0"));
  }

  @Test
  void aRowOfLayersKeepsItsNumbers() {
    ResNetSpec spec = ResNetSpec.named("resnet18", new LinearHead(7));
    Map<String, long[]> shapes = spec.parameterShapes();
    shapes.remove("fc.weight");
    shapes.remove("fc.bias");
    shapes.put("classifier.1.weight", new long[] {20, 512});
    shapes.put("classifier.1.bias", new long[] {20});
    shapes.put("classifier.4.weight", new long[] {3, 20});
    Recognised found = Recognition.of(Tensors.repeated(shapes), Map.of());
    assertThat(found.fault()).isEmpty();
    LayeredHead head = (LayeredHead) found.resnet().orElseThrow().head();
    assertThat(head.layers())
        .containsExactly(
            new Dropout(0.25),
            new Linear(512, 20, true),
            new ReLU(),
            new Dropout(0.5),
            new Linear(20, 3, false));
    assertThat(found.assumptions().get(0).note())
        .isEqualTo(
            "'classifier.4' has no bias; a ReLU and a dropout between 'classifier.1' and"
                + " 'classifier.4'");
  }

  private static String numbered(String name) {
    for (Map.Entry<Integer, String> child : BodyNames.CHILDREN.entrySet()) {
      if (name.startsWith(child.getValue() + ".")) {
        return child.getKey() + name.substring(child.getValue().length());
      }
    }
    return name;
  }

  private static String nestedStem(String name) {
    String nested = name.replaceFirst("^conv1\\.", "0.0.").replaceFirst("^bn1\\.", "0.1.");
    return "encoder." + nested.replaceFirst("^layer(\\d)", "$1");
  }

  private static String layer0(String name) {
    return name.replaceFirst("^conv1\\.", "layer0.0.").replaceFirst("^bn1\\.", "layer0.1.");
  }

  private static String huggingFace(String name) {
    if (name.startsWith("fc.")) {
      return name.replace("fc.", "classifier.1.");
    }
    String[] parts = name.split("\\.");
    if (parts.length == 2) {
      String kind = parts[0].equals("conv1") ? "convolution" : "normalization";
      return "resnet.embedder.embedder." + kind + "." + parts[1];
    }
    String block =
        "resnet.encoder.stages.%d.layers.%s."
            .formatted(Integer.parseInt(parts[0].substring(5)) - 1, parts[1]);
    if (parts[2].equals("downsample")) {
      String kind = parts[3].equals("0") ? "convolution" : "normalization";
      return block + "shortcut." + kind + "." + parts[4];
    }
    int number = Integer.parseInt(parts[2].substring(parts[2].length() - 1)) - 1;
    String kind = parts[2].startsWith("conv") ? "convolution" : "normalization";
    return block + "layer." + number + "." + kind + "." + parts[3];
  }

  /** A block's branch as {@code Sequential(conv, norm, relu, conv, norm)}. */
  private static String branches(String name) {
    String moved = name;
    for (int i = 1; i <= 3; i++) {
      moved = moved.replace(".conv" + i + ".", ".residual." + 3 * (i - 1) + ".");
      moved = moved.replaceFirst("(layer.*)\\.bn" + i + "\\.", "$1.residual." + (3 * i - 2) + ".");
    }
    return moved.replace(".downsample.", ".skip.");
  }

  private static String nestedNorms(String name) {
    String moved = name.replaceFirst("(layer.*)\\.bn(\\d)\\.", "$1.conv$2.norm.");
    return moved
        .replace(".downsample.0.", ".shortcut.")
        .replace(".downsample.1.", ".shortcut.norm.");
  }
}
