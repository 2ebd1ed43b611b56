package io.camjar.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.LayerShape;
import io.camjar.engine.model.family.Families;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.op.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplacedHeadTests {

  private static Map<String, Op> row(String module, int features) {
    Map<String, Op> row = new LinkedHashMap<>();
    row.put(module + ".0", new Linear(features, 7, true));
    row.put(module + ".1", new ReLU());
    row.put(module + ".2.0", new Linear(7, 4, false));
    return row;
  }

  @ParameterizedTest
  @CsvSource({
    "densenet121, classifier, 1024",
    "vgg11, classifier, 25088",
    "mobilenet_v2, classifier, 1280",
    "efficientnet_b0, classifier, 1280",
    "googlenet, fc, 1024",
    "regnet_y_400mf, fc, 440",
    "vit_tiny_patch16_224, head, 192"
  })
  void otherLayersStandInTheClassifiersPlace(String name, String module, int features) {
    Architecture published = Families.named(name, 1000);
    assertThat(ReplacedHead.moduleOf(published)).contains(module);

    ReplacedHead network = new ReplacedHead(published, module, row(module, features));
    Map<String, long[]> own = network.parameterShapes();
    Map<String, long[]> shared = published.parameterShapes();
    shared.keySet().removeIf(path -> path.startsWith(module + "."));

    assertThat(network.classes()).isEqualTo(4);
    assertThat(own).containsAllEntriesOf(Map.of(module + ".2.0.weight", new long[] {4, 7}));
    assertThat(own).hasSize(shared.size() + 3).containsKeys(shared.keySet().toArray(String[]::new));
    List<LayerShape> shapes = network.graph().layerShapes(Shape.of(1, 3, 224, 224));
    assertThat(shapes.get(shapes.size() - 1).output()).containsExactly(1, 4);
    assertThat(shapes)
        .extracting(LayerShape::path)
        .containsSubsequence(module + ".0", module + ".1", module + ".2.0", module + ".2", module)
        .containsAll(network.children());
    assertThat(network.blocks()).isEqualTo(published.blocks());
  }

  /** A layer that reads what a module puts out then reads the last layer of the row. */
  @Test
  void layersBehindTheModuleStay() {
    Architecture published = Families.named("squeezenet1_1", 10);
    Graph graph = published.graph().replacing("classifier", Map.of("classifier.0", new ReLU()));

    int logits = graph.outputs().get("logits");
    assertThat(graph.nodes().get(logits).path()).isEqualTo("flatten");
    int before = graph.nodes().get(logits).inputs().get(0);
    assertThat(graph.nodes().get(before).path()).isEqualTo("classifier.0");
    assertThat(graph.value("classifier")).isEqualTo(before);
  }

  @Test
  void severalExitsHaveNoClassifierToReplace() {
    String name =
        Families.names().stream().filter(one -> one.startsWith("msdnet")).findFirst().orElseThrow();

    assertThat(ReplacedHead.moduleOf(Families.named(name, 10))).isEmpty();
  }

  /** Layers that are called in another order compute something else. */
  @Test
  void twoAreTheSameIfTheirLayersAreInTheSameOrder() {
    Architecture published = Families.named("densenet121", 10);
    Map<String, Op> row = new LinkedHashMap<>();
    row.put("classifier.0", new Linear(1024, 1024, true));
    row.put("classifier.1", new Linear(1024, 1024, true));
    Map<String, Op> turned = new LinkedHashMap<>();
    turned.put("classifier.1", row.get("classifier.1"));
    turned.put("classifier.0", row.get("classifier.0"));
    ReplacedHead network = new ReplacedHead(published, "classifier", row);

    assertThat(network)
        .isEqualTo(new ReplacedHead(published, "classifier", new LinkedHashMap<>(row)))
        .hasSameHashCodeAs(new ReplacedHead(published, "classifier", row))
        .isNotEqualTo(new ReplacedHead(published, "classifier", turned));
  }

  @Test
  void aClassifierHasALinearLayer() {
    Architecture published = Families.named("densenet121", 10);
    assertThatThrownBy(
            () -> new ReplacedHead(published, "classifier", Map.of("classifier", new ReLU())))
        .isInstanceOf(CamjarException.class)
        .hasMessage("a classifier needs a linear layer, found none");
  }
}
