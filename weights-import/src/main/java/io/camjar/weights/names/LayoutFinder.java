package io.camjar.weights.names;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
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
  private static final String TIMM_BODY = "0.model.";
  private static final List<String> LINEAR_HEADS =
      List.of("fc.", "classifier.", "head.fc.", "head.", "linear.", "last_linear.");
  private static final Set<String> USUAL =
      Set.of("module", "_orig_mod", "model", "backbone", "encoder", "net", "network", "0");
  private static final int MAX_NAME = 1_000;
  private static final int MAX_LEVELS = 8;

  private final StateDict raw;

  private LayoutFinder(StateDict raw) {
    this.raw = raw;
  }

  /**
   * Finds the layout.
   *
   * @throws Malformed if there is no ResNet, or several with equal claims
   */
  static Layout find(StateDict raw) {
    return new LayoutFinder(raw).find();
  }

  private Layout find() {
    Set<String> torchvision = prefixes(TORCHVISION);
    Set<String> fastai = prefixes(FASTAI);
    if (torchvision.isEmpty() && fastai.isEmpty()) {
      throw new Malformed(
          "holds no ResNet: none of its "
              + raw.size()
              + " tensors is named like layer1.0.conv1 or"
              + " 0.4.0.conv1, the first are "
              + firstNames(),
          "use a ResNet of torchvision, timm or fastai");
    }
    if (!torchvision.isEmpty()) {
      return torchvision(choose(torchvision));
    }
    String prefix = choose(fastai);
    Map<String, String> map = new LinkedHashMap<>(Layout.fastaiBody(prefix));
    map.put(prefix + "1.", "head.");
    return new Layout("fastai", prefix, map);
  }

  private Layout torchvision(String prefix) {
    Map<String, String> map = new LinkedHashMap<>(Layout.torchvisionBody(prefix));
    headOf(prefix).ifPresent(head -> map.put(head.from(), head.to()));
    return new Layout("torchvision", prefix, map);
  }

  private record Head(String from, String to) {}

  private Optional<Head> headOf(String prefix) {
    if (prefix.endsWith(TIMM_BODY)) {
      String outer = prefix.substring(0, prefix.length() - TIMM_BODY.length());
      if (hasIndexed(outer + "1.")) {
        return Optional.of(new Head(outer + "1.", "head."));
      }
    }
    for (String outer : outward(prefix)) {
      if (hasIndexed(outer + "head.")) {
        return Optional.of(new Head(outer + "head.", "head."));
      }
      for (String name : LINEAR_HEADS) {
        Optional<Head> linear = linearHead(outer + name);
        if (linear.isPresent()) {
          return linear;
        }
      }
    }
    return Optional.empty();
  }

  /** A linear layer of that name, or the only one in a Sequential of that name. */
  private Optional<Head> linearHead(String name) {
    if (raw.find(name + "weight").filter(weight -> weight.rank() == 2).isPresent()) {
      return Optional.of(new Head(name, "fc."));
    }
    List<TensorEntry> below =
        raw.entries().stream()
            .filter(tensor -> tensor.name().startsWith(name))
            .filter(tensor -> tensor.name().endsWith(".weight"))
            .toList();
    boolean one =
        below.size() == 1
            && below.get(0).rank() == 2
            && below.get(0).name().substring(name.length()).matches("\\d+\\.weight");
    return one
        ? Optional.of(new Head(below.get(0).name().replaceAll("weight$", ""), "fc."))
        : Optional.empty();
  }

  private boolean hasIndexed(String start) {
    return raw.names().stream()
        .anyMatch(name -> name.startsWith(start) && isIndexed(name.substring(start.length())));
  }

  private static boolean isIndexed(String rest) {
    int dot = rest.indexOf('.');
    return dot > 0 && rest.substring(0, dot).chars().allMatch(c -> c >= '0' && c <= '9');
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
        "save the one you want by itself");
  }

  private static boolean isUsual(String part) {
    return part.isEmpty() || USUAL.contains(part);
  }

  private static List<String> outward(String prefix) {
    List<String> outward = new ArrayList<>();
    String rest = prefix;
    while (!rest.isEmpty() && outward.size() < MAX_LEVELS) {
      outward.add(rest);
      rest = rest.substring(0, rest.lastIndexOf('.', rest.length() - 2) + 1);
    }
    outward.add("");
    return outward;
  }

  private String firstNames() {
    return raw.names().stream()
        .limit(3)
        .map(name -> name.length() > 60 ? name.substring(0, 60) + "..." : name)
        .collect(Collectors.joining(", "));
  }
}
