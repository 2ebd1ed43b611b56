package io.camjar.weights.torch;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.npy.NumpyTypes;
import io.camjar.weights.pickle.Constructors;
import io.camjar.weights.pickle.PickleLimits;
import io.camjar.weights.pickle.PyBytes;
import io.camjar.weights.pickle.PyGlobal;
import io.camjar.weights.pickle.PyList;
import io.camjar.weights.pickle.PyObject;
import io.camjar.weights.pickle.PyStateful;
import io.camjar.weights.pickle.PyTuple;
import io.camjar.weights.tensor.DType;
import io.camjar.weights.tensor.Shapes;
import io.camjar.weights.tensor.Storage;
import io.camjar.weights.tensor.TensorEntry;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A NumPy array inside a pickle, as {@code ndarray.__reduce__} and {@code __reduce_ex__} describe
 * it: an empty array that is then given its shape, type, order and bytes.
 *
 * <p>NumPy 1 calls its module {@code numpy.core}, NumPy 2 {@code numpy._core}; Python 2 wrote the
 * bytes as text of one character each.
 */
final class NumpyTensor implements TorchTensor, PyStateful {
  private static final int MAX_RANK = 32;
  private static final int MAX_TEXT = 1 << 22;
  private static final Pattern TEXT = Pattern.compile("([US])(\\d{1,6})");

  private @Nullable Object shape;
  private @Nullable Object type;
  private boolean columnMajor;
  private @Nullable Object content;

  /** Allows the functions by which arrays come out of pickles. */
  static void allow(Constructors list) {
    for (String core : new String[] {"numpy.core.", "numpy._core."}) {
      list.allow(core + "multiarray._reconstruct", (a, limits) -> new NumpyTensor());
      list.allow(core + "numeric._frombuffer", NumpyTensor::fromBuffer);
      list.allow(core + "multiarray.scalar", NumpyTensor::scalar);
    }
  }

  /** {@code (buffer, dtype, shape, order)}: what protocol 5 writes. */
  private static @Nullable Object fromBuffer(PyTuple arguments, PickleLimits limits) {
    NumpyTensor array = new NumpyTensor();
    array.content = arguments.get(0);
    array.type = arguments.get(1);
    array.shape = arguments.get(2);
    array.columnMajor = "F".equals(arguments.get(3));
    return array;
  }

  /** {@code (dtype, bytes)}: one number, such as {@code numpy.float64(0.75)}. */
  private static @Nullable Object scalar(PyTuple arguments, PickleLimits limits) {
    NumpyTensor one = new NumpyTensor();
    one.type = arguments.get(0);
    one.content = arguments.get(1);
    one.shape = PyTuple.EMPTY;
    try {
      TensorEntry entry = one.entry("scalar");
      double value = entry.toFloats()[0];
      return entry.dtype().isFloating() ? (Object) value : (Object) (long) value;
    } catch (Malformed e) {
      // A date, or a piece of text: the name of a class.
      one.shape = new PyTuple(List.of(1L));
      List<Object> text = one.texts();
      return text.size() == 1 ? text.get(0) : null;
    }
  }

  /** {@code (version, shape, dtype, is Fortran order, bytes)}; old ones lack the version. */
  @Override
  public void setState(Object state) {
    if (state instanceof PyTuple tuple && tuple.size() >= 4) {
      int first = tuple.size() - 4;
      shape = tuple.get(first);
      type = tuple.get(first + 1);
      columnMajor = Boolean.TRUE.equals(tuple.get(first + 2)) || is(tuple.get(first + 2), 1);
      content = tuple.get(first + 3);
    }
  }

  @Override
  public boolean mayBeConvolution() {
    return shape instanceof PyTuple sizes && sizes.size() == 4;
  }

  @Override
  public int rank() {
    return shape instanceof PyTuple sizes ? sizes.size() : -1;
  }

  @Override
  public TensorEntry entry(String name) {
    long[] sizes = sizes(name);
    ByteRegion bytes = bytes(name);
    String code = code();
    DType dtype = NumpyTypes.of(code);
    long elements = Shapes.elements(sizes);
    if (elements < 0 || elements > Long.MAX_VALUE / 8 || bytes.size() != elements * dtype.bytes()) {
      throw Malformed.damaged(
          "the NumPy array '"
              + name
              + "' of shape "
              + Shapes.toString(sizes)
              + " has "
              + bytes.size()
              + " bytes");
    }
    long[] strides = columnMajor ? Shapes.columnMajorStrides(sizes) : Shapes.rowMajorStrides(sizes);
    return new TensorEntry(name, new Storage(dtype, order(), bytes), 0, sizes, strides);
  }

  @Override
  public boolean isNumeric() {
    return texts().isEmpty();
  }

  /** The only element of an array of one Python object; null if it is anything else. */
  @Nullable Object only() {
    return content instanceof PyList list && list.items().size() == 1 ? list.items().get(0) : null;
  }

  /**
   * The elements of a one-dimensional array of text: {@code <U5}, which has code points of four
   * bytes, {@code S5}, or Python's own texts. Empty if it is anything else.
   */
  List<Object> texts() {
    if (!(shape instanceof PyTuple sizes)
        || sizes.size() != 1
        || !(type instanceof PyObject dtype)
        || dtype.arguments().size() == 0) {
      return List.of();
    }
    if (content instanceof PyList list) {
      return list.items().stream().allMatch(String.class::isInstance)
          ? List.copyOf(list.items())
          : List.of();
    }
    Matcher fixed = TEXT.matcher(code());
    if (!fixed.matches() || !(content instanceof PyBytes || content instanceof String)) {
      return List.of();
    }
    ByteRegion bytes = bytes("text");
    boolean wide = fixed.group(1).equals("U");
    int width = Integer.parseInt(fixed.group(2)) * (wide ? 4 : 1);
    if (width == 0
        || bytes.size() > MAX_TEXT
        || !(sizes.get(0) instanceof Long count)
        || bytes.size() != count * width) {
      return List.of();
    }
    Charset charset =
        !wide
            ? StandardCharsets.ISO_8859_1
            : Charset.forName(order() == ByteOrder.BIG_ENDIAN ? "UTF-32BE" : "UTF-32LE");
    List<Object> texts = new ArrayList<>();
    for (long at = 0; at < bytes.size(); at += width) {
      texts.add(new String(bytes.bytes(at, width), charset).replaceFirst("\0+$", ""));
    }
    return texts;
  }

  private long[] sizes(String name) {
    if (!(shape instanceof PyTuple tuple) || tuple.size() > MAX_RANK) {
      throw Malformed.damaged("the NumPy array '" + name + "' has no shape");
    }
    List<Long> sizes = new ArrayList<>();
    for (Object size : tuple.items()) {
      if (!(size instanceof Long number) || number < 0) {
        throw Malformed.damaged("the NumPy array '" + name + "' has a shape that is no shape");
      }
      sizes.add(number);
    }
    return sizes.stream().mapToLong(Long::longValue).toArray();
  }

  private ByteRegion bytes(String name) {
    if (content instanceof PyBytes raw) {
      return raw.region();
    }
    if (content instanceof String text && text.chars().allMatch(c -> c < 256)) {
      return ByteRegion.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
    throw new Malformed(
        "has the NumPy array '" + name + "', whose elements are Python objects and not numbers",
        "save it as float32 with array.astype('float32')");
  }

  /** {@code f4} of {@code numpy.dtype('f4', False, True)}, with or without the byte order. */
  private String code() {
    if (type instanceof PyObject dtype
        && dtype.callable() instanceof PyGlobal global
        && global.module().equals("numpy")) {
      Object code = dtype.arguments().get(0);
      String text =
          code instanceof String plain
              ? plain
              : code instanceof PyBytes raw
                  ? raw.region().utf8(0, (int) Math.min(8, raw.region().size()))
                  : "";
      return text.replaceFirst("^[<>=|]", "");
    }
    throw Malformed.damaged("its pickle has a NumPy array of no type");
  }

  /** The second part of the type's own state: {@code (3, '<', None, None, None, -1, -1, 0)}. */
  private ByteOrder order() {
    boolean big =
        type instanceof PyObject dtype
            && dtype.state() instanceof PyTuple state
            && ">".equals(textOf(state.get(1)));
    return big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  private static String textOf(Object value) {
    if (value instanceof PyBytes raw && raw.region().size() == 1) {
      return raw.region().utf8(0, 1);
    }
    return String.valueOf(value);
  }

  private static boolean is(Object value, long number) {
    return value instanceof Long found && found == number;
  }
}
