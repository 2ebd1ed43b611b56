package io.camjar.engine.backend.cpu.memory;

import io.camjar.engine.graph.Graph;
import io.camjar.engine.graph.Node;
import io.camjar.engine.op.Arithmetic;
import io.camjar.engine.op.Concat;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Elementwise;
import io.camjar.engine.op.LayerNorm;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.MatMul;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.Parameter;
import io.camjar.engine.op.ReLU;
import io.camjar.engine.op.Reshape;
import io.camjar.engine.op.Scale;
import io.camjar.engine.op.SiLU;
import io.camjar.engine.op.Slice;
import io.camjar.engine.op.Softmax;
import io.camjar.engine.op.Transpose;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which values of a graph lie otherwise in memory than their rank says, so that the operations on
 * them find what they read together: matrices on their way to and from products, and images whose
 * channels are moved last.
 *
 * <p>A form only decides what is fast. An operation that cannot read a form runs on arrays.
 */
public final class Forms {
  /** An image's channels moved last. */
  public static final Transpose CHANNELS_LAST = Transpose.of(0, 2, 3, 1);

  /** Channels moved back. */
  public static final Transpose CHANNELS_FIRST = Transpose.of(0, 3, 1, 2);

  private final List<Node> nodes;
  private final boolean[] multiplied;
  private final @Nullable Form[] forms;

  private Forms(Graph graph) {
    this.nodes = graph.nodes();
    this.multiplied = new boolean[nodes.size()];
    this.forms = new Form[nodes.size()];
  }

  /** By value of the graph; null for what the rank says. */
  public static @Nullable Form[] of(Graph graph) {
    Forms forms = new Forms(graph);
    forms.markMultiplied();
    for (int value = 0; value < forms.nodes.size(); value++) {
      forms.forms[value] = forms.form(value);
    }
    forms.layOutParameters();
    return forms.forms;
  }

  /** Marks what only moves or scales numbers before they are multiplied as matrices. */
  private void markMultiplied() {
    for (int value = nodes.size() - 1; value >= 0; value--) {
      Node node = nodes.get(value);
      if (node.op() instanceof MatMul || (multiplied[value] && goesBackThrough(node.op()))) {
        node.inputs().forEach(input -> multiplied[input] = true);
      }
    }
  }

  private static boolean moves(Op op) {
    return op instanceof Transpose || op instanceof Reshape || op instanceof Slice;
  }

  private static boolean goesBackThrough(Op op) {
    return moves(op) || op instanceof Arithmetic || keepsForm(op);
  }

  /** Whether an operation of one input leaves each place where it was. */
  private static boolean keepsForm(Op op) {
    return op instanceof Elementwise
        || op instanceof ReLU
        || op instanceof SiLU
        || op instanceof Scale
        || op instanceof Softmax
        || op instanceof Dropout;
  }

  private @Nullable Form form(int value) {
    Node node = nodes.get(value);
    Op op = node.op();
    if (op instanceof MatMul || (moves(op) && multiplied[value])) {
      return Form.TOKENS;
    }
    if (node.inputs().isEmpty()) {
      return null;
    }
    Form first = forms[node.inputs().get(0)];
    if (op instanceof Transpose transpose) {
      if (first == null) {
        return transpose.equals(CHANNELS_LAST) ? Form.CHANNELS_LAST : null;
      }
      return first == Form.TOKENS ? first : null;
    } else if (op instanceof Arithmetic) {
      Form second = forms[node.inputs().get(1)];
      return first == Form.TOKENS || second == null ? first : second;
    } else if (op instanceof Concat) {
      return node.inputs().stream().allMatch(input -> forms[input] == first) ? first : null;
    }
    boolean keeps = keepsForm(op) || op instanceof Slice;
    return keeps || op instanceof LayerNorm || op instanceof Linear ? first : null;
  }

  /** Parameters lie as what they are added to or multiplied with. */
  private void layOutParameters() {
    for (int value = 0; value < nodes.size(); value++) {
      if (nodes.get(value).op() instanceof Arithmetic && forms[value] != null) {
        for (int input : nodes.get(value).inputs()) {
          boolean fits =
              nodes.get(input).op() instanceof Parameter parameter
                  && parameter.shape().rank() >= (forms[value] == Form.TOKENS ? 2 : 4);
          if (fits) {
            forms[input] = forms[value];
          }
        }
      }
    }
  }
}
