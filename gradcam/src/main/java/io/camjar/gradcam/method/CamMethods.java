package io.camjar.gradcam.method;

import io.camjar.engine.CamjarException;
import io.camjar.engine.NearestNames;
import java.util.List;

/** The methods there are, by name. */
public final class CamMethods {
  private static final List<CamMethod> ALL = List.of(new GradCam(), new HiResCam());

  private CamMethods() {}

  /** The names of all methods, the usual one first. */
  public static List<String> names() {
    return ALL.stream().map(CamMethod::name).toList();
  }

  /** Grad-CAM, what is meant unless something else is said. */
  public static CamMethod standard() {
    return ALL.get(0);
  }

  /**
   * The method of that name.
   *
   * @throws CamjarException with the names there are
   */
  public static CamMethod named(String name) {
    for (CamMethod method : ALL) {
      if (method.name().equalsIgnoreCase(name)) {
        return method;
      }
    }
    throw new CamjarException(
        "there is no method \"%s\"; did you mean %s? There are %s"
            .formatted(name, NearestNames.of(name, names(), 1).get(0), String.join(", ", names())));
  }
}
