package io.camjar.gradcam.labels;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The {@code config.json} next to weights, as the Hugging Face hub keeps models of Transformers and
 * timm: what their classes are called and what their outputs mean stands there and not in the
 * weights.
 *
 * @param file where it lies
 * @param names of the classes, if it has any but placeholders
 * @param problemType Transformers' {@code problem_type}: {@code single_label_classification},
 *     {@code multi_label_classification} or {@code regression}
 */
public record HubConfig(Path file, Optional<ClassNames> names, Optional<String> problemType) {
  private static final long LARGEST = 16 << 20;
  private static final JsonMapper JSON = new JsonMapper();

  /** Only of weights so called does a {@code config.json} speak. */
  private static final Pattern WEIGHTS =
      Pattern.compile(
          "(pytorch_model|model)(-\\d+-of-\\d+)?\\.(bin|safetensors)(\\.index\\.json)?");

  /** What Transformers calls classes that nobody has named. */
  private static final Pattern PLACEHOLDER = Pattern.compile("LABEL_\\d+");

  /**
   * The configuration that belongs to a file of weights; nothing if there is none that can be read.
   *
   * @param source the path of the weights, or of the folder that they lie in
   */
  public static Optional<HubConfig> beside(String source) {
    try {
      Path weights = Path.of(source);
      boolean folder = Files.isDirectory(weights);
      Path file = folder ? weights.resolve("config.json") : weights.resolveSibling("config.json");
      Path name = weights.getFileName();
      boolean belongs = folder || (name != null && WEIGHTS.matcher(name.toString()).matches());
      if (!belongs || !Files.isRegularFile(file) || Files.size(file) > LARGEST) {
        return Optional.empty();
      }
      return Optional.of(of(file, JSON.readTree(Files.readAllBytes(file))));
    } catch (JsonProcessingException | InvalidPathException e) {
      return Optional.empty(); // Not what the hub keeps: the weights stand for themselves.
    } catch (IOException e) {
      return Optional.empty(); // It may not be read, which is no fault of the weights.
    }
  }

  private static HubConfig of(Path file, JsonNode root) {
    Optional<ClassNames> names =
        LabelJson.known(root)
            .filter(
                known ->
                    !known.names().stream().allMatch(name -> PLACEHOLDER.matcher(name).matches()));
    return new HubConfig(file, names, Optional.ofNullable(root.path("problem_type").textValue()));
  }
}
