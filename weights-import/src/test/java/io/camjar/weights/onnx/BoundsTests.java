package io.camjar.weights.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Tensors of an ONNX model that only limit others. */
class BoundsTests {
  @Test
  void limitsOfClipAndWhatPadPutsAround() {
    OnnxGraph graph =
        new SmallModel()
            .node("Conv", "a", "image", "weight")
            .node("Clip", "b", "a", "low", "high")
            .node("Pad", "c", "b", "pads", "around")
            .node("Clip", "y", "c", "", "high")
            .graph();

    assertThat(graph.bounds()).contains("low", "high", "around");
    assertThat(graph.bounds()).doesNotContain("weight", "pads", "image", "a");
  }

  /** Exporters share constants through Identity, and give them another type or shape. */
  @Test
  void limitsThroughOtherNodes() {
    OnnxGraph graph =
        new SmallModel()
            .node("Identity", "shared", "high")
            .node("Cast", "low32", "low")
            .node("Clip", "y", "image", "low32", "shared")
            .graph();

    assertThat(graph.bounds()).contains("low", "high");
  }

  @Test
  void aLimitThatIsAlsoComputedWithIsAWeight() {
    OnnxGraph graph =
        new SmallModel()
            .node("Identity", "shared", "high")
            .node("Clip", "a", "image", "low", "shared")
            .node("Mul", "b", "a", "low")
            .node("Add", "y", "b", "shared")
            .graph();

    assertThat(graph.bounds()).isEmpty();
  }
}
