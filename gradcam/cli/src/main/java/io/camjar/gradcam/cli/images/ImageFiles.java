package io.camjar.gradcam.cli.images;

import io.camjar.gradcam.image.DecodedImage;
import io.camjar.gradcam.image.Images;
import io.camjar.gradcam.image.decode.Decoding;
import io.camjar.gradcam.image.decode.ReadOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads image files as the options say, and tells a user what they should know about each, once.
 */
public final class ImageFiles {
  private final ReadOptions options;
  private final PrintWriter err;
  private final Set<Path> told = ConcurrentHashMap.newKeySet();

  /**
   * A reader of files.
   *
   * @param err where remarks go, a line each
   */
  public ImageFiles(ReadOptions options, PrintWriter err) {
    this.options = options;
    this.err = err;
  }

  /**
   * Reads an image.
   *
   * @throws io.camjar.gradcam.image.ImageException naming the file, what is wrong with it and what
   *     to do
   */
  public DecodedImage read(Path file) {
    DecodedImage image = Images.read(file, options);
    if (told.add(file)) {
      tell(file, image.decoding());
    }
    return image;
  }

  private void tell(Path file, Decoding decoding) {
    decoding.notes().forEach(note -> err.println("camjar: note: " + file + " " + note));
    if (decoding.samples() != null) {
      err.println("camjar: " + file + ": " + decoding.samples().describe());
    }
    err.flush();
  }
}
