package io.camjar.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.ReLU;
import org.junit.jupiter.api.Test;

class GraphTests {

  @Test
  void twoOperationsWithParametersOfOneNameAreRefused() {
    GraphBuilder graph = new GraphBuilder();
    int y = graph.op("fc", new Linear(4, 4, true), graph.input("x"));
    graph.output("logits", graph.op("fc", new Linear(4, 4, true), y));

    assertThatThrownBy(graph::build)
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("two operations with parameters are named 'fc'");
  }

  @Test
  void operationsWithoutParametersMayShareAName() {
    GraphBuilder graph = new GraphBuilder();
    int y = graph.op("relu", new ReLU(), graph.input("x"));
    graph.output("logits", graph.op("relu", new ReLU(), y));

    assertThat(graph.build().parameterShapes()).isEmpty();
  }
}
