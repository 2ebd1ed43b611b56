package io.camjar.gradcam.labels;

import io.camjar.engine.CamjarException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of classes in lines of text. Numbers are taken for indices only where all lines have one
 * and they are 0 to n - 1, or 1 to n; else they are part of the names.
 */
final class LabelLines {
  private static final Pattern NUMBER_FIRST =
      Pattern.compile("(?<number>\\d{1,6})\\s*[:=,;\\t ]\\s*(?<name>\\S.*)");
  private static final Pattern NUMBER_LAST =
      Pattern.compile("(?<name>\\S.*?)\\s*[,;\\t]\\s*(?<number>\\d{1,6})");

  /** As Places365 lists its categories. */
  private static final Pattern PATH_THEN_NUMBER =
      Pattern.compile("(?<name>/\\S+) (?<number>\\d{1,6})");

  private static final Pattern SYNSET =
      Pattern.compile("(?<id>n\\d{8})(?:\\s*[:,;\\t ]\\s*(?<name>\\S.*))");

  private LabelLines() {}

  static ClassNames read(String source, String text) {
    List<String> lines = new ArrayList<>(text.lines().map(String::strip).toList());
    while (!lines.isEmpty() && lines.get(lines.size() - 1).isEmpty()) {
      lines.remove(lines.size() - 1);
    }
    int empty = lines.indexOf("");
    if (empty >= 0) {
      throw new CamjarException(
          "%s has no name on line %d; give one class name a line".formatted(source, empty + 1));
    }
    return synsets(lines)
        .or(() -> numbered(lines))
        .or(() -> headed(lines))
        .orElse(ClassNames.of(lines));
  }

  private static Optional<ClassNames> synsets(List<String> lines) {
    List<String> names = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (String line : lines) {
      Matcher matcher = SYNSET.matcher(line);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      ids.add(matcher.group("id"));
      names.add(matcher.group("name"));
    }
    return names.isEmpty() ? Optional.empty() : Optional.of(new ClassNames(names, ids));
  }

  /** A table's first line may be headings. */
  private static Optional<ClassNames> headed(List<String> lines) {
    boolean mayBe = lines.size() > 1 && lines.get(0).matches("[A-Za-z_ ]+[,;\\t][A-Za-z_ ]+");
    return mayBe ? numbered(lines.subList(1, lines.size())) : Optional.empty();
  }

  private static Optional<ClassNames> numbered(List<String> lines) {
    for (Pattern form : List.of(NUMBER_FIRST, NUMBER_LAST, PATH_THEN_NUMBER)) {
      List<IndexedName> names = new ArrayList<>();
      for (String line : lines) {
        Matcher matcher = form.matcher(line);
        if (!matcher.matches()) {
          break;
        }
        int number = Integer.parseInt(matcher.group("number"));
        names.add(new IndexedName(number, matcher.group("name"), null));
      }
      Optional<ClassNames> inOrder =
          names.size() == lines.size() && !names.isEmpty()
              ? IndexedName.inOrder(names)
              : Optional.empty();
      if (inOrder.isPresent()) {
        return inOrder;
      }
    }
    return Optional.empty();
  }
}
