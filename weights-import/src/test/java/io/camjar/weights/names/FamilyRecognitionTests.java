package io.camjar.weights.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.family.Families;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.module.SavedModule;
import io.camjar.weights.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks besides the ResNets are told by all their names and shapes, or refused by name. */
class FamilyRecognitionTests {
  private static final Architecture MOBILENET = Families.named("mobilenet_v2", 7);

  static List<String> members() {
    return Families.all().stream().map(family -> family.names().get(0)).toList();
  }

  @ParameterizedTest
  @MethodSource("members")
  void isKnownByItsTensorsWhateverStandsBeforeThem(String name) {
    Architecture member = Families.named(name, 7);
    for (String prefix : List.of("", "module.", "model.backbone.")) {
      Map<String, long[]> shapes = renamed(member.parameterShapes(), key -> prefix + key);
      Recognised found = recognise(shapes).orElseThrow();
      assertThat(found.fault()).isEmpty();
      assertThat(found.architecture()).contains(member);
      assertThat(found.tensors().names())
          .containsExactlyElementsOf(member.parameterShapes().keySet());
    }
  }

  @Test
  void theCountersOfBatchNormsAreLeftOut() {
    Map<String, long[]> shapes = new LinkedHashMap<>(MOBILENET.parameterShapes());
    shapes.put("features.0.1.num_batches_tracked", new long[0]);
    assertThat(recognise(shapes).orElseThrow().fault()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("members")
  void aTensorThatTheNetworkHasNotIsRefusedByName(String name) {
    Map<String, long[]> shapes = new LinkedHashMap<>(Families.named(name, 7).parameterShapes());
    shapes.put("attention.gate.weight", new long[] {7, 7});
    assertThat(fault(shapes))
        .startsWith("is named as " + name)
        .contains("has the tensor 'attention.gate.weight', which camjar's ");
  }

  @Test
  void aMissingTensorAndOneOfAnotherShapeAreNamed() {
    Map<String, long[]> missing = new LinkedHashMap<>(MOBILENET.parameterShapes());
    missing.remove("features.3.conv.1.0.weight");
    assertThat(fault(missing))
        .isEqualTo(
            "is named as mobilenet_v2, but lacks the tensor 'features.3.conv.1.0.weight' of shape"
                + " [144, 1, 3, 3]");
    Map<String, long[]> other = new LinkedHashMap<>(MOBILENET.parameterShapes());
    other.put("features.3.conv.1.0.weight", new long[] {144, 1, 5, 5});
    assertThat(fault(other))
        .contains("in the wrong shape: expected [144, 1, 3, 3], found [144, 1, 5, 5]");
  }

  @Test
  void torchvisionsNamesOfAVisionTransformerAreTimmsUnderOtherWords() {
    Map<String, long[]> timm = Families.named("vit_tiny_patch16_224", 7).parameterShapes();
    Map<String, long[]> torchvision =
        renamed(
            timm,
            key ->
                key.replaceFirst("^blocks\\.(\\d+)", "encoder.layers.encoder_layer_$1")
                    .replace(".norm1.", ".ln_1.")
                    .replace(".norm2.", ".ln_2.")
                    .replace(".attn.qkv.", ".self_attention.in_proj_")
                    .replace(".attn.proj.", ".self_attention.out_proj.")
                    .replace(".mlp.fc1.", ".mlp.0.")
                    .replace(".mlp.fc2.", ".mlp.3.")
                    .replaceFirst("^cls_token", "class_token")
                    .replaceFirst("^pos_embed", "encoder.pos_embedding")
                    .replaceFirst("^patch_embed\\.proj", "conv_proj")
                    .replaceFirst("^norm\\.", "encoder.ln.")
                    .replaceFirst("^head\\.", "heads.head."));
    Recognised found = recognise(torchvision).orElseThrow();
    assertThat(found.fault()).isEmpty();
    assertThat(found.style()).isEqualTo("torchvision");
    assertThat(found.tensors().names()).hasSameElementsAs(timm.keySet());
  }

  @Test
  void twoNamesOfOneParameterAreRefusedByBoth() {
    Map<String, long[]> shapes =
        new LinkedHashMap<>(Families.named("vit_tiny_patch16_224", 7).parameterShapes());
    shapes.put("class_token", shapes.get("cls_token"));
    assertThat(fault(shapes)).contains("has 'cls_token' and 'class_token' for one parameter");
  }

  @Test
  void whatTensorsDoNotShowIsSaid() {
    assertThat(recognise(MOBILENET.parameterShapes()).orElseThrow().assumptions())
        .extracting(one -> one.note())
        .containsExactly("pools and activations, which no tensor shows, are those of mobilenet_v2");
  }

  @Test
  void wholeModulesMustBeTheGraphsOperations() {
    Map<String, SavedModule> modules = new LinkedHashMap<>();
    modules.put(
        "features.0.0",
        SavedModule.of("torch.nn.modules.conv.Conv2d")
            .with("stride", List.of(2L, 2L))
            .with("padding", List.of(1L, 1L)));
    modules.put("features.0.2", SavedModule.of("torch.nn.modules.activation.ReLU6"));
    assertThat(fault(MOBILENET.parameterShapes(), modules)).isEmpty();
    modules.put("features.0.2", SavedModule.of("torch.nn.modules.activation.SiLU"));
    assertThat(fault(MOBILENET.parameterShapes(), modules).orElseThrow())
        .contains("'features.0.2' (SiLU) with class SiLU, expected ReLU6");
    modules.put("features.0.2", SavedModule.of("torch.nn.modules.activation.ReLU6"));
    modules.put(
        "features.0.0",
        SavedModule.of("torch.nn.modules.conv.Conv2d").with("stride", List.of(1L, 1L)));
    assertThat(fault(MOBILENET.parameterShapes(), modules).orElseThrow())
        .contains("'features.0.0' (Conv2d) with stride [1, 1], expected [2, 2]");
    modules.remove("features.0.0");
    modules.put("gate", SavedModule.of("torch.nn.modules.activation.Sigmoid"));
    assertThat(fault(MOBILENET.parameterShapes(), modules).orElseThrow())
        .contains("a layer of class torch.nn.modules.activation.Sigmoid at 'gate'");
  }

  @Test
  void classifiersThatOnlyTrainAreLeftOut() {
    Map<String, long[]> shapes =
        new LinkedHashMap<>(Families.named("googlenet", 7).parameterShapes());
    shapes.put("aux1.fc2.weight", new long[] {7, 1024});
    Recognised found = recognise(shapes).orElseThrow();
    assertThat(found.fault()).isEmpty();
    assertThat(found.rows())
        .filteredOn(row -> row.source().equals("aux1.fc2.weight"))
        .extracting(MappingRow::note)
        .containsExactly("a classifier that only trains");
    assertThat(found.assumptions().get(0).note()).contains("transform_input");
  }

  @Test
  void aBodyIsKnownInFrontOfALongClassifier() {
    Map<String, long[]> shapes = body("alexnet");
    for (int layer = 0; layer < 20; layer++) {
      shapes.put("classifier." + 2 * layer + ".weight", new long[] {8, layer == 0 ? 9216 : 8});
      shapes.put("classifier." + 2 * layer + ".bias", new long[] {8});
    }
    Recognised found = recognise(shapes).orElseThrow();
    assertThat(found.fault()).isEmpty();
    assertThat(found.architecture().map(Architecture::classes)).contains(8);
  }

  @Test
  void aChangedClassifierWithoutALinearLayerIsComparedWithThePublishedOne() {
    Map<String, SavedModule> modules = row("Dropout", "Conv2d", "ReLU", "AdaptiveAvgPool2d");
    modules.computeIfPresent("classifier.1", (path, conv) -> conv.with("stride", List.of(2L, 2L)));
    assertThat(fault(Families.named("squeezenet1_1", 7).parameterShapes(), modules).orElseThrow())
        .contains("'classifier.1' (Conv2d) with stride [2, 2], expected [1, 1]");
  }

  @Test
  void whyALayerOfAClassifierIsNotReadIsSaid() {
    Map<String, long[]> norm = body("densenet121");
    norm.put("classifier.0.weight", new long[] {8, 1024});
    norm.put("classifier.1.running_mean", new long[] {8});
    norm.put("classifier.1.running_var", new long[] {8});
    norm.put("classifier.2.weight", new long[] {7, 8});
    assertThat(fault(norm))
        .contains("the batch norm 'classifier.1' without a weight and a bias (affine=False)");
    assertThat(fault(norm, row("Linear", "BatchNorm1d", "Linear")).orElseThrow())
        .contains("BatchNorm1d at 'classifier.1', which camjar has in a head only with a weight");
    Map<String, long[]> slopes = body("densenet121");
    slopes.put("classifier.0.weight", new long[] {8, 1024});
    slopes.put("classifier.1.weight", new long[] {1});
    slopes.put("classifier.2.weight", new long[] {7, 8});
    assertThat(fault(slopes))
        .contains("'classifier.1' in its classifier, of tensors that do not tell what it computes");
  }

  private static Map<String, long[]> body(String name) {
    Map<String, long[]> shapes = new LinkedHashMap<>(Families.named(name, 7).parameterShapes());
    shapes.keySet().removeIf(key -> key.startsWith("classifier."));
    return shapes;
  }

  /** A classifier that was saved whole. */
  private static Map<String, SavedModule> row(String... classes) {
    Map<String, SavedModule> modules = new LinkedHashMap<>();
    List<String> children = new ArrayList<>();
    for (String one : classes) {
      String child = String.valueOf(children.size());
      children.add(child);
      modules.put("classifier." + child, SavedModule.of("torch.nn." + one));
    }
    modules.put("classifier", new SavedModule("torch.nn.Sequential", Map.of(), children));
    return modules;
  }

  @Test
  void namesOfNoFamilyAreNone() {
    assertThat(recognise(Map.of("encoder.weight", new long[] {3, 4}))).isEmpty();
  }

  private static Optional<Recognised> recognise(Map<String, long[]> shapes) {
    return FamilyRecognition.of(Tensors.repeated(shapes), Map.of());
  }

  private static String fault(Map<String, long[]> shapes) {
    return fault(shapes, Map.of()).orElseThrow();
  }

  private static Optional<String> fault(
      Map<String, long[]> shapes, Map<String, SavedModule> modules) {
    return FamilyRecognition.of(Tensors.repeated(shapes), modules)
        .orElseThrow()
        .fault()
        .map(Malformed::getMessage);
  }

  private static Map<String, long[]> renamed(
      Map<String, long[]> shapes, UnaryOperator<String> rename) {
    Map<String, long[]> renamed = new LinkedHashMap<>();
    shapes.forEach((name, shape) -> renamed.put(rename.apply(name), shape));
    return renamed;
  }
}
