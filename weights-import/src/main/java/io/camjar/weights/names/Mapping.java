package io.camjar.weights.names;

import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.module.NormFolding;
import io.camjar.weights.names.MappingRow.Fate;
import io.camjar.weights.names.part.BodyNames;
import io.camjar.weights.names.part.Unexplained;
import io.camjar.weights.provenance.Assumption;
import io.camjar.weights.tensor.Shapes;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The verdicts on a file's tensors as they are made. */
final class Mapping {
  static final String RESNET = "ResNet";
  private static final String REMEDY =
      "use a file that PyTorch's load_state_dict takes without strict=False";

  private final Map<String, String> sources;
  private final String family;
  private final List<MappingRow> rows = new ArrayList<>();
  private final Map<String, Integer> rowOf = new LinkedHashMap<>();
  private final Map<String, TensorEntry> mapped = new LinkedHashMap<>();
  private final List<TensorEntry> canonical = new ArrayList<>();
  private @Nullable Malformed fault;
  private int folded;
  private int unfolded;

  /**
   * No verdicts yet.
   *
   * @param sources the names in the file by those that are worked with
   * @param family what the network is taken for, such as {@code ResNet}
   */
  Mapping(Map<String, String> sources, String family) {
    this.sources = sources;
    this.family = family;
  }

  /** The tensor is part of the network; a counter of training is not needed, but has its place. */
  void map(TensorEntry tensor, String target) {
    if (target.endsWith(BodyNames.COUNTER)) {
      rows.add(row(Fate.IGNORED, tensor, target, MappingRow.COUNTS));
      return;
    }
    if (mapped.containsKey(target)) {
      String first = sourceOf(target);
      String second = sources.getOrDefault(tensor.name(), tensor.name());
      refuse(tensor, "'%s' is the same parameter".formatted(first));
      fail(
          () ->
              new Malformed(
                  "has '%s' and '%s' for one parameter".formatted(first, second),
                  "remove one of them from the file"));
      return;
    }
    mapped.put(target, tensor.named(target));
    rowOf.put(target, rows.size());
    rows.add(row(Fate.MAPPED, tensor, target, ""));
  }

  /** The tensor is not needed. */
  void ignore(TensorEntry tensor, String why) {
    rows.add(row(Fate.IGNORED, tensor, "", why));
  }

  /** The tensor keeps the network from running. */
  void refuse(TensorEntry tensor, String why) {
    rows.add(row(Fate.REFUSED, tensor, "", why));
  }

  /** What was mapped, under the engine's names. */
  StateDict mapped() {
    return StateDict.of(mapped.values());
  }

  /**
   * Takes the bias of a convolution into the batch norm behind it: {@code conv + bias - mean} is
   * {@code conv - (mean - bias)}.
   */
  void foldBias(String convolution, String norm) {
    TensorEntry bias = mapped.get(convolution + ".bias");
    TensorEntry mean = mapped.get(norm + ".running_mean");
    if (bias == null
        || mean == null
        || bias.rank() != 1
        || !Arrays.equals(bias.shape(), mean.shape())
        || !bias.dtype().isFloating()
        || !mean.dtype().isFloating()) {
      return;
    }
    mapped.remove(bias.name());
    mapped.put(mean.name(), NormFolding.withoutBias(mean, bias));
    int at = rowOf.get(bias.name());
    rows.set(
        at,
        new MappingRow(
            Fate.MAPPED, rows.get(at).source(), mean.name(), "taken into the batch norm's mean"));
    folded++;
  }

  /** How many biases of convolutions were taken into batch norms. */
  int folded() {
    return folded;
  }

  /**
   * Gives every convolution that has a bias, and no tensor of a batch norm behind it, the norm that
   * was folded into it: one that only adds the bias.
   */
  void unfoldNorms() {
    for (TensorEntry weight : List.copyOf(mapped.values())) {
      String convolution = weight.name().replaceFirst("\\.weight$", "");
      TensorEntry bias = mapped.get(convolution + ".bias");
      boolean biased =
          weight.name().endsWith(".weight")
              && weight.rank() == 4
              && bias != null
              && bias.rank() == 1
              && bias.size(0) == weight.size(0)
              && bias.dtype().isFloating();
      Optional<String> norm = biased ? BodyNames.findNormOf(convolution) : Optional.empty();
      if (norm.isPresent()
          && mapped.keySet().stream().noneMatch(n -> n.startsWith(norm.get() + "."))) {
        unfold(bias, norm.get());
      }
    }
  }

  private void unfold(TensorEntry bias, String norm) {
    int at = rowOf.get(bias.name());
    mapped.remove(bias.name());
    for (TensorEntry tensor : NormFolding.adding(norm, bias)) {
      mapped.put(tensor.name(), tensor);
      rowOf.put(tensor.name(), at);
    }
    rows.set(
        at,
        new MappingRow(
            Fate.MAPPED, rows.get(at).source(), norm + ".bias", "of a batch norm that was folded"));
    unfolded++;
  }

  /** How many batch norms were found folded into their convolutions. */
  int unfolded() {
    return unfolded;
  }

  /** Whether all of these are there in their shapes. */
  boolean covers(Map<String, long[]> expected) {
    return expected.entrySet().stream()
        .allMatch(
            parameter -> {
              TensorEntry found = mapped.get(parameter.getKey());
              return found != null && Arrays.equals(found.shape(), parameter.getValue());
            });
  }

  /** Why what was mapped is not all that the network needs, and nothing else; empty if it is. */
  Optional<Malformed> compare(Map<String, long[]> expected) {
    for (Map.Entry<String, long[]> parameter : expected.entrySet()) {
      compare(parameter.getKey(), parameter.getValue());
    }
    for (String name : mapped.keySet()) {
      if (!expected.containsKey(name)) {
        refuse(name, "camjar's %ss do not have it".formatted(family));
        fail(() -> unexplained(sourceOf(name)));
      }
    }
    return Optional.ofNullable(fault);
  }

  private void compare(String name, long[] expected) {
    String shape = Shapes.toString(expected);
    TensorEntry found = mapped.get(name);
    if (found == null) {
      rows.add(new MappingRow(Fate.MISSING, "", name, "expected " + shape));
      fail(() -> new Malformed("lacks the tensor '" + name + "' of shape " + shape, REMEDY));
    } else if (!Arrays.equals(found.shape(), expected)) {
      String note = "expected " + shape + ", found " + Shapes.toString(found.shape());
      refuse(name, note);
      fail(
          () ->
              new Malformed(
                  "has the tensor '" + sourceOf(name) + "' in the wrong shape: " + note, REMEDY));
    } else if (!found.dtype().isFloating()) {
      String type = found.dtype().torchName();
      refuse(name, "expected floating point, found " + type);
      fail(
          () ->
              new Malformed(
                  "has the weights '" + sourceOf(name) + "' as integers (" + type + ")",
                  "use the file from before the weights were quantised"));
    } else {
      canonical.add(found);
    }
  }

  /** Everything that was found out. */
  Recognised recognised(
      Optional<? extends Architecture> architecture,
      Optional<ResNetSpec> body,
      String style,
      String prefix,
      List<Assumption> assumptions,
      Optional<Malformed> problem) {
    return new Recognised(
        architecture.map(found -> found),
        body,
        StateDict.of(canonical),
        style,
        prefix,
        List.copyOf(rows),
        List.copyOf(assumptions),
        problem);
  }

  private MappingRow row(Fate fate, TensorEntry tensor, String target, String note) {
    return new MappingRow(fate, sources.getOrDefault(tensor.name(), tensor.name()), target, note);
  }

  private Malformed unexplained(String tensor) {
    return family.equals(RESNET)
        ? Unexplained.of(tensor)
        : new Malformed(
            "has the tensor '%s', which camjar's %ss do not have".formatted(tensor, family),
            "if no image passes through it, remove it from the file");
  }

  private void refuse(String target, String note) {
    int at = rowOf.get(target);
    rows.set(at, new MappingRow(Fate.REFUSED, rows.get(at).source(), target, note));
  }

  private String sourceOf(String target) {
    return rows.get(rowOf.get(target)).source();
  }

  private void fail(Supplier<Malformed> why) {
    if (fault == null) {
      fault = why.get();
    }
  }
}
