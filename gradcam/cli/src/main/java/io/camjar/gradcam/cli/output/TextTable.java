package io.camjar.gradcam.cli.output;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A table in plain text, columns as wide as their widest cell. Picocli's has columns of given
 * widths, none of which it aligns to the right, and reads {@code @|bold x|@} in a cell as markup.
 */
public final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();
  private final boolean[] right;

  /** A table with these headings; one that starts with {@code >} sets its column to the right. */
  public TextTable(String... headings) {
    right = new boolean[headings.length];
    List<String> first = new ArrayList<>();
    for (int i = 0; i < headings.length; i++) {
      right[i] = headings[i].startsWith(">");
      first.add(right[i] ? headings[i].substring(1) : headings[i]);
    }
    rows.add(first);
  }

  /** Adds a row with one cell for every heading. */
  public void row(List<String> cells) {
    if (cells.size() != right.length) {
      throw new IllegalArgumentException(
          "a row of %d cells in a table of %d columns".formatted(cells.size(), right.length));
    }
    rows.add(cells);
  }

  public void print(PrintWriter out) {
    int[] widths = new int[right.length];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String pad = " ".repeat(widths[i] - row.get(i).length());
        line.append(right[i] ? pad + row.get(i) : row.get(i) + pad).append("  ");
      }
      out.println(line.toString().stripTrailing());
    }
  }
}
