package io.camjar.weights.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.weights.tensor.StateDict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tensors of an ONNX model that only limit others. */
class BoundsTests {
  private static OnnxNode node(String operation, String output, String... inputs) {
    return new OnnxNode("", operation, "", List.of(inputs), List.of(output), Map.of());
  }

  private static OnnxGraph graph(OnnxNode... nodes) {
    return new OnnxGraph("g", List.of(nodes), StateDict.of(List.of()), List.of(), List.of());
  }

  @Test
  void limitsOfClipAndWhatPadPutsAround() {
    OnnxGraph graph =
        graph(
            node("Conv", "a", "image", "weight"),
            node("Clip", "b", "a", "low", "high"),
            node("Pad", "c", "b", "pads", "around"),
            node("Clip", "y", "c", "", "high"));

    assertThat(graph.bounds()).contains("low", "high", "around");
    assertThat(graph.bounds()).doesNotContain("weight", "pads", "image", "a");
  }

  /** Exporters share constants through Identity, and give them another type or shape. */
  @Test
  void limitsThroughOtherNodes() {
    OnnxGraph graph =
        graph(
            node("Identity", "shared", "high"),
            node("Cast", "low32", "low"),
            node("Clip", "y", "image", "low32", "shared"));

    assertThat(graph.bounds()).contains("low", "high");
  }

  @Test
  void aLimitThatIsAlsoComputedWithIsAWeight() {
    OnnxGraph graph =
        graph(
            node("Identity", "shared", "high"),
            node("Clip", "a", "image", "low", "shared"),
            node("Mul", "b", "a", "low"),
            node("Add", "y", "b", "shared"));

    assertThat(graph.bounds()).isEmpty();
  }
}
