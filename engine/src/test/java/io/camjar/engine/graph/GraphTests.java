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

  /** Of a ReLU that nothing reads neither the operation is left nor its name. */
  @Test
  void whatNoResultIsComputedFromIsLeftOut() {
    GraphBuilder builder = new GraphBuilder();
    int x = builder.input("x");
    int unread = builder.op("unread", new ReLU(), x);
    int read = builder.op("read", new ReLU(), x);
    builder.group("module", "Module", unread, in -> read);
    builder.output("y", builder.op("last", new ReLU(), read));
    Graph graph = builder.build().needed();

    assertThat(graph.nodes().stream().map(Node::path)).containsExactly("x", "read", "last");
    assertThat(graph.layers().stream().map(Layer::path)).containsExactly("read", "module", "last");
    assertThat(graph.outputs()).containsEntry("y", 2);
    assertThat(graph.value("module")).isEqualTo(1);
    assertThat(graph.layers().get(1).input()).isZero();
  }

  @Test
  void operationsWithoutParametersMayShareAName() {
    GraphBuilder graph = new GraphBuilder();
    int y = graph.op("relu", new ReLU(), graph.input("x"));
    graph.output("logits", graph.op("relu", new ReLU(), y));

    assertThat(graph.build().parameterShapes()).isEmpty();
  }
}
