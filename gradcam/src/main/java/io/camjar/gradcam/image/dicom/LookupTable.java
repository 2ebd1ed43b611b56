package io.camjar.gradcam.image.dicom;

import java.io.IOException;

/**
 * A table from stored values to others (PS3.3, C.11.1.1).
 *
 * @param first the value of the first entry; smaller ones take that entry, larger ones the last
 * @param bits bits of an entry
 */
@SuppressWarnings("ArrayRecordComponent") // Built once; never compared.
record LookupTable(int[] entries, int first, int bits) {
  /**
   * A table in a data set.
   *
   * @param signed whether the values that are looked up may be below 0
   */
  static LookupTable of(DicomDataset data, int descriptorTag, int dataTag, boolean signed)
      throws IOException {
    int[] descriptor = data.words(descriptorTag);
    Element values = data.get(dataTag);
    if (descriptor.length < 3 || values == null) {
      throw new IOException(
          "its lookup table has no %s"
              .formatted(Tag.name(descriptor.length < 3 ? descriptorTag : dataTag)));
    }
    int count = descriptor[0] == 0 ? 65_536 : descriptor[0];
    int bits = descriptor[2];
    if (bits < 1 || bits > 16) {
      throw new IOException("a lookup table of it has entries of %d bits".formatted(bits));
    }
    return new LookupTable(
        entries(data, values, dataTag, count, bits),
        signed ? (short) descriptor[1] : descriptor[1],
        bits);
  }

  private static int[] entries(DicomDataset data, Element values, int dataTag, int count, int bits)
      throws IOException {
    int[] entries = new int[count];
    // Entries of 8 bits may come as bytes, or as words whose high byte is 0.
    boolean bytes = bits <= 8 && values.length() < 2 * count;
    if (values.length() < (bytes ? count : 2 * count)) {
      throw new IOException(
          "its %s has %d bytes for %d entries"
              .formatted(Tag.name(dataTag), values.length(), count));
    }
    int[] words = data.words(dataTag);
    for (int i = 0; i < count; i++) {
      entries[i] = bytes ? data.octet(values, i) : words[i];
    }
    return entries;
  }

  int at(double value) {
    double index = Math.max(0, Math.min(entries.length - 1, Math.floor(value) - first));
    return entries[(int) index];
  }

  /** An entry as 0 to 255. */
  int levelAt(double value) {
    return (int) Math.floor(at(value) * 255.0 / ((1 << bits) - 1) + 0.5);
  }
}
