package io.camjar.gradcam;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/** The checkpoints that weights-import's tests read; this module's build copies them. */
public final class WeightsFixtures {
  private WeightsFixtures() {}

  /**
   * One of them.
   *
   * @param name as {@code checkpoints/zip-fastai1.pth}
   */
  public static Path path(String name) {
    URL resource = WeightsFixtures.class.getResource("/io/camjar/weights/" + name);
    if (resource == null) {
      throw new AssertionError("no test resource /io/camjar/weights/" + name);
    }
    try {
      return Path.of(resource.toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
