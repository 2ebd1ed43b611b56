package io.camjar.gradcam.labels;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.camjar.engine.CamjarException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Names of classes in JSON, or in the literal of a Python dict or list. */
final class LabelJson {
  private static final int DEEPEST = 3;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
          .build();

  /** Where Transformers, timm, torchvision, fastai, Ultralytics and COCO keep names. */
  private static final List<String> KEYS =
      List.of(
          "id2label",
          "idx2label",
          "idx_to_class",
          "label_names",
          "class_names",
          "classes",
          "vocab",
          "names",
          "categories",
          "labels",
          "class_to_idx",
          "label2id",
          "pretrained_cfg");

  private static final List<String> NAME_KEYS = List.of("name", "label", "class", "title");
  private static final List<String> NUMBER_KEYS = List.of("id", "index", "idx");

  private LabelJson() {}

  static ClassNames read(String source, String text) {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new CamjarException(
          "%s begins as JSON and is none (line %d); give JSON, or one class name a line"
              .formatted(source, e.getLocation() == null ? 1 : e.getLocation().getLineNr()),
          e);
    }
    return names(root, 0)
        .orElseThrow(
            () ->
                new CamjarException(
                    source
                        + " is JSON without names for classes 0 to n - 1; give a list of names,"
                        + " {\"0\": name, ...} or {name: 0, ...}"));
  }

  private static Optional<ClassNames> names(JsonNode node, int depth) {
    if (depth > DEEPEST) {
      return Optional.empty();
    }
    if (node.isArray()) {
      return ofList(node);
    }
    Optional<ClassNames> known = known(node, depth);
    return known.isEmpty() && node.isObject() ? ofMap(node) : known;
  }

  /** The names under one of the keys that are known. */
  static Optional<ClassNames> known(JsonNode node) {
    return known(node, 0);
  }

  private static Optional<ClassNames> known(JsonNode node, int depth) {
    for (String key : KEYS) {
      JsonNode inside = node.get(key);
      if (inside != null && inside.isContainerNode()) {
        Optional<ClassNames> found = names(inside, depth + 1);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  /** A list's order is the classes', unless its entries say their numbers. */
  private static Optional<ClassNames> ofList(JsonNode list) {
    List<IndexedName> inOrder = new ArrayList<>();
    List<IndexedName> numbered = new ArrayList<>();
    for (JsonNode entry : list) {
      IndexedName name = entry(inOrder.size(), entry);
      if (name == null) {
        return Optional.empty();
      }
      inOrder.add(name);
      for (String key : NUMBER_KEYS) {
        if (entry.path(key).isInt()) {
          numbered.add(new IndexedName(entry.get(key).asInt(), name.name(), name.id()));
          break;
        }
      }
    }
    Optional<ClassNames> byNumber =
        numbered.size() == inOrder.size() ? IndexedName.inOrder(numbered) : Optional.empty();
    return byNumber.isPresent() ? byNumber : IndexedName.inOrder(inOrder);
  }

  private static Optional<ClassNames> ofMap(JsonNode map) {
    List<IndexedName> names = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      JsonNode value = entry.getValue();
      IndexedName name =
          value.isInt()
              ? new IndexedName(value.asInt(), entry.getKey(), null)
              : entry.getKey().matches("\\d{1,6}")
                  ? entry(Integer.parseInt(entry.getKey()), value)
                  : null;
      if (name == null) {
        return Optional.empty();
      }
      names.add(name);
    }
    return names.isEmpty() ? Optional.empty() : IndexedName.inOrder(names);
  }

  /** A name; {@code ["n01440764", "tench"]}; or an object with a name in it. */
  private static @Nullable IndexedName entry(int number, JsonNode value) {
    if (value.isTextual()) {
      return new IndexedName(number, value.asText(), null);
    }
    if (value.isArray() && value.size() == 2 && value.get(1).isTextual()) {
      return new IndexedName(number, value.get(1).asText(), value.get(0).asText());
    }
    for (String key : NAME_KEYS) {
      if (value.path(key).isTextual()) {
        return new IndexedName(number, value.get(key).asText(), null);
      }
    }
    return null;
  }
}
