package io.camjar.weights.names.module;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.weights.Fixtures;
import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.container.Containers;
import io.camjar.weights.container.Contents;
import io.camjar.weights.module.EffectiveTensors;
import io.camjar.weights.module.SavedModule;
import io.camjar.weights.names.FamilyRecognition;
import io.camjar.weights.names.Recognised;
import io.camjar.weights.names.Recognition;
import io.camjar.weights.onnx.ExternalData;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Classes of somebody's own in networks saved whole, whose code is not in the file. Blocks are
 * written after published ones everywhere, and are taken for them. A layer may compute anything,
 * though it is called as PyTorch's is, and is refused wherever it stands, but where its name says
 * that it changes no value.
 */
class OwnClassTests {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wrappings/module-values-basic.pth",
        "wrappings/module-values-fastai.pth",
        "wrappings/module-ends-in-softmax.pth",
        "wrappings/module-neutral.pth",
        "replaced/resnet-silu-module.pth",
        "replaced/densenet-log_softmax-module.pth",
        "replaced/vgg-slot-log_softmax-module.pth",
        "replaced/convnext-slot-gelu-module.pth",
        "replaced/squeezenet-silu-module.pth",
        "replaced/mobilenet_v3-prelu_channels-module.pth"
      })
  void noLayerIsOfOne(String name) throws IOException {
    Contents contents = contents(name);
    assertThat(fault(contents, contents.modules())).isEmpty();
    List<String> silent = new ArrayList<>();
    TreeSet<String> classes = new TreeSet<>();
    contents
        .modules()
        .forEach(
            (path, module) -> {
              SavedModule own = of("__main__." + module.simpleName(), module);
              if (own.isLeaf() && own.isOwn() && !own.simpleName().endsWith("Loss")) {
                classes.add(module.simpleName());
                Map<String, SavedModule> others = new LinkedHashMap<>(contents.modules());
                others.put(path, own);
                if (!isRefused(contents, others, own.type())) {
                  silent.add(path + " " + module.simpleName());
                }
              }
            });

    assertThat(silent).isEmpty();
    assertThat(classes).contains("Conv2d").hasSizeGreaterThanOrEqualTo(5);
  }

  /** As many repositories have a {@code Flatten} or a {@code DropPath} of their own. */
  @ParameterizedTest
  @CsvSource({
    "wrappings/module-neutral.pth, 2",
    "replaced/densenet-log_softmax-module.pth, 1",
    "replaced/vgg-slot-log_softmax-module.pth, 2"
  })
  void butOfOneThatChangesNoValue(String name, int least) throws IOException {
    Contents contents = contents(name);
    Map<String, SavedModule> others = new LinkedHashMap<>(contents.modules());
    others.replaceAll(
        (path, module) -> {
          SavedModule own = of("__main__." + module.simpleName(), module);
          return own.isHarmless() ? own : module;
        });

    assertThat(others.values().stream().filter(SavedModule::isHarmless).count())
        .isGreaterThanOrEqualTo(least);
    assertThat(fault(contents, others)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wrappings/module-values-basic.pth",
        "replaced/densenet-gelu-module.pth",
        "replaced/mobilenet_v3-prelu_channels-module.pth"
      })
  void blocksAreTakenForPublishedOnes(String name) throws IOException {
    Contents contents = contents(name);
    Map<String, SavedModule> others = new LinkedHashMap<>();
    contents
        .modules()
        .forEach(
            (path, module) ->
                others.put(
                    path,
                    module.type().startsWith("torchvision.models.")
                        ? of("models.own." + module.simpleName(), module)
                        : module));

    assertThat(others).isNotEqualTo(contents.modules());
    assertThat(fault(contents, others)).isEmpty();
  }

  /** Such as {@code class Conv2d(nn.Conv2d)} with a dropout in it. */
  @ParameterizedTest
  @CsvSource({
    "wrappings/module-values-basic.pth, layer1.0.conv1, own.Conv2d",
    "wrappings/module-values-basic.pth, layer1.0.bn1, own.Scaled",
    "replaced/densenet-gelu-module.pth, features.conv0, own.Conv2d",
    "replaced/densenet-gelu-module.pth, features.relu0, own.Activation"
  })
  void aLayerIsNoBlockForHoldingOthers(String name, String path, String type) throws IOException {
    Contents contents = contents(name);
    Map<String, SavedModule> others = new LinkedHashMap<>(contents.modules());
    others.put(path, new SavedModule(type, others.get(path).values(), List.of("drop")));
    others.put(path + ".drop", SavedModule.of("torch.nn.modules.dropout.Dropout"));

    assertThat(isRefused(contents, others, type)).isTrue();
  }

  /** A file of TorchScript has the code, which is compared. */
  @Test
  void layersOfAScriptMayBe() throws IOException {
    Contents contents = contents("wrappings/module-values-basic.pth");
    Map<String, SavedModule> others = new LinkedHashMap<>(contents.modules());
    contents
        .modules()
        .forEach((path, module) -> others.put(path, of("__torch__.nets.ReLU", module)));
    others.keySet().removeIf(path -> !path.endsWith("relu"));

    assertThat(others).isNotEmpty();
    assertThat(fault(contents, others)).isEmpty();
  }

  private static boolean isRefused(
      Contents contents, Map<String, SavedModule> modules, String type) {
    return fault(contents, modules)
        .filter(why -> why.getMessage().contains("class " + type + " at '"))
        .isPresent();
  }

  private static SavedModule of(String type, SavedModule module) {
    return new SavedModule(type, module.values(), module.children());
  }

  private static Optional<Malformed> fault(Contents contents, Map<String, SavedModule> modules) {
    EffectiveTensors folded = EffectiveTensors.of(contents.tensors(), modules);
    Recognised resnet = Recognition.of(folded.tensors(), modules);
    return resnet.body().isPresent()
        ? resnet.fault()
        : FamilyRecognition.of(contents.tensors(), modules).orElseThrow().fault();
  }

  private static Contents contents(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(Fixtures.path("../" + name));
    return Containers.read(ByteRegion.wrap(bytes), ExternalData.none(), null);
  }
}
