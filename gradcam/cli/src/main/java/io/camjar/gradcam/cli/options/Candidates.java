package io.camjar.gradcam.cli.options;

import io.camjar.gradcam.image.Preset;
import io.camjar.gradcam.method.CamMethods;
import io.camjar.gradcam.render.ColorMap;
import java.util.Iterator;

/** The words that options take, for the help. */
public final class Candidates {
  private Candidates() {}

  /** Of {@code --method}. */
  public static final class Methods implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return CamMethods.names().iterator();
    }
  }

  /** Of {@code --preset}. */
  static final class Presets implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Preset.names().iterator();
    }
  }

  /** Of {@code --colormap}. */
  public static final class ColorMaps implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return ColorMap.names().iterator();
    }
  }
}
