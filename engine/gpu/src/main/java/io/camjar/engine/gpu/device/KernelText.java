package io.camjar.engine.gpu.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The texts of the kernels, in the common subset of OpenCL C and CUDA C. */
public final class KernelText {
  /** All texts, without the three that each of them begins with. */
  public static final List<String> NAMES =
      List.of(
          "convolution",
          "depthwise",
          "gradient",
          "linear",
          "peak",
          "planes",
          "pools",
          "values",
          "winograd");

  private static final String FOLDER = "/io/camjar/engine/gpu/kernels/";

  private KernelText() {}

  /**
   * A text as a compiler takes it.
   *
   * @param name one of {@link #NAMES}
   * @param cuda whether CUDA C is wanted
   * @param constants defined before it
   */
  public static String of(String name, boolean cuda, Map<String, Integer> constants) {
    StringBuilder text = new StringBuilder(cuda ? "#define CAMJAR_CUDA\n" : "");
    new TreeMap<>(constants)
        .forEach(
            (constant, value) ->
                text.append("#define ").append(constant).append(' ').append(value).append('\n'));
    for (String part : List.of("common", "activation", "precision", name)) {
      text.append(read(part));
    }
    return text.toString();
  }

  private static String read(String name) {
    try (InputStream in = KernelText.class.getResourceAsStream(FOLDER + name + ".cl")) {
      if (in == null) {
        throw new IllegalArgumentException("the jar has no kernels named " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a damaged jar
    }
  }
}
