package io.camjar.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.backend.array.ArrayBackend;
import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.GraphBuilder;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.kernel.Nd4jKernels;
import io.camjar.engine.model.SyntheticInput;
import io.camjar.engine.model.SyntheticParameters;
import io.camjar.engine.op.Add;
import io.camjar.engine.op.Concat;
import io.camjar.engine.op.Conv2d;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A hook that replaces the activation of a concatenation leaves its parts as they are, though the
 * first of them is computed in the concatenation's memory where nobody can replace it.
 */
class ReplacedConcatenationTests {
  private static final Watcher CLEARS =
      new Watcher() {
        @Override
        public void activation(String path, Seen value) {
          try (INDArray values = value.array()) {
            value.replace(values.muli(0));
          }
        }
      };

  /** Kept, a concatenation outlives its first part, which would be computed in its memory. */
  private static Graph graph() {
    GraphBuilder graph = new GraphBuilder();
    int first = graph.op("first", conv(3, 32), graph.input("x"));
    int second = graph.op("second", conv(32, 16), first);
    int both = graph.op("both", new Concat(1), first, second);
    int third = graph.op("third", conv(48, 16), both);
    int all = graph.op("all", new Concat(1), both, third);
    int sum = graph.op("sum", new Add(), graph.op("last", conv(64, 32), all), first);
    graph.output(Trace.LOGITS, sum);
    return graph.build();
  }

  private static Conv2d conv(int in, int out) {
    return new Conv2d(Conv2dGeometry.square(in, out, 3, 1, 1), true);
  }

  private static float[] logits(Session<?> session, String replaced) {
    Request request =
        Request.of(List.of("both", "all")).withWatch(new Watch(Set.of(replaced), Set.of(), false));
    try (INDArray x = SyntheticInput.images("x", 1, 3, 4, 5);
        Trace trace = session.trace(Map.of("x", x), request, null, CLEARS)) {
      return HostCopy.floats(trace.logits());
    }
  }

  @Test
  void isWhatIsLeftOfTheSumWithItsFirstPart() {
    Graph graph = graph();
    Map<String, INDArray> parameters = graph.load(new SyntheticParameters());
    Session<?> arrays =
        Backends.open(new ArrayBackend(new Nd4jKernels()), graph, parameters, false);
    Session<?> session = Backends.open(graph, parameters, false);

    for (String replaced : List.of("both", "all")) {
      assertThat(logits(session, replaced))
          .as(replaced)
          .usingComparatorWithPrecision(1e-5f)
          .containsExactly(logits(arrays, replaced));
    }
  }
}
