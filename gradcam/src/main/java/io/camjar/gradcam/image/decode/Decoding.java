package io.camjar.gradcam.image.decode;

import io.camjar.gradcam.image.metadata.OrientationTag;
import io.camjar.gradcam.image.samples.Samples;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an image was read from its file; the components are those of the record's JSON.
 *
 * @param format {@code JPEG}, {@code PNG}, {@code GIF}, {@code BMP}, {@code TIFF}, {@code WEBP},
 *     {@code DICOM}
 * @param page the page or frame, from 1
 * @param pages how many the file has
 * @param orientation what the file says is up: EXIF's 1 to 8, 1 for upright
 * @param orientationFrom {@code EXIF}, {@code XMP}, {@code TIFF}, or {@code none}
 * @param turned whether the image was turned accordingly
 * @param samples what became of numbers of other kinds than 8 unsigned bits; null where there were
 *     none
 * @param notes what a user should know, each a clause that continues "FILE "
 */
public record Decoding(
    String format,
    int page,
    int pages,
    int orientation,
    String orientationFrom,
    boolean turned,
    @Nullable Samples samples,
    List<String> notes) {
  /** Copies the notes. */
  public Decoding {
    notes = List.copyOf(notes);
  }

  /** Collects what the decoders find. */
  static final class Builder {
    private int page = 1;
    private int pages = 1;
    private OrientationTag tag = OrientationTag.NONE;
    private @Nullable Samples samples;
    private final List<String> notes = new ArrayList<>();

    void page(int number, int of) {
      page = number;
      pages = of;
    }

    void orientation(OrientationTag found) {
      tag = found;
    }

    void samples(Samples found) {
      samples = found;
    }

    boolean hasSamples() {
      return samples != null;
    }

    int pages() {
      return pages;
    }

    void note(String clause) {
      notes.add(clause);
    }

    OrientationTag tag() {
      return tag;
    }

    Decoding build(ImageFormat format, boolean turned) {
      return new Decoding(
          format.name(), page, pages, tag.value(), tag.source(), turned, samples, notes);
    }
  }
}
