package io.camjar.weights.onnx.constant;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.onnx.OnnxAttribute;
import io.camjar.weights.onnx.OnnxNode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A node's attributes by type, with the operator's defaults.
 *
 * @param node whose they are
 */
public record Attributes(OnnxNode node) {

  /** Whether the node has one of this name. */
  public boolean has(String name) {
    return node.attributes().containsKey(name);
  }

  /**
   * An integer, or its default.
   *
   * @throws Malformed if it is of another type
   */
  public long integer(String name, long otherwise) {
    OnnxAttribute found = node.attributes().get(name);
    if (found == null) {
      return otherwise;
    }
    if (found instanceof OnnxAttribute.Int value) {
      return value.value();
    }
    throw wrong(name, "an integer");
  }

  /**
   * An integer that is a truth, 0 for false, or its default.
   *
   * @throws Malformed if it is of another type
   */
  public boolean flag(String name, boolean otherwise) {
    return integer(name, otherwise ? 1 : 0) != 0;
  }

  /**
   * A float, or its default.
   *
   * @throws Malformed if it is of another type
   */
  public double real(String name, double otherwise) {
    OnnxAttribute found = node.attributes().get(name);
    if (found == null) {
      return otherwise;
    }
    if (found instanceof OnnxAttribute.Real value) {
      return value.value();
    }
    throw wrong(name, "a float");
  }

  /**
   * A text, or its default.
   *
   * @throws Malformed if it is of another type
   */
  public String text(String name, String otherwise) {
    OnnxAttribute found = node.attributes().get(name);
    if (found == null) {
      return otherwise;
    }
    if (found instanceof OnnxAttribute.Text value) {
      return value.value();
    }
    throw wrong(name, "a text");
  }

  /**
   * A list of integers, if the node has it.
   *
   * @throws Malformed if it is of another type
   */
  public Optional<List<Long>> integers(String name) {
    OnnxAttribute found = node.attributes().get(name);
    if (found == null) {
      return Optional.empty();
    }
    if (found instanceof OnnxAttribute.Ints value) {
      return Optional.of(value.values());
    }
    throw wrong(name, "a list of integers");
  }

  /**
   * A list of floats.
   *
   * @throws Malformed if the node lacks it, or it is of another type
   */
  public List<Float> reals(String name) {
    if (node.attributes().get(name) instanceof OnnxAttribute.Reals found) {
      return found.values();
    }
    throw wrong(name, "a list of floats");
  }

  /** As many integers as are wanted, each not beyond a size that an image can have. */
  public int[] sizes(String name, int count, int otherwise) {
    int[] sizes = new int[count];
    Arrays.fill(sizes, otherwise);
    Optional<List<Long>> found = integers(name);
    if (found.isPresent()) {
      List<Long> values = found.get();
      if (values.size() != count) {
        throw Malformed.damaged(
            "node '%s' has %d values for '%s', expected %d"
                .formatted(node.label(), values.size(), name, count));
      }
      for (int i = 0; i < count; i++) {
        long value = values.get(i);
        if (Math.abs(value) > 1 << 20) {
          throw Malformed.damaged("node '%s' has %d as '%s'".formatted(node.label(), value, name));
        }
        sizes[i] = (int) value;
      }
    }
    return sizes;
  }

  /**
   * A tensor, if the node has it.
   *
   * @throws Malformed if it is of another type
   */
  public Optional<Constant> tensor(String name) {
    OnnxAttribute found = node.attributes().get(name);
    if (found == null) {
      return Optional.empty();
    }
    if (found instanceof OnnxAttribute.Tensor value) {
      return Optional.of(new Constant(value.value()));
    }
    throw wrong(name, "a tensor");
  }

  private Malformed wrong(String name, String expected) {
    return Malformed.damaged(
        "node '%s' has another kind of '%s' than %s".formatted(node.label(), name, expected));
  }
}
