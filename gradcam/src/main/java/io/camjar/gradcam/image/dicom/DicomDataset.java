package io.camjar.gradcam.image.dicom;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Elements by tag, and the numbers and texts in them. */
final class DicomDataset {
  /** Texts that are looked at are short; longer ones are cut off. */
  private static final int MOST_TEXT = 4096;

  private final byte[] file;
  private final ByteOrder order;
  private final Map<Integer, Element> elements = new HashMap<>();

  DicomDataset(byte[] file, ByteOrder order) {
    this.file = file;
    this.order = order;
  }

  void add(Element element) {
    elements.putIfAbsent(element.tag(), element);
  }

  /** The bytes that elements point into. */
  byte[] file() {
    return file;
  }

  ByteOrder order() {
    return order;
  }

  @Nullable Element get(int tag) {
    return elements.get(tag);
  }

  /** Whether there is such an element with a value. */
  boolean has(int tag) {
    Element element = get(tag);
    return element != null && (element.length() > 0 || !element.items().isEmpty());
  }

  /** The data sets in an element; none where there is no such element. */
  List<DicomDataset> items(int tag) {
    Element element = get(tag);
    return element == null ? List.of() : element.items();
  }

  /** A text, without padding; empty where there is none. */
  String text(int tag) {
    Element element = get(tag);
    return element == null
        ? ""
        : new String(
                file,
                element.from(),
                Math.min(element.length(), MOST_TEXT),
                StandardCharsets.ISO_8859_1)
            .replace('\0', ' ')
            .strip();
  }

  /** The first of the numbers written as text; null where there is none. */
  @Nullable Double decimal(int tag) throws IOException {
    String first = text(tag).split("\\\\", 2)[0].strip();
    if (first.isEmpty()) {
      return null;
    }
    try {
      return Double.valueOf(first);
    } catch (NumberFormatException e) {
      throw new IOException("its %s is no number".formatted(Tag.name(tag)), e);
    }
  }

  /** An unsigned 16-bit number; {@code otherwise} where there is none. */
  int number(int tag, int otherwise) {
    Element element = get(tag);
    return element == null || element.length() < 2 ? otherwise : word(element.from());
  }

  /** An unsigned 16-bit number that has to be there. */
  int number(int tag) throws IOException {
    if (!has(tag)) {
      throw new IOException("it has no %s".formatted(Tag.name(tag)));
    }
    return number(tag, 0);
  }

  /** All 16-bit numbers of an element, unsigned. */
  int[] words(int tag) {
    Element element = get(tag);
    int[] words = new int[element == null ? 0 : element.length() / 2];
    for (int i = 0; i < words.length; i++) {
      words[i] = word(element.from() + 2 * i);
    }
    return words;
  }

  /**
   * A byte of an element, in the order in which numbers of 8 bits follow each other: as 16-bit
   * words (OW) in a big-endian file, the first of two stands behind the second (PS3.5, 6.2 and
   * 7.3).
   */
  int octet(Element element, int index) {
    boolean swapped = order == ByteOrder.BIG_ENDIAN && element.vr().equals("OW");
    int at = swapped ? index ^ 1 : index;
    return at < element.length() ? file[element.from() + at] & 0xff : 0;
  }

  private int word(int at) {
    return ByteBuffer.wrap(file).order(order).getShort(at) & 0xffff;
  }
}
