package io.camjar.gradcam.image;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.image.decode.ImageFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** Tells images from other files, to search folders; {@link Images} reads them. */
public final class ImageFileFilter {
  private static final Set<String> ENDINGS =
      Set.of(
          "jpg", "jpeg", "jpe", "jfif", "png", "gif", "bmp", "dib", "tif", "tiff", "webp", "dcm",
          "dicom");

  /** The index that lies in the folders of medical media: DICOM, but no image. */
  private static final String DICOM_INDEX = "DICOMDIR";

  private ImageFileFilter() {}

  /**
   * Whether a file is meant to be an image: by the ending of its name, so that damaged ones are not
   * lost, else by its first bytes.
   */
  public static boolean isMeantAsImage(Path file) {
    String name = file.getFileName().toString();
    if (name.equalsIgnoreCase(DICOM_INDEX)) {
      return false;
    }
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return ENDINGS.contains(ending) || beginsAsImage(file);
  }

  /**
   * Refuses a file or folder whose name is no text in the system's encoding. Java puts one and the
   * same sign for whatever it cannot read, so two classes would be one.
   *
   * @throws CamjarException naming it and the encoding
   */
  public static void requireText(Path file) {
    boolean text;
    try {
      text = file.getFileSystem().getPath(file.toString()).equals(file);
    } catch (InvalidPathException e) {
      text = false;
    }
    if (!text) {
      throw new CamjarException(
          "the name of %s is no text in the system's encoding, %s, and could be taken for another's; set LC_ALL=C.UTF-8, or rename it"
              .formatted(file, System.getProperty("sun.jnu.encoding")));
    }
  }

  private static boolean beginsAsImage(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return ImageFormat.of(in.readNBytes(ImageFormat.BEGINNING)) != ImageFormat.UNKNOWN;
    } catch (IOException e) {
      // Neither its name nor its content says that it is an image.
      return false;
    }
  }
}
