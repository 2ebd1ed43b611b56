package io.camjar.weights.names;

import io.camjar.engine.model.family.Families;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.Shapes;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The published network whose weights are most like those of a file that no family recognises, and
 * what differs.
 *
 * <p>Names and shapes are both compared, since a network of other names is known by its shapes, and
 * one of other widths by its names. Weights are tensors of two dimensions and more: vectors of the
 * same length are in every network.
 */
final class NearestMember {
  /** Networks that share less have little but their first convolution in common. */
  private static final double LEAST = 0.25;

  /** Classes of a published network, which a file's need not be. */
  private static final int CLASSES = 1000;

  private final Map<String, String> weights;

  private NearestMember(Map<String, String> weights) {
    this.weights = weights;
  }

  /** A published network, how many names or shapes a file shares with it, and which of the two. */
  private record Likeness(
      String name, Map<String, String> member, double rank, long shared, boolean byName) {}

  /** The published networks' weights, shapes as text, made when the first file is refused. */
  private static final class Published {
    static final Map<String, Map<String, String>> ALL =
        Families.names().stream()
            .collect(
                Collectors.toMap(
                    name -> name,
                    name -> weights(Families.named(name, CLASSES).parameterShapes()),
                    (a, b) -> a,
                    LinkedHashMap::new));
  }

  /** The refusal with the nearest network and what differed; the same if none is near. */
  static Malformed added(Malformed refusal, StateDict tensors) {
    return of(tensors)
        .map(near -> new Malformed(refusal.getMessage() + "; " + near, refusal.remedy()))
        .orElse(refusal);
  }

  /** A sentence's part such as {@code nearest is vgg16: ...}; empty if no network is near. */
  static Optional<String> of(StateDict tensors) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (TensorEntry tensor : tensors.entries()) {
      if (tensor.dtype().isFloating()) {
        shapes.put(tensor.name(), tensor.shape());
      }
    }
    return new NearestMember(weights(shapes)).nearest();
  }

  private static Map<String, String> weights(Map<String, long[]> shapes) {
    Map<String, String> weights = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> {
          if (shape.length > 1) {
            weights.put(name, Shapes.toString(shape));
          }
        });
    return weights;
  }

  private Optional<String> nearest() {
    Likeness best = null;
    for (Map.Entry<String, Map<String, String>> one : Published.ALL.entrySet()) {
      double most = Math.max(one.getValue().size(), weights.size());
      if (Math.min(one.getValue().size(), weights.size()) < LEAST * most) {
        continue;
      }
      long names = one.getValue().keySet().stream().filter(weights::containsKey).count();
      long shapes = common(one.getValue());
      long shared = Math.max(names, shapes);
      // Members of the same names differ in shapes, and those of the same shapes in names.
      double rank = (shared + Math.min(names, shapes) / 2.0) / most;
      if (shared >= LEAST * most && (best == null || rank > best.rank())) {
        best = new Likeness(one.getKey(), one.getValue(), rank, shared, names >= shapes);
      }
    }
    return Optional.ofNullable(best).map(this::described);
  }

  /** How many of the file's shapes the network has as well, each counted as often as in both. */
  private long common(Map<String, String> member) {
    Map<String, Integer> left = new HashMap<>();
    member.values().forEach(shape -> left.merge(shape, 1, Integer::sum));
    long common = 0;
    for (String shape : weights.values()) {
      if (left.merge(shape, -1, Integer::sum) >= 0) {
        common++;
      }
    }
    return common;
  }

  private String described(Likeness near) {
    return "nearest is " + near.name() + (near.byName() ? byName(near) : byShape(near));
  }

  private String byName(Likeness near) {
    List<String> strange = new ArrayList<>();
    List<String> other = new ArrayList<>();
    weights.forEach(
        (name, shape) -> {
          String wanted = near.member().get(name);
          if (wanted == null) {
            strange.add("'%s' %s is not in it".formatted(name, shape));
          } else if (!wanted.equals(shape)) {
            other.add("'%s' is %s, not %s".formatted(name, shape, wanted));
          }
        });
    List<String> missing =
        near.member().keySet().stream()
            .filter(name -> !weights.containsKey(name))
            .map("'%s' is missing"::formatted)
            .toList();
    return counted(near, "names")
        + Stream.of(first(strange), first(missing), first(other))
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining(", "));
  }

  private String byShape(Likeness near) {
    String ours = weights.keySet().iterator().next();
    String theirs = near.member().keySet().iterator().next();
    return counted(near, "shapes") + "its first is '%s', here '%s'".formatted(theirs, ours);
  }

  private String counted(Likeness near, String what) {
    return ", with which %d of its %d weights share %s (it has %d): "
        .formatted(near.shared(), weights.size(), what, near.member().size());
  }

  /** The first of several, and how many more there are. */
  private static String first(List<String> texts) {
    if (texts.size() < 2) {
      return String.join("", texts);
    }
    return "%s (and %d more)".formatted(texts.get(0), texts.size() - 1);
  }
}
