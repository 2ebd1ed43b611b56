package io.camjar.gradcam.cli.output;

import io.camjar.gradcam.ExplanationRecord.Assumed;
import java.io.PrintWriter;
import java.util.List;

/** What was assumed, for readers: the table of {@code inspect} and {@code doctor}. */
public final class AssumedTable {
  private AssumedTable() {}

  public static void print(List<Assumed> assumed, PrintWriter out) {
    TextTable table = new TextTable("assumed", "value", "said by", "why");
    for (Assumed one : assumed) {
      table.row(List.of(one.what(), one.value(), one.source(), one.note()));
    }
    table.print(out);
  }
}
