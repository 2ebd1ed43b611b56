package io.camjar.weights.npy;

import io.camjar.engine.CamjarException;
import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.InputFiles;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.Shapes;
import io.camjar.weights.tensor.Storage;
import io.camjar.weights.tensor.TensorEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/** NumPy's {@code .npy} files: one array each. */
public final class Npy {
  private static final int ALIGNMENT = 64;
  private static final int BUFFER = 1 << 16;
  private static final int MAX_TEXT = 1 << 22;

  private Npy() {}

  /** Whether the region begins as an {@code .npy} file does. */
  public static boolean looksLike(ByteRegion file) {
    return NpyHeader.looksLike(file);
  }

  /**
   * The pickle of an array of Python objects, as {@code numpy.save} writes a dict; empty if the
   * elements are no objects, or the file is no whole array.
   */
  public static Optional<ByteRegion> pickle(ByteRegion file) {
    if (!NpyHeader.isWhole(file) || !NpyHeader.code(file).equals("O")) {
      return Optional.empty();
    }
    long start = NpyHeader.dataOffset(file);
    return Optional.of(file.slice(start, file.size() - start));
  }

  /**
   * The elements of an array of text, {@code U} or {@code S}; empty if it is anything else, or very
   * long.
   *
   * @throws Malformed if the header is damaged
   */
  public static List<String> texts(ByteRegion file) {
    String code = NpyHeader.code(file);
    if (!code.matches("[US]\\d{1,6}")) {
      return List.of();
    }
    boolean wide = code.startsWith("U");
    int width = Integer.parseInt(code.substring(1)) * (wide ? 4 : 1);
    long start = NpyHeader.dataOffset(file);
    long size = file.size() - start;
    if (width == 0 || size > MAX_TEXT || size % width != 0) {
      return List.of();
    }
    Charset charset =
        wide
            ? Charset.forName(NpyHeader.bigEndian(file) ? "UTF-32BE" : "UTF-32LE")
            : StandardCharsets.UTF_8;
    List<String> texts = new ArrayList<>();
    for (long at = start; at < file.size(); at += width) {
      texts.add(new String(file.bytes(at, width), charset).replaceFirst("\0+$", ""));
    }
    return texts;
  }

  /**
   * Reads an array of any version, byte order and index order; the file is mapped, not copied.
   *
   * @return the array under the file's name; {@link TensorEntry#toArray()} gives it as float32
   * @throws CamjarException if the file is missing, damaged or of a type that camjar does not read
   */
  public static TensorEntry read(Path file) {
    try {
      return read(String.valueOf(file.getFileName()), InputFiles.map(file));
    } catch (Malformed e) {
      throw new CamjarException(e.sentence(file.toString()), e);
    }
  }

  /**
   * Reads an array from a region.
   *
   * @throws Malformed if it is damaged or of a type that camjar does not read
   */
  public static TensorEntry read(String name, ByteRegion file) {
    NpyHeader header = NpyHeader.read(file);
    long elements = Shapes.elements(header.shape());
    long bytes = file.size() - header.dataOffset();
    int width = header.dtype().bytes();
    if (elements < 0 || elements > Long.MAX_VALUE / 8) {
      throw Malformed.damaged("its shape is " + Shapes.toString(header.shape()));
    }
    if (bytes < elements * width) {
      throw Malformed.truncated(
          "its shape "
              + Shapes.toString(header.shape())
              + " needs "
              + elements * width
              + " bytes, but there are "
              + bytes);
    }
    if (bytes > elements * width) {
      throw Malformed.damaged((bytes - elements * width) + " bytes follow its last element");
    }
    Storage storage =
        new Storage(header.dtype(), header.order(), file.slice(header.dataOffset(), bytes));
    long[] strides =
        header.fortranOrder()
            ? Shapes.columnMajorStrides(header.shape())
            : Shapes.rowMajorStrides(header.shape());
    return new TensorEntry(name, storage, 0, header.shape(), strides);
  }

  /** Writes a float32 array as {@code numpy.save} does, version 1, C order. */
  public static void write(Path file, INDArray array) throws IOException {
    write(file, array.dup('c').data().asFloat(), array.shape());
  }

  /**
   * Writes float32 values in row-major order as {@code numpy.save} does, version 1, C order.
   *
   * @param shape whose product is the number of values
   * @throws IllegalArgumentException if the values are not as many as the shape's elements
   */
  public static void write(Path file, float[] values, long... shape) throws IOException {
    if (Shapes.elements(shape) != values.length) {
      throw new IllegalArgumentException(
          values.length + " values do not fill the shape " + Shapes.toString(shape));
    }
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      buffer.put(header(shape));
      for (float value : values) {
        if (buffer.remaining() < Float.BYTES) {
          drain(buffer, out);
        }
        buffer.putFloat(value);
      }
      drain(buffer, out);
    }
  }

  /**
   * A file of float32 values in row-major order, as {@link #write(Path, float[], long...)} has it.
   *
   * @param shape whose product is the number of values
   * @throws IllegalArgumentException if the values are not as many as the shape's elements
   */
  public static byte[] encode(float[] values, long... shape) {
    if (Shapes.elements(shape) != values.length) {
      throw new IllegalArgumentException(
          values.length + " values do not fill the shape " + Shapes.toString(shape));
    }
    byte[] header = header(shape);
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.addExact(header.length, Math.multiplyExact(4, values.length)))
            .order(ByteOrder.LITTLE_ENDIAN);
    buffer.put(header).asFloatBuffer().put(values);
    return buffer.array();
  }

  private static void drain(ByteBuffer buffer, FileChannel out) throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
    buffer.clear();
  }

  private static byte[] header(long[] shape) {
    String sizes = Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
    String dict =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%s%s), }"
            .formatted(sizes, shape.length == 1 ? "," : "");
    int start = 10;
    int total = (start + dict.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    String padded = dict + " ".repeat(total - start - dict.length() - 1) + "\n";
    byte[] header = new byte[total];
    byte[] magic = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    System.arraycopy(magic, 0, header, 0, magic.length);
    header[8] = (byte) padded.length();
    header[9] = (byte) (padded.length() >> 8);
    byte[] text = padded.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, header, start, text.length);
    return header;
  }
}
