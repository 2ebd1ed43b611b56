package io.camjar.weights.container.preparation;

import io.camjar.weights.pickle.PyBytes;
import io.camjar.weights.pickle.PyList;
import io.camjar.weights.pickle.PyObject;
import io.camjar.weights.pickle.PyTuple;
import io.camjar.weights.torch.TensorValues;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Numbers in the wrappings that pickles keep them in: plain ones, lists and tuples, fastcore's
 * {@code fastuple} and {@code L}, {@code torch.Size}, tensors, NumPy's scalars and small arrays,
 * OmegaConf's nodes, members of enumerations.
 */
final class PickledNumbers {
  private static final int MOST = 16;
  private static final int DEEPEST = 4;
  private static final int MAX_TEXT = 200;
  private static final Pattern DECIMAL =
      Pattern.compile("-?(\\d{1,9}(\\.\\d{0,12})?|\\.\\d{1,12})");

  private PickledNumbers() {}

  /** The numbers in order, one for a scalar; empty if the value is nothing of the kind. */
  static List<Double> of(@Nullable Object value) {
    List<Double> numbers = new ArrayList<>();
    return value != null && collect(value, numbers, 0) ? List.copyOf(numbers) : List.of();
  }

  /** The only number; empty if there is none, or more than one. */
  static Optional<Double> scalar(@Nullable Object value) {
    List<Double> numbers = of(value);
    return numbers.size() == 1 ? Optional.of(numbers.get(0)) : Optional.empty();
  }

  /** A size as {@code (height, width)} or as one side of a square; empty if it is none. */
  static Optional<Size> size(@Nullable Object value) {
    List<Double> sides = of(value);
    // fastai 1 and timm: the last two of (channels, height, width).
    List<Double> last = sides.subList(Math.max(sides.size() - 2, 0), sides.size());
    if (sides.isEmpty() || sides.size() > 3 || last.stream().anyMatch(s -> s != Math.rint(s))) {
      return Optional.empty();
    }
    int height = last.get(0).intValue();
    return Optional.of(new Size(height, last.size() == 2 ? last.get(1).intValue() : height))
        .filter(Size::usable);
  }

  private static boolean collect(Object value, List<Double> into, int depth) {
    if (depth > DEEPEST || into.size() > MOST) {
      return false;
    }
    if (value instanceof Number number) {
      into.add(number.doubleValue());
      return true;
    }
    if (value instanceof String text) {
      return ofText(text, into);
    }
    if (value instanceof PyList list) {
      return collectAll(list.items(), into, depth);
    }
    if (value instanceof PyTuple tuple) {
      return collectAll(tuple.items(), into, depth);
    }
    if (value instanceof PyObject object) {
      return ofObject(object, into, depth);
    }
    List<Double> values = TensorValues.of(value);
    into.addAll(values);
    return !values.isEmpty();
  }

  /** {@code 224}, {@code 224x192} and {@code [0.485, 0.456, 0.406]}, as command lines have them. */
  private static boolean ofText(String text, List<Double> into) {
    if (text.length() > MAX_TEXT) {
      return false;
    }
    String bare = text.strip().replaceAll("^[\\[(]|[\\])]$", "").strip();
    for (String part : bare.split("\\s*[,;xX*×]\\s*|\\s+")) {
      if (!DECIMAL.matcher(part).matches()) {
        return false;
      }
      into.add(Double.valueOf(part));
    }
    return into.size() <= MOST;
  }

  private static boolean collectAll(List<Object> items, List<Double> into, int depth) {
    return items.size() <= MOST
        && !items.isEmpty()
        && items.stream().allMatch(item -> collect(item, into, depth + 1));
  }

  private static boolean ofObject(PyObject object, List<Double> into, int depth) {
    PyTuple arguments = object.arguments();
    if (object.typeName().startsWith("numpy")) {
      return ofNumpy(object, into);
    }
    for (String name : List.of("_val", "items", "_content")) {
      Object inner = object.attribute(name);
      if (inner != null) {
        return collect(inner, into, depth + 1);
      }
    }
    return collectAll(
        arguments.size() > 0 ? arguments.items() : object.elements().items(), into, depth);
  }

  /** {@code numpy.core.multiarray.scalar(dtype, bytes)}, {@code _reconstruct} and its state. */
  private static boolean ofNumpy(PyObject object, List<Double> into) {
    if (object.simpleName().equals("scalar") && object.arguments().size() == 2) {
      return decode(object.arguments().get(0), object.arguments().get(1), into);
    }
    return object.state() instanceof PyTuple state
        && state.size() == 5
        && decode(state.get(2), state.get(4), into);
  }

  private static boolean decode(Object dtype, Object data, List<Double> into) {
    if (!(dtype instanceof PyObject type)
        || !(type.arguments().size() > 0 && type.arguments().get(0) instanceof String code)
        || !(data instanceof PyBytes bytes)
        || bytes.region().size() > 8 * MOST) {
      return false;
    }
    boolean big =
        type.state() instanceof PyTuple state && state.size() > 1 && ">".equals(state.get(1));
    ByteBuffer buffer =
        ByteBuffer.wrap(bytes.region().bytes(0, (int) bytes.region().size()))
            .order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    int width = code.endsWith("8") ? 8 : code.endsWith("4") ? 4 : code.endsWith("2") ? 2 : 1;
    while (buffer.remaining() >= width) {
      switch (code) {
        case "i8", "u8" -> into.add((double) buffer.getLong());
        case "i4", "u4" -> into.add((double) buffer.getInt());
        case "i2", "u2" -> into.add((double) buffer.getShort());
        case "i1", "u1" -> into.add((double) buffer.get());
        case "f8" -> into.add(buffer.getDouble());
        // The shortest decimal of the float: 0.485, not 0.48500001430511475.
        case "f4" -> into.add(Double.valueOf(Float.toString(buffer.getFloat())));
        default -> {
          return false;
        }
      }
    }
    return !into.isEmpty() && buffer.remaining() == 0;
  }
}
