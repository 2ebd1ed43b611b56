package io.camjar.gradcam.cli.evaluate;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.camjar.gradcam.ClassLabel;
import io.camjar.gradcam.Labels;
import io.camjar.gradcam.accuracy.Confusion;
import io.camjar.gradcam.cli.output.Csv;
import io.camjar.gradcam.cli.output.RecordJson;
import io.camjar.gradcam.cli.output.Staging;
import io.camjar.gradcam.cli.output.TextTable;
import io.camjar.gradcam.render.ConfusionSheet;
import io.camjar.gradcam.render.Png;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A confusion matrix on the console and in files.
 *
 * @param confusion the matrix
 * @param labels of all classes
 */
record ConfusionFiles(Confusion confusion, Labels labels) {
  /** Classes beyond which the matrix does not fit a console. */
  private static final int MOST_PRINTED = 20;

  /** What {@code confusion.json} holds: classes in index order, which are the columns, and rows. */
  record Record(List<ClassLabel> classes, List<Row> rows) {}

  /** Images of a class, by the class that they are taken for. */
  record Row(@JsonProperty("class") ClassLabel target, List<Integer> counts) {}

  /** Prints the matrix, if it is small enough to be read: of many answers those that have a row. */
  void print(PrintWriter out) {
    List<Integer> rows = confusion.rows();
    if (rows.size() > MOST_PRINTED || confusion.size() < 2) {
      return;
    }
    boolean all = confusion.size() <= MOST_PRINTED;
    List<Integer> columns = all ? numbers(confusion.size()) : rows;
    List<String> headings = new ArrayList<>(List.of("is / taken for"));
    columns.forEach(column -> headings.add(">" + confusion.classAt(column)));
    if (!all) {
      headings.add(">others");
    }
    TextTable table = new TextTable(headings.toArray(new String[0]));
    for (int row : rows) {
      ClassLabel label = labels.at(confusion.classAt(row));
      String name = label.label() == null ? "" : " " + label.label();
      List<String> cells = new ArrayList<>(List.of(label.index() + name));
      int others = confusion.actual(row);
      for (int column : columns) {
        cells.add(figure(confusion.count(row, column)));
        others -= confusion.count(row, column);
      }
      if (!all) {
        cells.add(figure(others));
      }
      table.row(cells);
    }
    table.print(out);
    out.println();
  }

  private static String figure(int count) {
    return count == 0 ? "." : Integer.toString(count);
  }

  /**
   * Adds {@code confusion.csv}, {@code .json}, and {@code .png} unless cells would be too small.
   */
  void add(Staging staging, String title, String note) {
    staging.add("confusion.csv", csv());
    staging.add(
        "confusion.json",
        RecordJson.bytes(
            new Record(
                classes(),
                confusion.rows().stream()
                    .map(row -> new Row(classes().get(row), counts(row)))
                    .toList())));
    if (confusion.size() <= ConfusionSheet.MOST) {
      int[][] counts =
          numbers(confusion.size()).stream()
              .map(row -> counts(row).stream().mapToInt(Integer::intValue).toArray())
              .toArray(int[][]::new);
      List<String> names =
          classes().stream().map(label -> label.label() == null ? "class" : label.label()).toList();
      staging.add(
          "confusion.png", Png.encode(ConfusionSheet.draw(title, note, names, indices(), counts)));
    }
  }

  /** A row a class that is shown; columns are headed by the index and the name of the answer. */
  private byte[] csv() {
    List<String> headings =
        Stream.concat(
                Stream.of("index", "label"),
                classes().stream()
                    .map(
                        label ->
                            label.label() == null
                                ? Integer.toString(label.index())
                                : label.index() + " " + label.label()))
            .toList();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int row : confusion.rows()) {
      List<@Nullable Object> cells = new ArrayList<>();
      cells.add(classes().get(row).index());
      cells.add(classes().get(row).label());
      cells.addAll(counts(row));
      rows.add(cells);
    }
    return Csv.of(headings, rows);
  }

  private List<ClassLabel> classes() {
    return IntStream.range(0, confusion.size())
        .mapToObj(i -> labels.at(confusion.classAt(i)))
        .toList();
  }

  private List<Integer> indices() {
    return numbers(confusion.size()).stream().map(confusion::classAt).toList();
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private List<Integer> counts(int row) {
    return IntStream.range(0, confusion.size())
        .map(column -> confusion.count(row, column))
        .boxed()
        .toList();
  }
}
