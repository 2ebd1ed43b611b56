package io.camjar.weights.names;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.StateDict;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds a ResNet among a file's names, whatever it is wrapped in.
 *
 * <p>The first block of {@code layer1} is the anchor: what stands before it is the prefix, so
 * {@code module.}, {@code _orig_mod.}, {@code model.}, {@code backbone.}, {@code encoder.}, {@code
 * net.} and any other are stripped alike, in any combination.
 */
final class LayoutFinder {
  private static final Pattern TORCHVISION =
      Pattern.compile("((?:.*\\.)?)layer1\\.0\\.(?:conv|bn)[123]\\.\\w+");
  private static final Pattern FASTAI =
      Pattern.compile("((?:.*\\.)?)0\\.4\\.0\\.(?:conv|bn)[123]\\.\\w+");
  private static final Set<String> USUAL =
      Set.of("module", "_orig_mod", "model", "backbone", "encoder", "net", "network", "0");
  private static final int MAX_NAME = 1_000;

  private final StateDict raw;

  private LayoutFinder(StateDict raw) {
    this.raw = raw;
  }

  /**
   * A layout that was found, and what else is in the file.
   *
   * @param layout the body's names
   * @param others prefixes of further ResNets, which are left aside
   */
  record Found(Layout layout, Set<String> others) {}

  /**
   * Finds the layout by torchvision's or fastai's names; empty if no name is like theirs.
   *
   * @throws Malformed if there are several with equal claims
   */
  static Optional<Found> find(StateDict raw) {
    return new LayoutFinder(raw).find();
  }

  /** The refusal of a file that holds no ResNet. */
  static Malformed none(StateDict raw) {
    return new LayoutFinder(raw).none();
  }

  private Optional<Found> find() {
    Set<String> torchvision = prefixes(TORCHVISION);
    if (!torchvision.isEmpty()) {
      String prefix = choose(torchvision);
      return found("torchvision", prefix, Layout.torchvisionBody(prefix), torchvision);
    }
    Set<String> fastai = prefixes(FASTAI);
    if (!fastai.isEmpty()) {
      String prefix = choose(fastai);
      return found("fastai", prefix, Layout.fastaiBody(prefix), fastai);
    }
    return Optional.empty();
  }

  private static Optional<Found> found(
      String style, String prefix, Map<String, String> body, Set<String> all) {
    Set<String> others = new LinkedHashSet<>(all);
    others.removeIf(prefix::startsWith);
    return Optional.of(new Found(new Layout(style, prefix, body, false), others));
  }

  private Malformed none() {
    return new Malformed(
        "holds no ResNet: none of its "
            + raw.size()
            + " tensors is named like layer1.0.conv1 or 0.4.0.conv1, and no convolutions have the"
            + " shapes of residual blocks; the first are "
            + firstNames(),
        "use a ResNet of torchvision, timm, fastai or Hugging Face");
  }

  private Set<String> prefixes(Pattern pattern) {
    Set<String> prefixes = new LinkedHashSet<>();
    for (String name : raw.names()) {
      if (name.length() > MAX_NAME) {
        continue;
      }
      Matcher matcher = pattern.matcher(name);
      if (matcher.matches()) {
        prefixes.add(matcher.group(1));
      }
    }
    return prefixes;
  }

  private static String choose(Set<String> prefixes) {
    if (prefixes.size() == 1) {
      return prefixes.iterator().next();
    }
    List<String> usual =
        prefixes.stream()
            .filter(prefix -> Arrays.stream(prefix.split("\\.")).allMatch(LayoutFinder::isUsual))
            .toList();
    if (usual.size() == 1) {
      return usual.get(0);
    }
    throw new Malformed(
        "holds "
            + prefixes.size()
            + " ResNets, under "
            + prefixes.stream().limit(4).map(p -> "'" + p + "'").collect(Collectors.joining(", ")),
        "choose one with --key, such as --key " + example(prefixes));
  }

  private static boolean isUsual(String part) {
    return part.isEmpty() || USUAL.contains(part);
  }

  private String firstNames() {
    return raw.names().stream()
        .limit(3)
        .map(name -> name.length() > 60 ? name.substring(0, 60) + "..." : name)
        .collect(Collectors.joining(", "));
  }

  /** A prefix as {@code --key} takes it, without its last dot. */
  private static String example(Collection<String> prefixes) {
    return prefixes.stream()
        .filter(prefix -> !prefix.isEmpty())
        .findFirst()
        .map(prefix -> prefix.substring(0, prefix.length() - 1))
        .orElse("NAME");
  }
}
