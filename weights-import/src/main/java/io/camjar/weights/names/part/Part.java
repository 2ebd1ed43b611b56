package io.camjar.weights.names.part;

import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A module that has tensors of its own, and what their names and shapes say that it is.
 *
 * @param path the module's path, empty for tensors of the outermost module
 * @param kind what it is
 * @param tensors its own, by the last part of their names
 */
public record Part(String path, Kind kind, Map<String, TensorEntry> tensors) {

  /** What a module is. */
  public enum Kind {
    /** A weight of four dimensions, perhaps a bias. */
    CONV,
    /** A batch norm: weight, bias and running statistics of one length. */
    NORM,
    /** A weight of two dimensions, perhaps a bias. */
    LINEAR,
    /** Anything else. */
    OTHER
  }

  /** All modules that have tensors, in the order of the file; counters of training are left out. */
  public static Map<String, Part> of(Collection<TensorEntry> tensors) {
    Map<String, Map<String, TensorEntry>> grouped = new LinkedHashMap<>();
    for (TensorEntry tensor : tensors) {
      if (!tensor.name().endsWith(BodyNames.COUNTER)) {
        int dot = tensor.name().lastIndexOf('.');
        String path = dot < 0 ? "" : tensor.name().substring(0, dot);
        grouped
            .computeIfAbsent(path, p -> new LinkedHashMap<>())
            .put(tensor.name().substring(dot + 1), tensor);
      }
    }
    Map<String, Part> parts = new LinkedHashMap<>();
    grouped.forEach((path, own) -> parts.put(path, new Part(path, kind(own), own)));
    return parts;
  }

  private static Kind kind(Map<String, TensorEntry> own) {
    TensorEntry weight = own.get("weight");
    if (weight == null || weight.elements() == 0) {
      return Kind.OTHER;
    }
    TensorEntry bias = own.get("bias");
    boolean biasFits = bias == null || (bias.rank() == 1 && bias.size(0) == weight.size(0));
    boolean alone = own.size() == (bias == null ? 1 : 2);
    if (weight.rank() == 4 && alone && biasFits) {
      return Kind.CONV;
    }
    if (weight.rank() == 2 && alone && biasFits) {
      return Kind.LINEAR;
    }
    boolean norm =
        own.size() == 4
            && own.containsKey("running_mean")
            && own.containsKey("running_var")
            && bias != null
            && own.values().stream()
                .allMatch(tensor -> tensor.rank() == 1 && tensor.size(0) == weight.size(0));
    return norm ? Kind.NORM : Kind.OTHER;
  }

  /** The weight. */
  TensorEntry weight() {
    TensorEntry weight = tensors.get("weight");
    if (weight == null) {
      throw new IllegalStateException(path + " has no weight");
    }
    return weight;
  }

  /** Rows of the weight: what a convolution or linear layer puts out, a norm's length. */
  public long out() {
    return weight().size(0);
  }

  /** Columns of the weight: what a convolution or linear layer takes in. */
  public long in() {
    return weight().size(1);
  }

  /** Whether it has a bias. */
  public boolean hasBias() {
    return tensors.containsKey("bias");
  }

  /** Whether it is a convolution with a square kernel of this side. */
  public boolean isConv(int side) {
    return kind == Kind.CONV && weight().size(2) == side && weight().size(3) == side;
  }

  /** The module that it is a child of; empty for the outermost. */
  public String parent() {
    return parent(path);
  }

  /** The last part of the path. */
  String child() {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /** Whether it stands in an {@code nn.Sequential} or list: its name is a number. */
  public boolean isNumbered() {
    return child().matches("\\d{1,4}");
  }

  /** Its place among its numbered siblings. */
  public int number() {
    return Integer.parseInt(child());
  }

  /** How messages name it: by its path, or by its first tensor where it has none. */
  public String title() {
    return "'" + (path.isEmpty() ? tensors.keySet().iterator().next() : path) + "'";
  }

  /** The path of the module that another lies in; empty for the whole network. */
  public static String parent(String path) {
    int dot = path.lastIndexOf('.');
    return dot < 0 ? "" : path.substring(0, dot);
  }

  /** Whether a module lies in another, or is it. */
  public static boolean isWithin(String path, String container) {
    return container.isEmpty() || path.equals(container) || path.startsWith(container + ".");
  }

  /** The innermost module that holds all of these. */
  public static String common(Collection<String> paths) {
    List<String> rest = new ArrayList<>(paths);
    String common = parent(rest.get(0));
    while (true) {
      String here = common;
      if (rest.stream().allMatch(path -> isWithin(path, here))) {
        return common;
      }
      common = parent(common);
    }
  }
}
