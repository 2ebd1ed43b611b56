package io.camjar.gradcam.image.dicom;

import io.camjar.gradcam.image.dicom.Element.Fragment;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads elements one after the other (PS3.5, clause 7), none twice, and none behind the pixels.
 * Whatever the bytes say, it takes time and memory in proportion to how many there are.
 */
final class DicomParser {
  private static final long UNDEFINED = 0xffffffffL;

  /** Kinds whose lengths have 32 bits. */
  private static final Set<String> LONG =
      Set.of("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV");

  /** Data sets within data sets; real files have a handful. */
  private static final int DEEPEST = 16;

  private final ByteBuffer in;
  private final boolean explicit;

  private DicomParser(ByteBuffer in, boolean explicit) {
    this.in = in;
    this.explicit = explicit;
  }

  /** The elements from a place on, up to the pixels or the end. */
  static DicomDataset parse(byte[] file, int from, TransferSyntax syntax) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(file).order(syntax.order()).position(from);
    return new DicomParser(in, syntax.explicit()).dataset(file.length, false, 0);
  }

  /** The elements of group 2, which describe the file; moves {@code in} behind them. */
  static DicomDataset meta(ByteBuffer in) throws IOException {
    DicomDataset meta = new DicomDataset(in.array(), in.order());
    DicomParser parser = new DicomParser(in, true);
    while (in.remaining() >= 8 && in.getShort(in.position()) == 2) {
      meta.add(parser.element(in.limit(), 0));
    }
    return meta;
  }

  private DicomDataset dataset(int end, boolean delimited, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new IOException("data sets are nested more than %d deep".formatted(DEEPEST));
    }
    DicomDataset dataset = new DicomDataset(in.array(), in.order());
    while (in.position() < end) {
      require(8, end);
      if (delimited && tag(in.position()) == Tag.ITEM_END) {
        in.position(in.position() + 8);
        return dataset;
      }
      Element element = element(end, depth);
      dataset.add(element);
      if (depth == 0 && Integer.compareUnsigned(element.tag(), Tag.PIXELS) >= 0) {
        return dataset;
      }
    }
    if (delimited) {
      throw new EOFException("an item has no end");
    }
    return dataset;
  }

  private Element element(int end, int depth) throws IOException {
    require(8, end);
    int tag = tag(in.position());
    in.position(in.position() + 4);
    String vr = "";
    long length;
    if (explicit && tag >>> 16 != Tag.ITEM >>> 16) {
      vr = new String(in.array(), in.position(), 2, StandardCharsets.ISO_8859_1);
      in.position(in.position() + 2);
      if (LONG.contains(vr)) {
        require(6, end);
        in.position(in.position() + 2);
        length = in.getInt() & UNDEFINED;
      } else {
        length = in.getShort() & 0xffff;
      }
    } else {
      length = in.getInt() & UNDEFINED;
    }
    return value(tag, vr, length, end, depth);
  }

  private Element value(int tag, String vr, long length, int end, int depth) throws IOException {
    int from = in.position();
    boolean pixels = tag == Tag.PIXELS;
    if (length == UNDEFINED && pixels) {
      return new Element(tag, vr, from, 0, List.of(), fragments(end));
    }
    boolean sequence =
        vr.equals("SQ") || length == UNDEFINED || (!explicit && Tag.SEQUENCES.contains(tag));
    if (length != UNDEFINED && length > end - from) {
      throw new EOFException("%s leaves the file".formatted(Tag.name(tag)));
    }
    if (!sequence || pixels) {
      in.position(from + (int) length);
      return new Element(tag, vr, from, (int) length, List.of(), List.of());
    }
    // Items of an unknown kind are written without kinds, whatever surrounds them.
    boolean unknown = vr.equals("UN") && explicit;
    DicomParser parser =
        unknown ? new DicomParser(in.duplicate().order(ByteOrder.LITTLE_ENDIAN), false) : this;
    List<DicomDataset> items =
        length == UNDEFINED
            ? parser.items(end, true, depth + 1)
            : parser.items(from + (int) length, false, depth + 1);
    in.position(parser.in.position());
    return new Element(tag, vr, from, 0, items, List.of());
  }

  private List<DicomDataset> items(int end, boolean delimited, int depth) throws IOException {
    List<DicomDataset> items = new ArrayList<>();
    while (in.position() < end) {
      require(8, end);
      int tag = tag(in.position());
      long length = in.getInt(in.position() + 4) & UNDEFINED;
      in.position(in.position() + 8);
      if (delimited && tag == Tag.SEQUENCE_END) {
        return items;
      }
      if (tag != Tag.ITEM) {
        throw new IOException("%s stands where an item should".formatted(Tag.name(tag)));
      }
      if (length == UNDEFINED) {
        items.add(dataset(end, true, depth));
      } else if (length > end - in.position()) {
        throw new EOFException("an item leaves its sequence");
      } else {
        items.add(dataset(in.position() + (int) length, false, depth));
      }
    }
    if (delimited) {
      throw new EOFException("a sequence has no end");
    }
    return items;
  }

  private List<Fragment> fragments(int end) throws IOException {
    List<Fragment> fragments = new ArrayList<>();
    while (true) {
      require(8, end);
      int tag = tag(in.position());
      long length = in.getInt(in.position() + 4) & UNDEFINED;
      in.position(in.position() + 8);
      if (tag == Tag.SEQUENCE_END) {
        return fragments;
      }
      if (tag != Tag.ITEM || length == UNDEFINED) {
        throw new IOException("%s stands among the pixels".formatted(Tag.name(tag)));
      }
      if (length > end - in.position()) {
        throw new EOFException("a fragment of the pixels leaves the file");
      }
      fragments.add(new Fragment(in.position(), (int) length));
      in.position(in.position() + (int) length);
    }
  }

  private int tag(int at) {
    return (in.getShort(at) & 0xffff) << 16 | (in.getShort(at + 2) & 0xffff);
  }

  private void require(int bytes, int end) throws EOFException {
    if (end - in.position() < bytes) {
      throw new EOFException("an element is cut short");
    }
  }
}
