package io.camjar.weights;

import io.camjar.weights.names.MappingRow;
import io.camjar.weights.provenance.Assumption;
import io.camjar.weights.provenance.Assumption.Source;
import io.camjar.weights.provenance.What;
import io.camjar.weights.torch.KeyChoice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What was assumed to find a network in a file. */
final class CheckpointAssumptions {
  private static final int SHOWN = 3;

  private CheckpointAssumptions() {}

  /** Key, names, prefix and what was left out, as far as there is something to say of them. */
  static List<Assumption> of(Checkpoint checkpoint) {
    List<Assumption> all = new ArrayList<>();
    key(checkpoint, all);
    names(checkpoint, all);
    prefix(checkpoint, all);
    ignored(checkpoint, all);
    return List.copyOf(all);
  }

  private static void key(Checkpoint checkpoint, List<Assumption> all) {
    KeyChoice choice = checkpoint.choice();
    if (!choice.key().isEmpty()) {
      Source source =
          switch (choice.origin()) {
            case ONLY -> Source.FILE;
            case RULE -> Source.DEFAULT;
            case CALLER -> Source.OPTION;
          };
      all.add(new Assumption(What.KEY, choice.key(), source, choice.remark()));
    }
  }

  private static void names(Checkpoint checkpoint, List<Assumption> all) {
    List<Assumption> recognised = checkpoint.recognitionAssumptions();
    boolean told = recognised.stream().anyMatch(one -> one.what().equals(What.NAMES));
    if (!told && !checkpoint.style().isEmpty()) {
      all.add(Assumption.byFile(What.NAMES, checkpoint.style(), ""));
    }
    all.addAll(recognised);
  }

  private static void prefix(Checkpoint checkpoint, List<Assumption> all) {
    if (!checkpoint.strippedPrefix().isEmpty()) {
      all.add(Assumption.byFile(What.PREFIX, checkpoint.strippedPrefix(), ""));
    }
  }

  /** One line a reason. */
  private static void ignored(Checkpoint checkpoint, List<Assumption> all) {
    Map<String, List<String>> byReason = new LinkedHashMap<>();
    for (MappingRow row : checkpoint.leftOut()) {
      byReason.computeIfAbsent(row.note(), why -> new ArrayList<>()).add(row.source());
    }
    checkpoint.choice().apart().stream()
        .filter(apart -> !apart.layers().isEmpty())
        .forEach(
            apart ->
                byReason.put("linear layers under the key '" + apart.key() + "'", apart.layers()));
    byReason.forEach(
        (why, names) -> all.add(Assumption.byDefault(What.IGNORED, shortened(names), why)));
  }

  private static String shortened(List<String> names) {
    String some = String.join(", ", names.subList(0, Math.min(names.size(), SHOWN)));
    int more = names.size() - SHOWN;
    return more > 0 ? "%s and %d more".formatted(some, more) : some;
  }

  /** One sentence of what was left out, and one of what names and shapes leave open. */
  static List<String> remarks(Checkpoint checkpoint) {
    List<String> remarks = new ArrayList<>();
    List<Assumption> ignored = new ArrayList<>();
    ignored(checkpoint, ignored);
    if (!ignored.isEmpty()) {
      remarks.add(
          ignored.stream()
              .map(one -> one.value() + " (" + one.note() + ")")
              .collect(Collectors.joining("; ", "ignored ", ".")));
    }
    if (!checkpoint.recognitionAssumptions().isEmpty()) {
      remarks.add(
          checkpoint.recognitionAssumptions().stream()
              .map(Assumption::note)
              .collect(Collectors.joining("; ", "assumed: ", ".")));
    }
    return remarks;
  }
}
