package io.camjar.gradcam.image.decode;

import com.twelvemonkeys.imageio.metadata.Entry;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageMetadata;
import java.io.IOException;
import java.lang.reflect.Array;
import javax.imageio.ImageReader;

/** The tags of one page of a TIFF file, classic or BigTIFF. */
final class TiffTags {
  static final int SUBFILE_TYPE = 254;
  static final int BITS = 258;
  static final int PHOTOMETRIC = 262;
  static final int ORIENTATION = 274;
  static final int SAMPLES_PER_PIXEL = 277;
  static final int SUB_DIRECTORIES = 330;
  static final int EXTRA_SAMPLES = 338;
  static final int SAMPLE_FORMAT = 339;
  static final int XMP = 700;
  static final int DNG_VERSION = 50706;

  private final TIFFImageMetadata metadata;

  private TiffTags(TIFFImageMetadata metadata) {
    this.metadata = metadata;
  }

  /** Those of a page, from 0. */
  static TiffTags of(ImageReader reader, int page) throws IOException {
    return new TiffTags((TIFFImageMetadata) reader.getImageMetadata(page));
  }

  boolean has(int tag) {
    return metadata.getTIFFField(tag) != null;
  }

  /** A tag's first number; {@code otherwise} where there is no such tag or no number in it. */
  int number(int tag, int otherwise) {
    Entry entry = metadata.getTIFFField(tag);
    Object value = entry == null ? null : entry.getValue();
    if (value != null && value.getClass().isArray() && Array.getLength(value) > 0) {
      value = Array.get(value, 0);
    }
    return value instanceof Number number ? number.intValue() : otherwise;
  }

  /** A tag's bytes; empty where there is none or it holds something else. */
  byte[] bytes(int tag) {
    Entry entry = metadata.getTIFFField(tag);
    return entry != null && entry.getValue() instanceof byte[] bytes ? bytes : new byte[0];
  }
}
