package io.camjar.gradcam.image.dicom;

import io.camjar.gradcam.image.dicom.Element.Fragment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Finds one compressed frame among the fragments that a file's pixels come in (PS3.5, A.4). */
final class FrameBytes {
  private final byte[] file;
  private final List<Fragment> fragments;
  private final int frames;
  private final int[] offsets;

  private FrameBytes(byte[] file, Fragment table, List<Fragment> fragments, int frames) {
    this.file = file;
    this.fragments = fragments;
    this.frames = frames;
    this.offsets = new int[table.length() / 4];
    ByteBuffer.wrap(file, table.from(), offsets.length * 4)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asIntBuffer()
        .get(offsets);
  }

  /**
   * A frame, its fragments joined.
   *
   * @param frame from 0
   */
  static byte[] of(byte[] file, Element pixels, int frames, int frame) throws IOException {
    List<Fragment> all = pixels.fragments();
    if (all.size() < 2) {
      throw new IOException("there are no compressed pixels");
    }
    return new FrameBytes(file, all.get(0), all.subList(1, all.size()), frames).join(frame);
  }

  /** By the table where there is one, else one fragment each, else by where JPEG files start. */
  private byte[] join(int frame) throws IOException {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    boolean table = offsets.length == frames;
    boolean single = fragments.size() == frames;
    int current = table ? 0 : -1;
    for (Fragment fragment : fragments) {
      if (frames == 1) {
        current = 0;
      } else if (table) {
        long start = fragment.from() - fragments.get(0).from();
        while (current + 1 < frames && (offsets[current + 1] & 0xffffffffL) <= start) {
          current++;
        }
      } else if (single || startsJpeg(fragment)) {
        current++;
      }
      if (current == frame) {
        joined.write(file, fragment.from(), fragment.length());
      }
    }
    if (joined.size() == 0) {
      throw new IOException("there is no compressed frame %d".formatted(frame + 1));
    }
    return joined.toByteArray();
  }

  private boolean startsJpeg(Fragment fragment) {
    int at = fragment.from();
    return fragment.length() >= 2 && file[at] == (byte) 0xff && file[at + 1] == (byte) 0xd8;
  }
}
