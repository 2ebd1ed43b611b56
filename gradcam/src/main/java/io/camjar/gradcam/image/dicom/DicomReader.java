package io.camjar.gradcam.image.dicom;

import io.camjar.gradcam.image.dicom.GrayTransform.Gray;
import io.camjar.gradcam.image.samples.Limits;
import io.camjar.gradcam.image.samples.Refusal;
import io.camjar.gradcam.image.samples.SampleScale;
import io.camjar.gradcam.image.samples.Samples;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads images from DICOM files: little-endian with and without kinds, big-endian and deflated;
 * pixels as they are, run-length coded, or as JPEG files for a {@link FrameDecoder}.
 *
 * <p>Gray values are rescaled and windowed as the file says, by the first of several windows; where
 * it says nothing, 8 unsigned bits are shown as they are and of others the smallest is black and
 * the largest white, padding aside. Small values are white in MONOCHROME1. Overlays are not drawn.
 */
public final class DicomReader {
  private static final int PREAMBLE = 128;
  private static final String MAGIC = "DICM";

  private final byte[] file;
  private final FrameDecoder jpeg;

  private DicomReader(byte[] file, FrameDecoder jpeg) {
    this.file = file;
    this.jpeg = jpeg;
  }

  /** Checks a frame's number against how many there are. */
  @FunctionalInterface
  public interface FrameCheck {
    /** Throws if there is no such frame. */
    void check(int frames);
  }

  /**
   * Whether a file without the usual preamble begins as DICOM: with an element of group 2 or 8, its
   * kind given or its length small.
   */
  public static boolean isBare(byte[] file) {
    if (file.length < 16 || file[1] != 0 || file[3] != 0 || (file[0] != 2 && file[0] != 8)) {
      return false;
    }
    int element = file[2] & 0xff;
    boolean kind = isUpper(file[4]) && isUpper(file[5]);
    boolean small = file[5] == 0 && file[6] == 0 && file[7] == 0 && (file[4] & 0xff) <= 64;
    return kind ? element <= 0x18 : small && file[0] == 8 && element <= 0x18 && element != 0x0a;
  }

  private static boolean isUpper(byte letter) {
    return letter >= 'A' && letter <= 'Z';
  }

  /**
   * Reads a frame.
   *
   * @param frame from 0
   * @param scale which gray values are black and white; null for what the file says
   * @param check is asked about the number of frames before any is read
   * @throws EOFException if the file is cut short
   * @throws IOException if it is damaged
   * @throws Refusal if it holds no image, or one of a kind that is not read
   */
  public static DicomImage read(
      byte[] file, int frame, @Nullable SampleScale scale, FrameDecoder jpeg, FrameCheck check)
      throws IOException {
    return new DicomReader(file, jpeg).read(frame, scale, check);
  }

  private DicomImage read(int frame, @Nullable SampleScale scale, FrameCheck check)
      throws IOException {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    in.position(hasPreamble() ? PREAMBLE + MAGIC.length() : 0);
    DicomDataset meta = DicomParser.meta(in);
    TransferSyntax syntax = syntax(meta, in.position());
    DicomDataset data =
        syntax.deflated()
            ? DicomParser.parse(inflate(in.position()), 0, syntax)
            : DicomParser.parse(file, in.position(), syntax);
    PixelModule module = PixelModule.of(data);
    check.check(module.frames());
    Element pixels = Objects.requireNonNull(data.get(Tag.PIXELS));
    int[] raw = raw(data, pixels, module, syntax, frame);
    if (module.isGray()) {
      if (module.samples() != 1) {
        throw new IOException("it has gray of %d samples a pixel".formatted(module.samples()));
      }
      Gray gray = new GrayTransform(data, module, frame).apply(raw, scale);
      return image(module, spread(gray.levels()), gray.samples(), gray.note());
    }
    boolean decoded = syntax.pixels() == TransferSyntax.Pixels.JPEG;
    return image(module, Colours.of(data, module, raw, decoded), null, null);
  }

  private static DicomImage image(
      PixelModule module, byte[] rgb, @Nullable Samples samples, @Nullable String note) {
    return new DicomImage(module.columns(), module.rows(), rgb, module.frames(), samples, note);
  }

  private static byte[] spread(byte[] gray) {
    byte[] out = new byte[gray.length * 3];
    for (int i = 0; i < out.length; i++) {
      out[i] = gray[i / 3];
    }
    return out;
  }

  private boolean hasPreamble() {
    if (file.length < PREAMBLE + MAGIC.length()) {
      return false;
    }
    for (int i = 0; i < MAGIC.length(); i++) {
      if (file[PREAMBLE + i] != MAGIC.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** What the file says, or, where it has no description, what its first element looks like. */
  private TransferSyntax syntax(DicomDataset meta, int start) {
    String uid = meta.text(Tag.TRANSFER_SYNTAX);
    if (!uid.isEmpty()) {
      return TransferSyntax.of(uid);
    }
    boolean kind = file.length > start + 6 && isUpper(file[start + 4]) && isUpper(file[start + 5]);
    return kind ? TransferSyntax.EXPLICIT : TransferSyntax.IMPLICIT;
  }

  private byte[] inflate(int from) throws IOException {
    Inflater inflater = new Inflater(true);
    try (InflaterInputStream in =
        new InflaterInputStream(
            new ByteArrayInputStream(file, from, file.length - from), inflater)) {
      byte[] out = in.readNBytes(Limits.FILE_BYTES + 1);
      if (out.length > Limits.FILE_BYTES) {
        throw new Refusal(
            "unpacks to more than the %d MB that camjar reads".formatted(Limits.FILE_BYTES >> 20),
            "make it smaller first");
      }
      return out;
    } finally {
      inflater.end();
    }
  }

  private int[] raw(
      DicomDataset data, Element pixels, PixelModule module, TransferSyntax syntax, int frame)
      throws IOException {
    if (pixels.fragments().isEmpty()) {
      if (syntax.pixels() != TransferSyntax.Pixels.NATIVE && pixels.length() == 0) {
        throw new IOException("its pixels are empty");
      }
      return NativePixels.read(data, pixels, module, frame);
    }
    byte[] bytes = FrameBytes.of(data.file(), pixels, module.frames(), frame);
    return switch (syntax.pixels()) {
      case RLE -> Rle.decode(bytes, module);
      case JPEG ->
          jpeg.decode(
              bytes,
              module.columns(),
              module.rows(),
              module.samples(),
              module.photometric().startsWith("YBR"));
      case NATIVE -> throw new IOException("its pixels come in fragments, but are not compressed");
    };
  }
}
