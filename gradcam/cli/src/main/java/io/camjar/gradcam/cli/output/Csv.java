package io.camjar.gradcam.cli.output;

import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows as RFC 4180 has them: commas, quotes where they are needed, UTF-8. */
public final class Csv {
  private static final CsvMapper MAPPER =
      CsvMapper.builder().enable(CsvGenerator.Feature.STRICT_CHECK_FOR_QUOTING).build();

  private Csv() {}

  /**
   * A file's content.
   *
   * @param headings one a column
   * @param rows as many cells each; null and numbers that are not finite become empty cells
   */
  public static byte[] of(
      List<String> headings, List<? extends List<? extends @Nullable Object>> rows) {
    StringWriter text = new StringWriter();
    try (SequenceWriter writer = MAPPER.writer().writeValues(text)) {
      writer.write(headings);
      for (List<? extends @Nullable Object> row : rows) {
        if (row.size() != headings.size()) {
          throw new IllegalArgumentException(
              "a row of %d cells in a table of %d columns".formatted(row.size(), headings.size()));
        }
        writer.write(row.stream().map(Csv::cell).toList());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a StringWriter has no way to fail
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static Object cell(@Nullable Object value) {
    boolean nothing =
        value == null || (value instanceof Number number && !Double.isFinite(number.doubleValue()));
    return nothing ? "" : value;
  }
}
