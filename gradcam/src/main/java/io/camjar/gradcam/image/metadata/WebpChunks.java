package io.camjar.gradcam.image.metadata;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The chunks of a WebP file. */
public final class WebpChunks {
  private static final int HEAD = 12;
  private static final int CHUNK = 8;

  /** Before the data of a frame: where it lies, its size, for how long, how. */
  private static final int FRAME_HEAD = 16;

  private final byte[] file;
  private byte[] exif = {};
  private byte[] xmp = {};
  private int canvasWidth;
  private int canvasHeight;
  private int frames;
  private int left;
  private int top;

  private WebpChunks(byte[] file) {
    this.file = file;
  }

  /**
   * Reads what the file says about itself.
   *
   * @throws EOFException if the file is shorter than it says
   */
  public static WebpChunks of(byte[] file) throws EOFException {
    WebpChunks chunks = new WebpChunks(file);
    chunks.parse();
    return chunks;
  }

  /** Which way the file says is up. */
  public OrientationTag orientation() {
    return OrientationTag.of(exif, xmp);
  }

  /** How many frames an animation has; 0 where the file is none. */
  public int frames() {
    return frames;
  }

  /** Columns of an animation's canvas. */
  public int canvasWidth() {
    return canvasWidth;
  }

  /** Rows of an animation's canvas. */
  public int canvasHeight() {
    return canvasHeight;
  }

  /** The column of the canvas where the first frame begins. */
  public int left() {
    return left;
  }

  /** The row of the canvas where the first frame begins. */
  public int top() {
    return top;
  }

  private void parse() throws EOFException {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    // The reader would fill what is missing with zeros.
    if (file.length < HEAD || (in.getInt(4) & 0xffffffffL) + 8 > file.length) {
      throw new EOFException("the RIFF container ends early");
    }
    long at = HEAD;
    while (at + CHUNK <= file.length) {
      long length = in.getInt((int) at + 4) & 0xffffffffL;
      note((int) at, (int) at + CHUNK, (int) Math.min(at + CHUNK + length, file.length));
      at += CHUNK + length + (length & 1);
    }
  }

  private void note(int at, int body, int end) {
    if (Bytes.starts(file, at, "EXIF")) {
      exif = Arrays.copyOfRange(file, body, end);
    } else if (Bytes.starts(file, at, "XMP ")) {
      xmp = Arrays.copyOfRange(file, body, end);
    } else if (Bytes.starts(file, at, "VP8X") && end - body >= 10) {
      canvasWidth = 1 + number(body + 4);
      canvasHeight = 1 + number(body + 7);
    } else if (Bytes.starts(file, at, "ANMF") && end - body >= FRAME_HEAD) {
      if (frames == 0) {
        // Stored halved: frames begin at even places.
        left = 2 * number(body);
        top = 2 * number(body + 3);
      }
      frames++;
    }
  }

  /** 24 bits, the low byte first. */
  private int number(int at) {
    return (file[at] & 0xff) | (file[at + 1] & 0xff) << 8 | (file[at + 2] & 0xff) << 16;
  }
}
