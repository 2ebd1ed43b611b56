package io.camjar.gradcam.image.decode;

import io.camjar.gradcam.image.metadata.WebpChunks;
import io.camjar.gradcam.image.samples.Limits;
import java.io.IOException;

/** WebP: an image, or the first frame of an animation on its canvas, as Pillow shows it. */
final class WebpDecoder {
  /** libwebp's decoder of animations starts from transparent black, whatever the file says. */
  private static final int BACKGROUND = 0;

  private WebpDecoder() {}

  static Rgb decode(byte[] file, Decoding.Builder report) throws IOException {
    WebpChunks chunks = WebpChunks.of(file);
    report.orientation(chunks.orientation());
    try (Plugin plugin = Plugin.open(ImageFormat.WEBP, file)) {
      if (chunks.frames() == 0) {
        plugin.checkSize();
      } else {
        Limits.check(chunks.canvasWidth(), chunks.canvasHeight());
        report.page(1, chunks.frames());
        Limits.checkArea(plugin.reader().getWidth(0), plugin.reader().getHeight(0));
      }
      Rgb frame = Pixels.toRgb(plugin.reader().read(0));
      plugin.checkComplete();
      return chunks.frames() == 0
          ? frame
          : AnimationCanvas.of(chunks.canvasWidth(), chunks.canvasHeight(), BACKGROUND)
              .with(frame, chunks.left(), chunks.top());
    }
  }
}
