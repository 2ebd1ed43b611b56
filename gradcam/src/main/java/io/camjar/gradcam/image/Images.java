package io.camjar.gradcam.image;

import io.camjar.gradcam.image.decode.Decoder;
import io.camjar.gradcam.image.decode.ImageFormat;
import io.camjar.gradcam.image.decode.ReadOptions;
import io.camjar.gradcam.image.decode.Rgb;
import io.camjar.gradcam.image.samples.Limits;
import io.camjar.gradcam.image.samples.Refusal;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Reads images as {@code Image.open(p).convert('RGB')} of Pillow does, and turns them upright.
 *
 * <p>JPEG (gray, RGB, CMYK), PNG, GIF and WebP (the first frame on its canvas), BMP, TIFF and
 * BigTIFF (the first page), DICOM (the first frame). Like Pillow: alpha and palette transparency
 * are dropped, CMYK becomes RGB without a colour profile, embedded profiles and gamma are ignored.
 * Unlike Pillow: 16-bit gray keeps its high byte (Pillow clips all values above 255 to white);
 * signed, floating-point and 32-bit samples need {@link ReadOptions#withScale a scale} (Pillow
 * clips them); and the orientation of EXIF and XMP is applied ({@code ImageOps.exif_transpose})
 * unless {@link ReadOptions#withOrient} leaves it, as the loaders of torchvision, timm and fastai
 * do.
 *
 * <p>Pixels equal Pillow's bit for bit, JPEG with libjpeg-turbo included, but for two kinds whose
 * chroma is repeated where Pillow's libraries blend it: lossy WebP (1 to 3 of 255 off on average
 * over photographs, up to 50 at single samples) and, on JDKs that carry libjpeg 6b, 4:4:0 JPEG.
 *
 * <p>At most 100 million pixels and 256 MiB of file, at least 1 x 1 pixel, judged by the header
 * before memory for pixels is taken. Needs no display and no disk cache.
 */
public final class Images {
  private Images() {}

  /**
   * Reads an image from a file.
   *
   * @throws ImageException naming the file, what is wrong with it and what to do
   */
  public static RgbImage read(Path file) {
    return read(file, ReadOptions.STANDARD).image();
  }

  /**
   * Reads an image from a file, and says how.
   *
   * @throws ImageException naming the file, what is wrong with it and what to do
   */
  public static DecodedImage read(Path file, ReadOptions options) {
    String name = file.toString();
    if (Files.isDirectory(file)) {
      throw new ImageException(name + " is a folder, not an image; name the images inside it.");
    }
    if (!Files.exists(file)) {
      throw new ImageException("There is no file " + name + "; check the path.");
    }
    if (!Files.isRegularFile(file)) {
      throw new ImageException(name + " is not a regular file; copy the image to one.");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, name, options);
    } catch (AccessDeniedException e) {
      throw new ImageException(name + " may not be read; check its permissions.", e);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  /**
   * Reads an image from the bytes of a file.
   *
   * @param name what to call the image in messages
   * @throws ImageException naming the image, what is wrong with it and what to do
   */
  public static DecodedImage read(byte[] file, String name, ReadOptions options) {
    return decode(file, name, options);
  }

  /** See {@link RgbImage#of(BufferedImage)}. */
  static RgbImage of(BufferedImage image) {
    try {
      Rgb pixels = Decoder.pixels(image);
      return RgbImage.wrap(pixels.width(), pixels.height(), pixels.samples());
    } catch (Refusal e) {
      throw new ImageException("The image %s; %s.".formatted(e.getMessage(), e.remedy()), e);
    } catch (IOException e) {
      throw unreadable("The image", e);
    }
  }

  /**
   * Reads an image from a stream, to its end; the stream is left open.
   *
   * @param name what to call the image in messages
   * @throws ImageException naming the image, what is wrong with it and what to do
   */
  public static RgbImage read(InputStream in, String name) {
    return read(in, name, ReadOptions.STANDARD).image();
  }

  /**
   * Reads an image from a stream, to its end, and says how; the stream is left open.
   *
   * @param name what to call the image in messages
   * @throws ImageException naming the image, what is wrong with it and what to do
   */
  public static DecodedImage read(InputStream in, String name, ReadOptions options) {
    byte[] file;
    try {
      file = in.readNBytes(Limits.FILE_BYTES + 1);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
    return decode(file, name, options);
  }

  private static ImageException unreadable(String name, IOException e) {
    return new ImageException(
        "%s could not be read (%s); check the disk or the connection.".formatted(name, describe(e)),
        e);
  }

  private static DecodedImage decode(byte[] file, String name, ReadOptions options) {
    if (file.length == 0) {
      throw new ImageException(name + " is empty; save or download the image again.");
    }
    if (file.length > Limits.FILE_BYTES) {
      throw new ImageException(
          "%s is larger than the %d MB that camjar reads; make it smaller first."
              .formatted(name, Limits.FILE_BYTES >> 20));
    }
    ImageFormat format = ImageFormat.of(file);
    try {
      Decoder.Result result = Decoder.decode(format, file, options);
      Rgb pixels = result.pixels();
      return new DecodedImage(
          RgbImage.wrap(pixels.width(), pixels.height(), pixels.samples()), result.decoding());
    } catch (Refusal e) {
      throw new ImageException("%s %s; %s.".formatted(name, e.getMessage(), e.remedy()), e);
    } catch (IOException | RuntimeException e) {
      // The plugins answer damaged files with many kinds of unchecked exceptions.
      throw damaged(name, format, e);
    } catch (OutOfMemoryError e) {
      // A hostile length inside the file, or a heap full of other things; one array failed.
      throw new ImageException(
          "%s asks for more memory than Java has; make it smaller or give Java more with -Xmx."
              .formatted(name),
          e);
    }
  }

  private static ImageException damaged(String name, ImageFormat format, Exception e) {
    if (endsEarly(e)) {
      return new ImageException(
          "%s is cut short: its %s data ends early; save or download the image again."
              .formatted(name, format),
          e);
    }
    // What Java says of an index or a cast means nothing to whoever has the image.
    boolean spoken = e instanceof IOException || e instanceof IllegalArgumentException;
    String why = spoken ? describe(e) : "its parts do not fit one another";
    return new ImageException(
        "%s looks like %s but is damaged or of a kind camjar does not read (%s); save it again as PNG."
            .formatted(name, format, why),
        e);
  }

  /** Whether the data ended, also where a plugin wraps that into a failure of its own. */
  private static boolean endsEarly(Throwable failure) {
    for (Throwable one = failure; one != null; one = one.getCause()) {
      if (one instanceof EOFException) {
        return true;
      }
    }
    return false;
  }

  private static String describe(Exception e) {
    String message = e.getMessage();
    if (message == null || message.isBlank()) {
      return e.getClass().getSimpleName().replace("Exception", "").toLowerCase(Locale.ROOT);
    }
    String line = message.strip().lines().findFirst().orElse("");
    return line.length() > 160 ? line.substring(0, 157) + "..." : line;
  }
}
