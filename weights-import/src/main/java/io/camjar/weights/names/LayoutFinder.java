package io.camjar.weights.names;

import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.module.Averages;
import io.camjar.weights.names.part.NameMapping;
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
  private static final Pattern CAFFE = Pattern.compile("(^|\\.)res\\d[a-z]\\d*_branch\\d");
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
   * @param reason why this one was taken; empty if there are no others
   */
  record Found(NameMapping layout, Set<String> others, String reason) {
    /** The choice among several in one sentence; empty if there was none. */
    Optional<String> remark() {
      if (others.isEmpty()) {
        return Optional.empty();
      }
      String rest =
          others.stream().limit(4).map(LayoutFinder::quoted).collect(Collectors.joining(", "));
      return Optional.of(
          "of %d ResNets in it the one under %s is meant, since %s; --key takes another: %s"
              .formatted(others.size() + 1, quoted(layout.prefix()), reason, rest));
    }
  }

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

  /**
   * Batch norms with TensorFlow's names are refused: its layers have another eps by default, which
   * no tensor shows.
   */
  private void refuseTensorFlow() {
    for (String name : raw.names()) {
      if (name.endsWith(".moving_mean") && name.length() <= 200) {
        throw new Malformed(
            "has batch norms named as TensorFlow names them ('"
                + name
                + "'), of which the file does not say which eps they have",
            "rename gamma, beta, moving_mean and moving_variance to weight, bias, running_mean and"
                + " running_var if it is 1e-5");
      }
    }
  }

  private Optional<Found> find() {
    refuseTensorFlow();
    Set<String> torchvision = prefixes(TORCHVISION);
    if (!torchvision.isEmpty()) {
      Choice choice = choose(torchvision);
      return found(
          "torchvision", choice, NameMapping.torchvisionBody(choice.prefix()), torchvision);
    }
    Set<String> fastai = prefixes(FASTAI);
    if (!fastai.isEmpty()) {
      Choice choice = choose(fastai);
      return found("fastai", choice, NameMapping.fastaiBody(choice.prefix()), fastai);
    }
    return Optional.empty();
  }

  private static Optional<Found> found(
      String style, Choice choice, Map<String, String> body, Set<String> all) {
    Set<String> others = new LinkedHashSet<>(all);
    others.removeIf(choice.prefix()::startsWith);
    NameMapping layout = new NameMapping(style, choice.prefix(), body, false);
    return Optional.of(new Found(layout, others, choice.reason()));
  }

  private static String quoted(String prefix) {
    return prefix.isEmpty() ? "no key" : "'" + prefix.substring(0, prefix.length() - 1) + "'";
  }

  private Malformed none() {
    Optional<String> caffe =
        raw.names().stream().filter(name -> CAFFE.matcher(name).find()).findFirst();
    if (caffe.isPresent() && caffe.get().length() <= 60) {
      return new Malformed(
          "has its tensors named as Caffe names a ResNet's ('"
              + caffe.get()
              + "'), of which the file does not say whether the first or the second convolution of"
              + " a bottleneck has the stride",
          "rename the tensors as torchvision does if it is the second, as camjar runs them");
    }
    if (raw.entries().stream().noneMatch(tensor -> tensor.rank() == 4)) {
      return new Malformed(
          "holds no convolution: the first of its "
              + raw.size()
              + (raw.size() == 1 ? " tensor is " : " tensors are ")
              + firstNames(),
          "give the file of a whole ResNet, body and classifier");
    }
    return new Malformed(
        "holds no ResNet: none of its "
            + raw.size()
            + " tensors is named like layer1.0.conv1 or 0.4.0.conv1, and no convolutions have the"
            + " shapes of residual blocks; the first are "
            + firstNames(),
        "use a network of torchvision, timm, fastai or Hugging Face that camjar has, or export it"
            + " to ONNX");
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

  /** A prefix, and why it was taken of several. */
  private record Choice(String prefix, String reason) {}

  /** An average of the weights that has the statistics of its batch norms. */
  private boolean isAverage(String prefix) {
    return Averages.named(prefix)
        && raw.names().stream()
            .anyMatch(name -> name.startsWith(prefix) && name.endsWith(".running_mean"));
  }

  private Choice choose(Set<String> prefixes) {
    if (prefixes.size() == 1) {
      return new Choice(prefixes.iterator().next(), "");
    }
    List<String> averages = prefixes.stream().filter(this::isAverage).toList();
    if (averages.size() == 1) {
      return new Choice(averages.get(0), "an average of the weights comes first");
    }
    List<String> usual =
        prefixes.stream()
            .filter(prefix -> Arrays.stream(prefix.split("\\.")).allMatch(LayoutFinder::isUsual))
            .toList();
    if (usual.size() == 1) {
      return new Choice(usual.get(0), "that is where programs keep the network");
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
