package io.camjar.gradcam.cli.earlier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.camjar.engine.CamjarException;
import io.camjar.gradcam.Explanation;
import io.camjar.gradcam.ModelInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What an earlier run left under the stem that results are about to be written under. One stem in a
 * folder is one image, prepared in one way, explained by one method on one network: the same again,
 * at other layers and for other classes too, adds to the record; anything else would replace it.
 */
public final class EarlierRecord {
  /** How the names of files end that the maps of all classes of a layer share. */
  public static final String OF_ALL_CLASSES = "_activation.npy";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path file;
  private final JsonNode record;

  private EarlierRecord(Path file, JsonNode record) {
    this.file = file;
    this.record = record;
  }

  /** Reads {@code STEM.json}, if it is there. */
  public static EarlierRecord of(Path folder, String stem) {
    Path file = folder.resolve(stem + ".json");
    try {
      return new EarlierRecord(
          file, Files.exists(file) ? MAPPER.readTree(file.toFile()) : MissingNode.getInstance());
    } catch (IOException e) {
      // A file of someone else: not a record, and not to be replaced.
      return new EarlierRecord(file, MAPPER.createObjectNode());
    }
  }

  /** Whether there is one. */
  public boolean exists() {
    return !record.isMissingNode();
  }

  /**
   * Refuses, before anything is computed, what would replace the results of something else.
   *
   * @throws CamjarException that says what differs
   */
  public void requireSame(String image, ModelInfo model, String method) {
    refuse(difference(image, model, method));
  }

  /**
   * The same when everything is known.
   *
   * @throws CamjarException that says what differs
   */
  public void requireSame(Explanation explanation) {
    refuse(difference(explanation));
  }

  /** What these results are of and the explanation is not; empty if they are of the same. */
  public Optional<String> difference(Explanation explanation) {
    return difference(explanation.image(), explanation.model(), explanation.method())
        .or(
            () ->
                differs("the preparation", before("input"), now(explanation))
                    .or(() -> scoreDifference(explanation)));
  }

  private void refuse(Optional<String> difference) {
    difference.ifPresent(
        what -> {
          throw new CamjarException(
              "%s is of another run, and this one would replace its results: %s; choose another --out, or --overwrite"
                  .formatted(file, what));
        });
  }

  private Optional<String> difference(String image, ModelInfo model, String method) {
    if (!exists()) {
      return Optional.empty();
    }
    String earlier = record.path("image").asText("");
    if (!sameFile(earlier, image)) {
      return differs("the image", earlier, image);
    }
    JsonNode weights = record.path("model");
    boolean sameWeights =
        model.sha256() == null
            ? weights.path("source").asText("").equals(model.source())
            : weights.path("sha256").asText("").equals(model.sha256());
    if (!sameWeights) {
      return Optional.of(
          "the weights were %s, now %s".formatted(weights.path("source").asText(), model.source()));
    }
    return differs("the method", record.path("method").asText(""), method);
  }

  private static boolean sameFile(String a, String b) {
    try {
      return a.equals(b)
          || Path.of(a)
              .toAbsolutePath()
              .normalize()
              .equals(Path.of(b).toAbsolutePath().normalize());
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static Optional<String> differs(String what, String before, String now) {
    return before.equals(now)
        ? Optional.empty()
        : Optional.of("%s was %s, now %s".formatted(what, before, now));
  }

  private String before(String component) {
    JsonNode input = record.path(component);
    return "%s at %d x %d"
        .formatted(
            input.path("preset").asText(),
            input.path("height").asInt(),
            input.path("width").asInt());
  }

  private static String now(Explanation explanation) {
    return "%s at %d x %d"
        .formatted(explanation.preset(), explanation.inputHeight(), explanation.inputWidth());
  }

  /** A class may be explained by another score, against another class say, under the same index. */
  private Optional<String> scoreDifference(Explanation explanation) {
    for (JsonNode map : record.path("maps")) {
      JsonNode target = map.path("class");
      String label = target.path("label").asText(null);
      for (var now : explanation.targets()) {
        boolean same = label == null || now.label() == null || label.equals(now.label());
        if (now.index() == target.path("index").asInt() && !same) {
          return differs("class " + now.index(), label, now.label());
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The entries of maps that stay in the folder because the new results have none of that layer and
   * class.
   *
   * @param written names of the files that are written now
   */
  public List<JsonNode> staying(Collection<String> written) {
    List<JsonNode> maps = new ArrayList<>();
    for (JsonNode map : record.path("maps")) {
      List<String> files = new ArrayList<>();
      map.path("files").forEach(name -> files.add(name.asText()));
      boolean there =
          !files.isEmpty()
              && ofOneMap(files).stream().noneMatch(written::contains)
              && files.stream().allMatch(name -> Files.exists(file.resolveSibling(name)));
      if (there) {
        maps.add(map);
      }
    }
    return maps;
  }

  private static List<String> ofOneMap(List<String> files) {
    List<String> own = files.stream().filter(name -> !name.endsWith(OF_ALL_CLASSES)).toList();
    return own.isEmpty() ? files : own;
  }

  /**
   * Removes the files of maps that no record would tell of any more.
   *
   * @param written names of the files that are written now
   */
  public void removeOthers(Collection<String> written) {
    for (JsonNode map : staying(written)) {
      for (JsonNode name : map.path("files")) {
        Path other = file.resolveSibling(name.asText()).normalize();
        boolean inFolder = file.getParent().normalize().equals(other.getParent());
        if (inFolder && !written.contains(name.asText())) {
          try {
            Files.deleteIfExists(other);
          } catch (IOException e) {
            throw new CamjarException(
                "%s of an earlier run could not be removed (%s)".formatted(other, e.getMessage()),
                e);
          }
        }
      }
    }
  }
}
