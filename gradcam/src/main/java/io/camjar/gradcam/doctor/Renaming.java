package io.camjar.gradcam.doctor;

import io.camjar.weights.Checkpoint;
import io.camjar.weights.names.MappingRow;
import io.camjar.weights.names.MappingRow.Fate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Regular expressions that turn a file's names into torchvision's, in Java and in Python. One is
 * offered only after it was tried on every tensor of the file that the network needs.
 */
final class Renaming {
  private record Rule(Pattern from, String python, Function<MatchResult, String> to) {
    static Rule plain(String from, String to) {
      return new Rule(Pattern.compile(from), '"' + to + '"', match -> to);
    }
  }

  private static final Rule HEAD = Rule.plain("^head\\.", "fc.");

  private static final List<Rule> FASTAI =
      List.of(
          Rule.plain("^0\\.0\\.", "conv1."),
          Rule.plain("^0\\.1\\.", "bn1."),
          new Rule(
              Pattern.compile("^0\\.([4-7])\\."),
              "lambda m: f\"layer{int(m[1]) - 3}.\"",
              match -> "layer" + (Integer.parseInt(match.group(1)) - 3) + "."),
          Rule.plain("^1\\.", "fc."));

  private static final String HF = "^(?:resnet\\.)?encoder\\.stages\\.(\\d)\\.layers\\.(\\d+)\\.";

  private static final List<Rule> HUGGING_FACE =
      List.of(
          Rule.plain("^(?:resnet\\.)?embedder\\.embedder\\.convolution", "conv1"),
          Rule.plain("^(?:resnet\\.)?embedder\\.embedder\\.normalization", "bn1"),
          new Rule(
              Pattern.compile(HF + "layer\\.(\\d)\\.convolution"),
              "lambda m: f\"layer{int(m[1]) + 1}.{m[2]}.conv{int(m[3]) + 1}\"",
              match -> stage(match) + "conv" + (Integer.parseInt(match.group(3)) + 1)),
          new Rule(
              Pattern.compile(HF + "layer\\.(\\d)\\.normalization"),
              "lambda m: f\"layer{int(m[1]) + 1}.{m[2]}.bn{int(m[3]) + 1}\"",
              match -> stage(match) + "bn" + (Integer.parseInt(match.group(3)) + 1)),
          new Rule(
              Pattern.compile(HF + "shortcut\\.convolution"),
              "lambda m: f\"layer{int(m[1]) + 1}.{m[2]}.downsample.0\"",
              match -> stage(match) + "downsample.0"),
          new Rule(
              Pattern.compile(HF + "shortcut\\.normalization"),
              "lambda m: f\"layer{int(m[1]) + 1}.{m[2]}.downsample.1\"",
              match -> stage(match) + "downsample.1"),
          Rule.plain("^classifier\\.1\\.", "fc."));

  private final List<Rule> rules;

  private Renaming(List<Rule> rules) {
    this.rules = rules;
  }

  private static String stage(MatchResult match) {
    return "layer%d.%s.".formatted(Integer.parseInt(match.group(1)) + 1, match.group(2));
  }

  /** One that was tried on the file; empty if none of those that are known fits. */
  static Optional<Renaming> of(Checkpoint checkpoint) {
    List<Rule> prefix = new ArrayList<>();
    if (!checkpoint.strippedPrefix().isEmpty()) {
      String literal =
          checkpoint.strippedPrefix().replaceAll("([.*+?^$()\\[\\]{}|\\\\])", "\\\\$1");
      prefix.add(Rule.plain("^" + literal, ""));
    }
    for (List<Rule> rest : List.of(List.of(HEAD), FASTAI, HUGGING_FACE)) {
      for (List<Rule> start : List.of(prefix, List.<Rule>of())) {
        List<Rule> all = new ArrayList<>(start);
        all.addAll(rest);
        Renaming one = new Renaming(all);
        if (checkpoint.mapping().stream()
            .filter(row -> row.fate() == Fate.MAPPED)
            .allMatch(row -> one.apply(row.source()).equals(torchvision(row)))) {
          return Optional.of(one.without(checkpoint));
        }
      }
    }
    return Optional.empty();
  }

  /** For a file that {@code camjar convert} wrote. */
  static Renaming ofConverted() {
    return new Renaming(List.of(HEAD));
  }

  /** The name in a torchvision network whose {@code fc} is the head. */
  static String torchvision(MappingRow row) {
    return row.target().replaceFirst("^head\\.", "fc.");
  }

  /** Rules that no name needs are left out. */
  private Renaming without(Checkpoint checkpoint) {
    return new Renaming(
        rules.stream()
            .filter(
                rule ->
                    checkpoint.mapping().stream()
                        .anyMatch(
                            row ->
                                rule.from.matcher(row.source()).find()
                                    || rule.from.matcher(first(row.source())).find()))
            .toList());
  }

  private String first(String name) {
    return rules.get(0).from.matcher(name).replaceFirst(rules.get(0).to);
  }

  private String apply(String name) {
    String renamed = name;
    for (Rule rule : rules) {
      renamed = rule.from.matcher(renamed).replaceFirst(rule.to);
    }
    return renamed;
  }

  /** Lines that rename the keys of {@code state}. */
  List<String> python() {
    return rules.stream()
        .map(
            rule ->
                "state = {re.sub(r\"%s\", %s, k): v for k, v in state.items()}"
                    .formatted(rule.from.pattern(), rule.python))
        .toList();
  }
}
