import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes {@code Tiles.java}: the inner loop of every convolution and matrix product, once for each
 * number of rows.
 *
 * <p>The just-in-time compiler keeps a tile in registers only if each accumulator is a local
 * variable of its own, so a tile of another height is another method. Tiles do nothing but sum: with
 * more in them, JDK 17's quick compiler runs out of registers at the tallest and leaves them to the
 * interpreter, for a minute and more. Run by the build ({@code java TileGenerator.java FOLDER}).
 */
final class TileGenerator {
  private static final int MAX_ROWS = 14;

  private final StringBuilder out = new StringBuilder();

  private TileGenerator() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0], "io", "camjar", "engine", "kernel", "simd");
    Files.createDirectories(folder);
    Path file = folder.resolve("Tiles.java");
    String text = new TileGenerator().file();
    // Untouched when it would not change, so that nothing is compiled again.
    if (!Files.exists(file) || !Files.readString(file).equals(text)) {
      Files.writeString(file, text);
    }
  }

  private String file() {
    line("package io.camjar.engine.kernel.simd;");
    line("");
    line("import jdk.incubator.vector.FloatVector;");
    line("import jdk.incubator.vector.VectorSpecies;");
    line("");
    line("/** Register tiles; written by TileGenerator. */");
    line("final class Tiles {");
    line("  static final int MAX_ROWS = %d;", MAX_ROWS);
    line("  private static final VectorSpecies<Float> S = Lanes.SPECIES;");
    line("  private static final int L = Lanes.COUNT;");
    line("");
    line("  private Tiles() {}");
    line("");
    dispatch();
    for (int rows = 1; rows <= MAX_ROWS; rows++) {
      tile(rows);
    }
    line("}");
    return out.toString();
  }

  private void dispatch() {
    line("  static void run(int rows, TileArgs g, int a0, int w0, int i0, int c0) {");
    line("    switch (rows) {");
    for (int rows = 1; rows <= MAX_ROWS; rows++) {
      line("      case %d -> tile%d(g, a0, w0, i0, c0);", rows, rows);
    }
    line("      default -> throw new IllegalArgumentException(\"no tile of \" + rows + \" rows\");");
    line("    }");
    line("  }");
  }

  /** One tile: rows x 2 vectors of sums, one step of k after the other. */
  private void tile(int rows) {
    line("");
    line("  private static void tile%d(TileArgs g, int a0, int w0, int i0, int c0) {", rows);
    line("    float[] a = g.a;");
    line("    int aRow = g.aRow;");
    line("    int aStep = g.aStep;");
    line("    int[] taps = g.taps;");
    line("    int tapSpan = g.tapLength * aStep;");
    line("    float[] w = g.w;");
    line("    int wGap = g.wGap;");
    line("    FloatVector zero = FloatVector.zero(S);");
    for (int r = 0; r < rows; r++) {
      line("    FloatVector s%dp = zero;", r);
      line("    FloatVector s%dq = zero;", r);
    }
    line("    int t = 0;");
    line("    int ak = a0 + taps[0];");
    line("    int end = ak + tapSpan;");
    line("    int wk = w0;");
    // One loop, not taps around channels: JDK 17 boxes the sums of a nest.
    line("    for (int k = g.depth; k > 0; k--) {");
    line("      FloatVector wp = FloatVector.fromArray(S, w, wk);");
    line("      FloatVector wq = FloatVector.fromArray(S, w, wk + L);");
    for (int r = 0; r < rows; r++) {
      line("      FloatVector x%d = FloatVector.broadcast(S, a[ak + %d * aRow]);", r, r);
      line("      s%dp = x%d.fma(wp, s%dp);", r, r, r);
      line("      s%dq = x%d.fma(wq, s%dq);", r, r, r);
    }
    line("      wk += 2 * L;");
    line("      ak += aStep;");
    line("      if (ak == end) {");
    line("        t++;");
    line("        ak = a0 + taps[t];");
    line("        end = ak + tapSpan;");
    line("        wk += wGap;");
    line("      }");
    line("    }");
    line("    float[] init = g.init;");
    line("    int iRow = g.initRow;");
    line("    float[] c = g.c;");
    line("    int cRow = g.cRow;");
    for (int r = 0; r < rows; r++) {
      line("    s%dp.add(FloatVector.fromArray(S, init, i0 + %d * iRow))", r, r);
      line("        .intoArray(c, c0 + %d * cRow);", r);
      line("    s%dq.add(FloatVector.fromArray(S, init, i0 + %d * iRow + L))", r, r);
      line("        .intoArray(c, c0 + %d * cRow + L);", r);
    }
    line("  }");
  }

  private void line(String format, Object... args) {
    out.append(format.formatted(args)).append('\n');
  }
}
