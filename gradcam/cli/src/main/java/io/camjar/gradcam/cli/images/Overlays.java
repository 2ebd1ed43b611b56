package io.camjar.gradcam.cli.images;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.dataset.ImageMap;
import io.camjar.gradcam.image.RgbImage;
import io.camjar.gradcam.render.ColorMap;
import io.camjar.gradcam.render.MapView;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * Images under their maps, read again when they are shown: of a large folder only few are.
 *
 * @param files reads them
 * @param alpha the heat's share, 0 to 1
 */
public record Overlays(ImageFiles files, ColorMap colors, double alpha)
    implements Function<ImageMap, Optional<RgbImage>> {
  @Override
  public Optional<RgbImage> apply(ImageMap map) {
    try {
      RgbImage image = files.read(Path.of(map.image())).image();
      return Optional.of(MapView.of(image, map.region(), map.map()).overlay(colors, alpha));
    } catch (CamjarException e) {
      return Optional.empty(); // it was there a moment ago; the tables have its figures
    }
  }
}
