package io.camjar.weights.names.wiring;

import io.camjar.weights.names.part.NaturalOrder;
import io.camjar.weights.names.part.Part;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * Which batch norm follows which convolution.
 *
 * <p>Told by nesting ({@code conv1.norm}), by standing alone together ({@code shortcut.0, .1}), by
 * equal numbers ({@code conv1}, {@code bn1}) or by following in a numbered row ({@code 0, 1}).
 */
final class NormPairs {
  private final List<Part> convs;
  private final List<Part> norms;
  private final Map<Part, Part> pairs = new HashMap<>();

  private NormPairs(Collection<Part> convs, Collection<Part> norms) {
    this.convs = new ArrayList<>(convs);
    this.norms = new ArrayList<>(norms);
  }

  /** A batch norm of the right length for every convolution, or empty if names do not tell. */
  static Optional<Map<Part, Part>> of(Collection<Part> convs, Collection<Part> norms) {
    NormPairs pairs = new NormPairs(convs, norms);
    pairs.take((conv, norm) -> Part.isWithin(norm.path(), conv.path()));
    pairs.take(pairs::aloneTogether);
    pairs.take(
        (conv, norm) ->
            NaturalOrder.numbers(pairs.below(conv)).equals(NaturalOrder.numbers(pairs.below(norm)))
                && !NaturalOrder.numbers(pairs.below(conv)).isEmpty());
    pairs.take(pairs::nextInRow);
    boolean whole =
        pairs.convs.isEmpty()
            && pairs.pairs.entrySet().stream()
                .allMatch(e -> e.getKey().out() == e.getValue().out());
    return whole ? Optional.of(pairs.pairs) : Optional.empty();
  }

  /** Takes the pairs for which this holds, where it holds for one norm alone. */
  private void take(BiPredicate<Part, Part> belongs) {
    Map<Part, Part> found = new HashMap<>();
    for (Part conv : convs) {
      List<Part> fitting =
          norms.stream()
              .filter(norm -> norm.out() == conv.out() && belongs.test(conv, norm))
              .toList();
      if (fitting.size() == 1 && !found.containsValue(fitting.get(0))) {
        found.put(conv, fitting.get(0));
      }
    }
    found.forEach(
        (conv, norm) -> {
          pairs.put(conv, norm);
          convs.remove(conv);
          norms.remove(norm);
        });
  }

  private boolean aloneTogether(Part conv, Part norm) {
    String home = Part.common(List.of(conv.path(), norm.path()));
    return convs.stream().filter(other -> Part.isWithin(other.path(), home)).count() == 1
        && norms.stream().filter(other -> Part.isWithin(other.path(), home)).count() == 1;
  }

  private boolean nextInRow(Part conv, Part norm) {
    return conv.isNumbered()
        && norm.isNumbered()
        && conv.parent().equals(norm.parent())
        && norm.number() > conv.number()
        && Stream.concat(convs.stream(), norms.stream())
            .filter(other -> other.isNumbered() && other.parent().equals(conv.parent()))
            .noneMatch(other -> other.number() > conv.number() && other.number() < norm.number());
  }

  /** A path below the innermost module that holds all that is to be paired. */
  private String below(Part part) {
    String home =
        Part.common(
            Stream.of(convs, norms, pairs.keySet(), pairs.values())
                .flatMap(Collection::stream)
                .map(Part::path)
                .toList());
    return home.isEmpty() ? part.path() : part.path().substring(home.length() + 1);
  }
}
