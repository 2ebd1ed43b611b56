package io.camjar.weights.names.module;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.camjar.weights.Fixtures;
import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.container.Containers;
import io.camjar.weights.container.Contents;
import io.camjar.weights.module.EffectiveTensors;
import io.camjar.weights.module.SavedModule;
import io.camjar.weights.names.Recognised;
import io.camjar.weights.names.Recognition;
import io.camjar.weights.onnx.ExternalData;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every value of every layer of a network saved whole: what changes PyTorch's logits is followed or
 * refused by its name and place. {@code make_module_values.py} says what changes them.
 */
class ModuleValuesTests {
  private static final JsonNode VALUES = Fixtures.json("wrappings/module-values.json");

  /** Values that never matter to a forward: the network must run whatever they are. */
  private static final List<String> IRRELEVANT =
      List.of("momentum", "in_channels", "out_channels", "in_features", "out_features", "p");

  @ParameterizedTest
  @ValueSource(strings = {"module-values-basic.pth", "module-values-fastai.pth"})
  void whatChangesTheLogitsIsFollowedOrNamed(String name) throws IOException {
    Contents contents = contents(name);
    assertThat(recognise(contents, contents.modules()).fault()).isEmpty();
    List<String> silent = new ArrayList<>();
    int changing = 0;
    for (JsonNode row : VALUES.get(name)) {
      String path = row.get(0).asText();
      String attribute = row.get(1).asText();
      Optional<Malformed> fault =
          recognise(contents, changed(contents, path, attribute, row.get(2))).fault();
      if (row.get(3).asText().equals("changed")) {
        changing++;
        boolean named =
            fault
                .filter(f -> f.getMessage().contains("'" + path + "'"))
                .filter(f -> f.getMessage().contains(attribute))
                .isPresent();
        if (!named && !isFollowed(contents, path, attribute, row.get(2))) {
          silent.add(row.toString());
        }
      } else if (IRRELEVANT.contains(attribute)) {
        assertThat(fault).as(row.toString()).isEmpty();
      }
    }
    assertThat(silent).isEmpty();
    assertThat(changing).isGreaterThan(100);
  }

  /** The checker: a change that nobody looks at would be noticed. */
  @Test
  void aChangeThatIsNeitherFollowedNorNamedIsNoticed() throws IOException {
    Contents contents = contents("module-values-basic.pth");
    assertThat(
            isFollowed(
                contents, "conv1", "stride", JsonNodeFactory.instance.arrayNode().add(3).add(3)))
        .isFalse();
    assertThat(isFollowed(contents, "bn1", "eps", JsonNodeFactory.instance.numberNode(0.25)))
        .isTrue();
    assertThat(recognise(contents, Map.of()).fault()).isEmpty();
  }

  private static boolean isFollowed(
      Contents contents, String path, String attribute, JsonNode value) {
    EffectiveTensors before = EffectiveTensors.of(contents.tensors(), contents.modules());
    EffectiveTensors after =
        EffectiveTensors.of(contents.tensors(), changed(contents, path, attribute, value));
    return after.tensors().entries().stream()
        .anyMatch(
            tensor ->
                !Arrays.equals(
                    tensor.toFloats(),
                    before.tensors().find(tensor.name()).orElseThrow().toFloats()));
  }

  private static Map<String, SavedModule> changed(
      Contents contents, String path, String attribute, JsonNode value) {
    Map<String, SavedModule> modules = new LinkedHashMap<>(contents.modules());
    Map<String, Object> one = new HashMap<>(Map.of(attribute, plain(value)));
    modules.computeIfPresent(path, (p, module) -> module.with(attribute, one.get(attribute)));
    return modules;
  }

  private static Object plain(JsonNode value) {
    if (value.isArray()) {
      List<Object> items = new ArrayList<>();
      value.forEach(item -> items.add(plain(item)));
      return items;
    }
    if (value.isBoolean()) {
      return value.booleanValue();
    }
    if (value.isTextual()) {
      return value.textValue();
    }
    return value.isIntegralNumber() ? (Object) value.longValue() : (Object) value.doubleValue();
  }

  private static Recognised recognise(Contents contents, Map<String, SavedModule> modules) {
    return Recognition.of(EffectiveTensors.of(contents.tensors(), modules).tensors(), modules);
  }

  private static Contents contents(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(Fixtures.path("../wrappings/" + name));
    return Containers.read(ByteRegion.wrap(bytes), ExternalData.none(), null);
  }
}
