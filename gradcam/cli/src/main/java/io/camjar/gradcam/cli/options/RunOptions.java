package io.camjar.gradcam.cli.options;

import io.camjar.engine.CamjarException;
import io.camjar.gradcam.Explainer;
import io.camjar.gradcam.ModelInfo;
import io.camjar.gradcam.cli.images.TrueClasses;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * All that results depend on, the images aside: two runs whose options are equal would write the
 * same.
 *
 * @param values in words and figures, by name
 */
public record RunOptions(Map<String, String> values) {
  public RunOptions {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** What results do not depend on, or depend on by what is in a file rather than by its name. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "help",
          "out",
          "threads",
          "resume",
          "overwrite",
          "summary",
          "top-losses",
          "weights",
          "labels",
          "outputs");

  /** All options of a command, whether given or not, with what the model's files hold. */
  public static RunOptions of(CommandSpec command, Explainer explainer, TrueClasses truth) {
    Map<String, String> values = new TreeMap<>();
    for (OptionSpec option : command.options()) {
      String name = option.longestName().replaceFirst("^-+", "");
      if (!ELSEWHERE.contains(name)) {
        Object value = option.getValue();
        values.put(name, value == null ? "" : value.toString());
      }
    }
    ModelInfo model = explainer.model();
    values.put("weights", model.sha256() == null ? model.source() : model.sha256());
    values.put("labels", String.join(",", explainer.labels().names()));
    values.put("outputs", explainer.readout().outputs().word());
    values.put("actual", truth.basis());
    return new RunOptions(values);
  }

  /** A short word that other options do not share. */
  public String digest() {
    try {
      byte[] bytes = values.toString().getBytes(StandardCharsets.UTF_8);
      byte[] sha = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(sha, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new CamjarException("this Java has no SHA-256", e);
    }
  }
}
