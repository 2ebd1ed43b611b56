import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/**
 * Writes the register tiles: the inner loops of every convolution and matrix product.
 *
 * <p>The just-in-time compiler keeps a tile in registers only if each accumulator is a local
 * variable of its own, so a tile of another height is another method. Tiles do nothing but sum:
 * with more in them, JDK 17's quick compiler runs out of registers at the tallest and leaves them
 * to the interpreter, for a minute and more. Run by the build ({@code java TileGenerator.java
 * FOLDER}).
 */
abstract class TileGenerator {
  private final StringBuilder out = new StringBuilder();

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0], "io", "camjar", "engine", "kernel", "simd");
    Files.createDirectories(folder);
    new Tiles().write(folder.resolve("Tiles.java"));
    new FewRows().write(folder.resolve("FewRows.java"));
    new ManyRows().write(folder.resolve("ManyRows.java"));
    new ColumnTiles().write(folder.resolve("ColumnTiles.java"));
    new DepthwiseTiles().write(folder.resolve("DepthwiseTiles.java"));
    new GroupTiles().write(folder.resolve("GroupTiles.java"));
  }

  final void write(Path file) throws IOException {
    line("package io.camjar.engine.kernel.simd;");
    line("");
    line("import java.lang.invoke.VarHandle;");
    line("import jdk.incubator.vector.FloatVector;");
    line("import jdk.incubator.vector.VectorShuffle;");
    line("import jdk.incubator.vector.VectorSpecies;");
    line("");
    type();
    String text = out.toString();
    // Untouched when it would not change, so that nothing is compiled again.
    if (!Files.exists(file) || !Files.readString(file).equals(text)) {
      Files.writeString(file, text);
    }
  }

  /** Writes the class. */
  abstract void type();

  /**
   * A method that calls the one of its size.
   *
   * @param access {@code "public "}, or nothing
   */
  final void dispatch(String access, String name, String ofSize, int sizes, String... offsets) {
    dispatch(access, name, ofSize, 1, sizes, offsets);
  }

  /** As the other, for sizes from {@code first} on. */
  final void dispatch(
      String access, String name, String ofSize, int first, int sizes, String... offsets) {
    line("");
    line(
        "  %sstatic void %s(int size, TileArgs g, int %s) {",
        access, name, String.join(", int ", offsets));
    line("    switch (size) {");
    for (int size = first; size <= sizes; size++) {
      line("      case %d -> %s%d(g, %s);", size, ofSize, size, String.join(", ", offsets));
    }
    line("      default -> throw new IllegalArgumentException(\"no tile of size \" + size);");
    line("    }");
    line("  }");
  }

  void line(String format, Object... args) {
    out.append(format.formatted(args)).append('\n');
  }

  /** Products of rows with two vectors of weights, or one: a method for each number of rows. */
  private abstract static class RowTiles extends TileGenerator {
    static final int MAX_ROWS = 14;

    /** The vectors of a block of outputs. */
    static final List<String> BOTH = List.of("p", "q");

    /** Values of a pixel of a network's input. */
    static final int COLOURS = 3;

    /** Rows any distance apart. */
    static final String ANY = "g.aRow";

    /** Rows next to each other; what is summed lies any distance apart. */
    static final String ACROSS = "1";

    /** Rows whose sums leave 16 registers room for weights and an input. */
    static final int FEW_ROWS = 6;

    /** Those that the next tiles compute. */
    List<String> vectors = BOTH;

    final void constants() {
      line("  private static final VectorSpecies<Float> S = Lanes.SPECIES;");
      line("  private static final int L = Lanes.COUNT;");
      line("  private static final int B = Lanes.BLOCK;");
      line("");
    }

    final void begin(String name, int size, int rows) {
      line("");
      line("  private static void %s%d(TileArgs g, int a0, int w0, int i0, int c0) {", name, size);
      line("    float[] a = g.a;");
      line("    int[] taps = g.taps;");
      line("    float[] w = g.w;");
      line("    int wGap = g.wGap;");
      line("    FloatVector zero = FloatVector.zero(S);");
      for (int r = 0; r < rows; r++) {
        for (String v : vectors) {
          line("    FloatVector s%d%s = zero;", r, v);
        }
      }
    }

    /** When fences stand between loads. */
    String fences() {
      return "Jit.FENCES";
    }

    /** Whether they do in a step that stands alone. */
    boolean fencesOneStep() {
      return false;
    }

    /** Multiply-adds of one k. */
    final void step(int rows, IntFunction<String> input, String weight, boolean fenced) {
      line("      {");
      for (String v : vectors) {
        line("        FloatVector w%s = FloatVector.fromArray(S, w, %s%s);", v, weight, from(v));
      }
      for (int r = 0; r < rows; r++) {
        if (fenced && r > 0) {
          fence();
        }
        line("        FloatVector x%d = FloatVector.broadcast(S, a[%s]);", r, input.apply(r));
        for (String v : vectors) {
          line("        s%d%s = x%d.fma(w%s, s%d%s);", r, v, r, v, r, v);
        }
      }
      line("      }");
    }

    /** Where a vector begins in its block. */
    static String from(String vector) {
      return vector.equals("p") ? "" : " + L";
    }

    /** Written out: the compiler gives up on a method in which too many calls end. */
    private void fence() {
      line("        if (%s) VarHandle.acquireFence();", fences());
    }

    /** Neighbouring steps behind fences. */
    final void steps(
        int count, int rows, IntFunction<String> input, String aStep, String weight) {
      for (int k = 0; k < count; k++) {
        String then = " + " + k;
        if (k > 0) {
          fence();
        }
        step(rows, r -> input.apply(r) + then + " * " + aStep, weight + then + " * B", true);
      }
    }

    void end(int rows, int split) {
      line("    float[] c = g.c;");
      line("    int cRow = g.cRow;");
      line("    int c1 = c0 + g.cGap;");
      line("    if (g.init == TileArgs.ZEROS) {");
      for (int r = 0; r < rows; r++) {
        String at = "c" + part(r, split) + " + " + r + " * cRow";
        line("      s%dp.intoArray(c, %s);", r, at);
        line("      s%dq.intoArray(c, %s + L);", r, at);
      }
      line("      return;");
      line("    }");
      line("    float[] init = g.init;");
      line("    int iRow = g.initRow;");
      line("    int i1 = i0 + g.initGap;");
      for (int r = 0; r < rows; r++) {
        String at = "c" + part(r, split) + " + " + r + " * cRow";
        String from = "i" + part(r, split) + " + " + r + " * iRow";
        line("    s%dp.add(FloatVector.fromArray(S, init, %s))", r, from);
        line("        .intoArray(c, %s);", at);
        line("    s%dq.add(FloatVector.fromArray(S, init, %s + L))", r, from);
        line("        .intoArray(c, %s + L);", at);
      }
      line("  }");
    }

    static int part(int r, int split) {
      return r < split ? 0 : 1;
    }

    /** A walk through taps of any length, some steps at a time. */
    final void walk(String name, int rows, int together, String aRow) {
      walk(name, rows, rows, together, false, aRow);
    }

    /**
     * As the other.
     *
     * @param split rows from this one on are in the next line of the image
     * @param ahead whether something that is read soon is fetched meanwhile
     */
    final void walk(String name, int rows, int split, int together, boolean ahead, String aRow) {
      walk(name, rows, split, together, ahead, aRow, "");
    }

    /**
     * As the other.
     *
     * @param gap what the compiler knows to be between two lines: it has no register left for it
     *     where the sums take all but four; empty if it is any distance
     */
    final void walk(
        String name,
        int rows,
        int split,
        int together,
        boolean ahead,
        String aRow,
        String gap) {
      begin(name, split, rows);
      line("    int aStep = %s;", aRow.equals(ANY) || aRow.equals(ACROSS) ? "g.aStep" : "1");
      line("    int aRow = %s;", aRow);
      boolean any = split < rows && gap.isEmpty();
      if (any) {
        line("    int aGap = g.aGap;");
      }
      line("    int tapSpan = g.tapLength * aStep;");
      line("    int t = 0;");
      line("    int ak = a0 + taps[0];");
      line("    int end = ak + tapSpan;");
      line("    int wk = w0;");
      if (ahead) {
        line("    float[] next = g.next;");
        line("    int nextAt = g.nextAt;");
        line("    int seen = 0;");
      }
      // One loop, not taps around channels: JDK 17 boxes the sums of a nest.
      line("    for (int k = g.depth; k > 0; k -= %d) {", together);
      if (any) {
        line("      int bk = ak + aGap;");
      }
      IntFunction<String> input =
          r ->
              r < split || any
                  ? "%sk + %d * aRow".formatted(r < split ? "a" : "b", r)
                  : "ak + %d * aRow + %s".formatted(r, gap);
      if (together == 1) {
        step(rows, input, "wk", fencesOneStep());
      } else {
        steps(together, rows, input, "aStep", "wk");
      }
      if (ahead) {
        fence();
        line("      seen ^= Float.floatToRawIntBits(next[nextAt]);");
        line("      nextAt += B;");
      }
      line("      wk += %d * B;", together);
      line("      ak += %d * aStep;", together);
      line("      if (ak == end) {");
      line("        t++;");
      line("        ak = a0 + taps[t];");
      line("        end = ak + tapSpan;");
      line("        wk += wGap;");
      line("      }");
      line("    }");
      if (ahead) {
        line("    g.seen = seen;");
      }
      end(rows, split);
    }
  }

  /** Tiles of any rows and inputs. */
  private static final class Tiles extends RowTiles {
    @Override
    void type() {
      line("/** Register tiles; written by TileGenerator. */");
      line("public final class Tiles {");
      line("  static final int MAX_ROWS = %d;", MAX_ROWS);
      line("  public static final int FEW_ROWS = %d;", FEW_ROWS);
      constants();
      line("  private Tiles() {}");
      line("");
      line("  /** Whether there are tiles of one vector, where rows are next to each other or apart. */");
      line("  public static final boolean HALVES = Lanes.hasManyRegisters() && !Jit.NESTS;");
      line("");
      line("  /** Lines of this length are computed two by two: the tile of most rows ends with a line. */");
      line("  public static final int HALF_LINE = MAX_ROWS / 2;");
      line("");
      line("  /** Whether there are tiles of two lines of so many places. */");
      line("  public static boolean joinsLines(int places, TileArgs g) {");
      line("    if (!HALVES || g.aStep != 1 || g.tapLength %% 2 != 0) {");
      line("      return false;");
      line("    }");
      line("    if (places < HALF_LINE) {");
      line("      return places > 1 && (g.aRow == B || g.aRow == 2 * B);");
      line("    }");
      line("    int gap = g.aGap / B;");
      String known = ManyRows.GAPS.stream().map("gap == %d"::formatted).collect(Collectors.joining(" || "));
      line("    boolean known = %s;", known);
      // An image in a smaller block has other gaps where its stride makes a row as long as a block.
      line("    return places == HALF_LINE && g.aRow == B && known && g.aGap %% B == 0;");
      line("  }");
      line("");
      line("  /** Computes two lines of so many places. */");
      line("  public static void runTwoLines(int places, TileArgs g, int a0, int w0, int i0, int c0) {");
      line("    if (places == HALF_LINE) {");
      line("      ManyRows.runTwoLines(g, a0, w0, i0, c0);");
      line("    } else if (g.aRow == B) {");
      line("      ManyRows.nearLines(places, g, a0, w0, i0, c0);");
      line("    } else {");
      line("      ManyRows.apartLines(places, g, a0, w0, i0, c0);");
      line("    }");
      line("  }");
      line("");
      line("  /** Computes one vector of a block, of more than {@link #FEW_ROWS} rows. */");
      line("  public static void runHalf(int size, TileArgs g, int a0, int w0, int i0, int c0) {");
      line("    ManyRows.runHalf(size, g, a0, w0, i0, c0);");
      line("  }");
      line("");
      line("  /** Computes a tile of so many rows. */");
      line("  public static void run(int size, TileArgs g, int a0, int w0, int i0, int c0) {");
      line("    boolean done =");
      line("        size > FEW_ROWS");
      line("            ? ManyRows.run(size, g, a0, w0, i0, c0)");
      line("            : FewRows.run(size, g, a0, w0, i0, c0);");
      line("    if (!done) {");
      line("      any(size, g, a0, w0, i0, c0);");
      line("    }");
      line("  }");
      dispatch("", "any", "any", MAX_ROWS, "a0", "w0", "i0", "c0");
      for (int rows = 1; rows <= MAX_ROWS; rows++) {
        walk("any", rows, 1, ANY);
      }
      line("}");
    }
  }

  /**
   * Tiles of few rows, which have so little arithmetic for each weight that half of their
   * instructions would be the tests and sums of addresses. These are for the inputs that most
   * products have: rows a constant apart, so that the compiler addresses them by constants, and
   * taps of a length that some steps divide, so that a test stands for all of these: taps of one
   * block, and for a network's first convolution rows of three colours.
   *
   * <p>Of several steps in a row, the compiler would load all inputs first and spill the sums;
   * fences keep loads in their places and cost nothing.
   *
   * <p>A processor fetches ahead of what is read in order, but only so far. A tile that is read
   * from near by has time to fetch what comes from afar after it, a cache line for each test; it
   * must be in order again, or the processor does not see where it leads.
   *
   * <p>JDK 17 keeps the sums in registers only where no test lies between steps, as in a nest of
   * loops; JDK 25 tests each input of such a nest before its inner loop, and does better with a
   * single loop.
   */
  private static final class FewRows extends RowTiles {
    private static final int CHAIN = 4;
    private static final int NEST = 8;

    @Override
    void type() {
      line("/** Register tiles of few rows; written by TileGenerator. */");
      line("public final class FewRows {");
      line("  /** Steps behind one test. */");
      line("  public static final int CHAIN = %d;", CHAIN);
      constants();
      line("  /** Between every other pixel of three colours. */");
      line("  private static final int PIXELS = 2 * %d;", COLOURS);
      line("");
      line("  private FewRows() {}");
      line("");
      line("  /** Runs a tile, or returns false if none fits. */");
      line("  static boolean run(int size, TileArgs g, int a0, int w0, int i0, int c0) {");
      line("    if (g.aStep != 1) {");
      line("      return false;");
      line("    }");
      line("    if (g.tapLength == B && g.aRow == B) {");
      line("      if (g.next != TileArgs.ZEROS && !Jit.NESTS) {");
      line("        nearAhead(size, g, a0, w0, i0, c0);");
      line("        return true;");
      line("      }");
      both("near");
      line("      return true;");
      line("    }");
      line("    if (g.tapLength == B && g.aRow == 2 * B) {");
      both("apart");
      line("      return true;");
      line("    }");
      line("    if (g.aRow == PIXELS && g.tapLength %% %d == 0 && !Jit.NESTS) {", COLOURS);
      line("      pixels(size, g, a0, w0, i0, c0);");
      line("      return true;");
      line("    }");
      line("    if (g.aRow == PIXELS) {");
      line("      values(size, g, a0, w0, i0, c0);");
      line("      return true;");
      line("    }");
      line("    return false;");
      line("  }");
      line("");
      line("  /** Whether tiles of all rows can be cut between two lines of an image. */");
      line("  public static boolean splits(TileArgs g) {");
      line("    return Lanes.MAX_ROWS == Tiles.FEW_ROWS");
      line("        && !Jit.NESTS");
      line("        && g.aStep == 1");
      line("        && g.tapLength == B");
      line("        && (g.aRow == B || g.aRow == 2 * B);");
      line("  }");
      line("");
      line(
          "  /** Runs a tile of all rows, those behind the first {@code split} in the next line."
              + " */");
      line(
          "  public static void runSplit(int split, TileArgs g, int a0, int w0, int i0, int c0) {");
      line("    if (g.aRow == B) {");
      line("      nearSplit(split, g, a0, w0, i0, c0);");
      line("    } else {");
      line("      apartSplit(split, g, a0, w0, i0, c0);");
      line("    }");
      line("  }");
      tiles("near", rows -> walk("near", rows, CHAIN, "B"));
      tiles("nearAhead", rows -> walk("nearAhead", rows, rows, CHAIN, true, "B"));
      tiles("apart", rows -> walk("apart", rows, CHAIN, "2 * B"));
      splits("nearSplit", "B");
      splits("apartSplit", "2 * B");
      tiles("nearNest", rows -> nest("nearNest", "B", rows));
      tiles("apartNest", rows -> nest("apartNest", "2 * B", rows));
      tiles("pixels", rows -> walk("pixels", rows, COLOURS, "PIXELS"));
      tiles("values", rows -> walk("values", rows, 1, "PIXELS"));
      line("}");
    }

    private void both(String name) {
      line("      if (Jit.NESTS) {");
      line("        %sNest(size, g, a0, w0, i0, c0);", name);
      line("      } else {");
      line("        %s(size, g, a0, w0, i0, c0);", name);
      line("      }");
    }

    private void tiles(String name, IntConsumer tile) {
      dispatch("", name, name, FEW_ROWS, "a0", "w0", "i0", "c0");
      for (int rows = 1; rows <= FEW_ROWS; rows++) {
        tile.accept(rows);
      }
    }

    /** Tiles of all rows that are cut behind each of them. */
    private void splits(String name, String row) {
      dispatch("", name, name, FEW_ROWS - 1, "a0", "w0", "i0", "c0");
      for (int split = 1; split < FEW_ROWS; split++) {
        walk(name, FEW_ROWS, split, CHAIN, false, row);
      }
    }

    private void nest(String name, String row, int rows) {
      begin(name, rows, rows);
      line("    int count = g.depth / B;");
      line("    int wk = w0;");
      line("    for (int t = 0; t < count; t++) {");
      line("      int at = a0 + taps[t];");
      line("      for (int k = 0; k < B; k += %d) {", NEST);
      steps(NEST, rows, r -> "at + k + " + r + " * (" + row + ")", "1", "wk + k * B");
      line("      }");
      line("      wk += B * B + wGap;");
      line("    }");
      end(rows, rows);
    }
  }

  /**
   * Tiles of more rows than that, where there are 32 registers. A tile of any distances tests the
   * address of each input and reads from the stack how far it is: 108 instructions for 28
   * multiply-adds, which a core with vector units of full width needs 14 cycles for, and which a
   * neighbour on the same core makes slow. With distances that the compiler knows it tests once
   * for two steps, and 54 instructions are left.
   *
   * <p>Fences keep the compiler from loading inputs of the second step before sums of the first
   * have set registers free. Of three colours a step stands alone: rows of an odd number of values.
   * Two short lines are one tile, so that the many weights of small maps are read half as often.
   * For JDK 17, which keeps sums on the stack here, the tiles of any distances are as good.
   */
  private static final class ManyRows extends RowTiles {
    private static final int CHAIN = 2;

    /** Places between two lines that are computed together: none, or borders of convolutions. */
    private static final List<Integer> GAPS = List.of(0, 2, 3, 4);

    @Override
    String fences() {
      return "Jit.FREE_FENCES";
    }

    @Override
    boolean fencesOneStep() {
      return true;
    }

    @Override
    void type() {
      line("/** Register tiles of many rows; written by TileGenerator. */");
      line("final class ManyRows {");
      constants();
      line("  /** Between every other pixel of three colours. */");
      line("  private static final int PIXELS = 2 * %d;", COLOURS);
      line("");
      line("  /** What changes no number when it is added. */");
      line("  private static final float[] NOTHING = new float[B];");
      line("");
      line("  static {");
      line("    java.util.Arrays.fill(NOTHING, -0f);");
      line("  }");
      line("");
      line("  private ManyRows() {}");
      line("");
      line("  /** Runs a tile, or returns false if none fits. */");
      line("  static boolean run(int size, TileArgs g, int a0, int w0, int i0, int c0) {");
      line("    if (Jit.NESTS) {");
      line("      return false;");
      line("    }");
      line("    boolean even = g.tapLength %% %d == 0;", CHAIN);
      line("    if (even && g.aRow == 1) {");
      line("      across(size, g, a0, w0, i0, c0);");
      line("      return true;");
      line("    }");
      line("    if (g.aStep != 1) {");
      line("      return false;");
      line("    }");
      line("    if (even && g.aRow == B) {");
      line("      near(size, g, a0, w0, i0, c0);");
      line("      return true;");
      line("    }");
      line("    if (even && g.aRow == 2 * B) {");
      line("      apart(size, g, a0, w0, i0, c0);");
      line("      return true;");
      line("    }");
      line("    if (g.aRow == PIXELS) {");
      line("      pixels(size, g, a0, w0, i0, c0);");
      line("      return true;");
      line("    }");
      line("    return false;");
      line("  }");
      line("");
      line("  /** Computes one vector of outputs; rows are next to each other, or every other one. */");
      line("  static void runHalf(int size, TileArgs g, int a0, int w0, int i0, int c0) {");
      line("    if (g.aRow == B) {");
      line("      nearHalf(size, g, a0, w0, i0, c0);");
      line("    } else {");
      line("      apartHalf(size, g, a0, w0, i0, c0);");
      line("    }");
      line("  }");
      line("");
      line("  /** Runs a tile of all rows, the second half in the next line of the image. */");
      line("  static void runTwoLines(TileArgs g, int a0, int w0, int i0, int c0) {");
      line("    switch (g.aGap / B) {");
      for (int gap : GAPS) {
        line("      case %d -> near%dApart%d(g, a0, w0, i0, c0);", gap, gap, MAX_ROWS / 2);
      }
      line("      default -> throw new IllegalArgumentException(\"no tile of gap \" + g.aGap);");
      line("    }");
      line("  }");
      tiles("near", "B", CHAIN);
      tiles("apart", "2 * B", CHAIN);
      for (int gap : GAPS) {
        walk("near" + gap + "Apart", MAX_ROWS, MAX_ROWS / 2, CHAIN, false, "B", gap + " * B");
      }
      tiles("across", ACROSS, CHAIN);
      tiles("pixels", "PIXELS", 1);
      lines("nearLines", "B");
      lines("apartLines", "2 * B");
      vectors = BOTH.subList(0, 1);
      tiles("nearHalf", "B", CHAIN);
      tiles("apartHalf", "2 * B", CHAIN);
      line("}");
    }

    private void tiles(String name, String row, int together) {
      dispatch("", name, name, FEW_ROWS + 1, MAX_ROWS, "a0", "w0", "i0", "c0");
      for (int rows = FEW_ROWS + 1; rows <= MAX_ROWS; rows++) {
        walk(name, rows, together, row);
      }
    }

    /** Two short lines, any distance apart: fewer sums leave a register for it. */
    private void lines(String name, String row) {
      dispatch("", name, name, 2, FEW_ROWS, "a0", "w0", "i0", "c0");
      for (int places = 2; places <= FEW_ROWS; places++) {
        walk(name, 2 * places, places, CHAIN, false, row);
      }
    }

    /** One ending for all: with two, C1 of JDK 25 runs out of registers at 14 rows. */
    @Override
    void end(int rows, int split) {
      line("    float[] c = g.c;");
      line("    int cRow = g.cRow;");
      line("    boolean adds = g.init != TileArgs.ZEROS;");
      line("    float[] init = adds ? g.init : NOTHING;");
      line("    int iRow = adds ? g.initRow : 0;");
      line("    int from0 = adds ? i0 : 0;");
      if (split < rows) {
        line("    int from1 = from0 + (adds ? g.initGap : 0);");
        line("    int c1 = c0 + g.cGap;");
      }
      for (int r = 0; r < rows; r++) {
        String line = part(r, split) + " + " + r;
        for (String v : vectors) {
          line("    s%d%s.add(FloatVector.fromArray(S, init, from%s * iRow%s))", r, v, line, from(v));
          line("        .intoArray(c, c%s * cRow%s);", line, from(v));
        }
      }
      line("  }");
    }
  }

  /**
   * The products of F(4, 3) with weights that are transformed in one dimension only: one method for
   * each number of tiles and each half of a row of points.
   *
   * <p>Three points of two vectors for four tiles are the 24 sums that 32 registers hold next to
   * the weights, and the transform falls apart in two: points 0, 1 and -1, and points 2, -2 and
   * infinity.
   */
  private static final class ColumnTiles extends TileGenerator {
    private static final int MAX_TILES = 4;
    private static final String[] VECTORS = {"p", "q"};

    @Override
    void type() {
      line("/** Register tiles of WinogradRowGemm; written by TileGenerator. */");
      line("public final class ColumnTiles {");
      line("  public static final int MAX_TILES = %d;", MAX_TILES);
      line("  private static final VectorSpecies<Float> S = Lanes.SPECIES;");
      line("  private static final int L = Lanes.COUNT;");
      line("");
      line("  private ColumnTiles() {}");
      for (String half : new String[] {"low", "high"}) {
        dispatch("public ", half, half, MAX_TILES, "a0", "w0", "i0", "c0");
        for (int tiles = 1; tiles <= MAX_TILES; tiles++) {
          tile(half, tiles);
        }
      }
      line("}");
    }

    private void tile(String half, int tiles) {
      line("");
      line("  private static void %s%d(", half, tiles);
      line("      TileArgs g, int a0, int w0, int i0, int c0) {");
      line("    float[] a = g.a;");
      line("    int aRow = g.aRow;");
      line("    int[] taps = g.taps;");
      line("    int tapSpan = g.tapLength;");
      line("    float[] w = g.w;");
      line("    FloatVector zero = FloatVector.zero(S);");
      if (half.equals("high")) {
        line("    FloatVector four = FloatVector.broadcast(S, 4);");
      }
      for (int point = 0; point < 3; point++) {
        for (int t = 0; t < tiles; t++) {
          line("    FloatVector s%d%dp = zero;", point, t);
          line("    FloatVector s%d%dq = zero;", point, t);
        }
      }
      line("    int t = 0;");
      line("    int ak = a0 + taps[0];");
      line("    int end = ak + tapSpan;");
      line("    int wk = w0;");
      line("    for (int k = g.depth; k > 0; k--) {");
      // First the point whose weights are the kernel's own, the rest behind a fence: the compiler
      // would keep a sum on the stack for the sake of six vectors of weights and four inputs, and
      // where it lies across two cache lines, as the callers' frames have it, a step takes half as
      // long again.
      int own = half.equals("low") ? 0 : 2;
      load(own);
      for (String v : VECTORS) {
        line("      FloatVector w%d%s = g%d%s;", own, v, own, v);
      }
      multiply(own, tiles);
      fence();
      for (int column = 0; column < 3; column++) {
        if (column != own) {
          load(column);
        }
      }
      transform(half);
      for (int point = 0; point < 3; point++) {
        if (point != own) {
          multiply(point, tiles);
        }
      }
      line("      wk += 6 * L;");
      line("      ak++;");
      // Not a linear index: the compiler then loads an input where it is used, and spills nothing.
      line("      if (ak == end) {");
      line("        t++;");
      line("        ak = a0 + taps[t];");
      line("        end = ak + tapSpan;");
      line("      }");
      line("    }");
      line("    float[] init = g.init;");
      line("    int initRow = g.initRow;");
      line("    float[] c = g.c;");
      line("    int cRow = g.cRow;");
      for (int point = 0; point < 3; point++) {
        line("    FloatVector f%d = FloatVector.broadcast(S, %s);", point, factor(half, point));
        for (int t = 0; t < tiles; t++) {
          for (int v = 0; v < 2; v++) {
            String from = "i0 + %d * initRow + %d * L".formatted(point, 2 * t + v);
            String sum = "s%d%d%s.fma(f%d, FloatVector.fromArray(S, init, %s))"
                .formatted(point, t, VECTORS[v], point, from);
            line("    %s", sum);
            line("        .intoArray(c, c0 + %d * cRow + %d * L);", point, 2 * t + v);
          }
        }
      }
      line("  }");
    }

    /** What G has before a point's powers and not in common: multiplied by once, after the sums. */
    private static String factor(String half, int point) {
      String[] low = {"3 / 4f", "-1 / 2f", "-1 / 2f"};
      String[] high = {"1 / 8f", "1 / 8f", "27 / 16f"};
      return half.equals("low") ? low[point] : high[point];
    }

    /** One of the three weights of a row of a kernel. */
    private void load(int column) {
      for (int v = 0; v < 2; v++) {
        String at = "wk + %d * L".formatted(2 * column + v);
        line("      FloatVector g%d%s = FloatVector.fromArray(S, w, %s);", column, VECTORS[v], at);
      }
    }

    /** The other two of three points of a row of a kernel. */
    private void transform(String half) {
      for (String v : VECTORS) {
        if (half.equals("low")) {
          line("      FloatVector even%s = g0%s.add(g2%s);", v, v, v);
          line("      FloatVector w1%s = even%s.add(g1%s);", v, v, v);
          line("      FloatVector w2%s = even%s.sub(g1%s);", v, v, v);
        } else {
          line("      FloatVector even%s = g2%s.fma(four, g0%s);", v, v, v);
          line("      FloatVector odd%s = g1%s.add(g1%s);", v, v, v);
          line("      FloatVector w0%s = even%s.add(odd%s);", v, v, v);
          line("      FloatVector w1%s = even%s.sub(odd%s);", v, v, v);
        }
      }
    }

    private void multiply(int point, int tiles) {
      for (int t = 0; t < tiles; t++) {
        if (t > 0) {
          fence();
        }
        String x = "x" + point + t;
        String at = "ak + %d * aRow + %d * 2 * L".formatted(point, t);
        line("      FloatVector %s = FloatVector.broadcast(S, a[%s]);", x, at);
        for (String v : VECTORS) {
          line("      s%d%d%s = %s.fma(w%d%s, s%d%d%s);", point, t, v, x, point, v, point, t, v);
        }
      }
    }

    private void fence() {
      line("      if (Jit.FREE_FENCES) VarHandle.acquireFence();");
    }
  }

  /**
   * Neighbouring outputs of a line of a convolution of each channel by itself, one vector of
   * channels together: one method for each width of the kernel and stride.
   *
   * <p>Seven outputs divide the lines that images of 224 have, and their sums leave 32 registers
   * room for a row of a kernel and all inputs that it sees: each input is read once for all its
   * taps.
   */
  private static final class DepthwiseTiles extends TileGenerator {
    private static final int OUTPUTS = 7;

    /** Widths of kernels and their strides. */
    private static final int[][] SIZES = {{3, 1}, {3, 2}, {5, 1}, {5, 2}, {7, 1}};

    @Override
    void type() {
      line("/**");
      line(
          " * Register tiles of a convolution of each channel by itself; written by"
              + " TileGenerator.");
      line(" */");
      line("public final class DepthwiseTiles {");
      line("  /** Outputs of a tile. */");
      line("  public static final int OUTPUTS = %d;", OUTPUTS);
      line("  private static final VectorSpecies<Float> S = Lanes.SPECIES;");
      line("  private static final int B = Lanes.BLOCK;");
      line("");
      line("  private DepthwiseTiles() {}");
      line("");
      line("  /** Whether there are tiles of kernels of this width and stride. */");
      line("  public static boolean supports(int width, int stride) {");
      for (int[] size : SIZES) {
        line("    if (width == %d && stride == %d) return true;", size[0], size[1]);
      }
      line("    return false;");
      line("  }");
      line("");
      line("  /** Computes a tile; {@code g.taps} are where the rows of the kernel lie. */");
      line("  public static void run(");
      line("      int width, int stride, TileArgs g, int a0, int w0, int i0, int c0) {");
      for (int[] size : SIZES) {
        line("    if (width == %d && stride == %d) {", size[0], size[1]);
        line("      %s(g, a0, w0, i0, c0);", name(size));
        line("      return;");
        line("    }");
      }
      line("    throw new IllegalArgumentException(\"no tile of width \" + width);");
      line("  }");
      for (int[] size : SIZES) {
        tile(name(size), size[0], size[1]);
      }
      line("}");
    }

    private static String name(int[] size) {
      return "width%dStride%d".formatted(size[0], size[1]);
    }

    private void tile(String name, int width, int stride) {
      line("");
      line("  private static void %s(TileArgs g, int a0, int w0, int i0, int c0) {", name);
      line("    float[] a = g.a;");
      line("    int[] rows = g.taps;");
      line("    float[] w = g.w;");
      for (int r = 0; r < OUTPUTS; r++) {
        line("    FloatVector s%d = FloatVector.zero(S);", r);
      }
      line("    int wk = w0;");
      line("    for (int row = 0; row < rows.length; row++) {");
      line("      int ak = a0 + rows[row];");
      for (int k = 0; k < width; k++) {
        line("      FloatVector k%d = FloatVector.fromArray(S, w, wk + %d * B);", k, k);
      }
      for (int i = 0; i < (OUTPUTS - 1) * stride + width; i++) {
        line("      FloatVector x%d = FloatVector.fromArray(S, a, ak + %d * B);", i, i);
      }
      for (int k = 0; k < width; k++) {
        for (int r = 0; r < OUTPUTS; r++) {
          line("      s%d = x%d.fma(k%d, s%d);", r, r * stride + k, k, r);
        }
      }
      line("      wk += %d * B;", width);
      line("    }");
      line("    float[] c = g.c;");
      line("    int cRow = g.cRow;");
      line("    if (g.init == TileArgs.ZEROS) {");
      for (int r = 0; r < OUTPUTS; r++) {
        line("      s%d.intoArray(c, c0 + %d * cRow);", r, r);
      }
      line("      return;");
      line("    }");
      line("    float[] init = g.init;");
      line("    int iRow = g.initRow;");
      for (int r = 0; r < OUTPUTS; r++) {
        line("    s%d.add(FloatVector.fromArray(S, init, i0 + %d * iRow))", r, r);
        line("        .intoArray(c, c0 + %d * cRow);", r);
      }
      line("  }");
    }
  }

  /**
   * Neighbouring outputs of a line of a convolution in groups of few channels, one vector of
   * channels together: one method for each number of channels of a group.
   *
   * <p>A vector of inputs holds the groups of a vector of outputs. Each output needs the inputs of
   * its own group, one after the other: the vector is read once and its lanes exchanged within the
   * groups, where a tile of all channels would multiply the other groups' by zeros.
   */
  private static final class GroupTiles extends TileGenerator {
    private static final int OUTPUTS = 7;

    /** Channels of a group. */
    private static final int[] CHANNELS = {4, 8};

    @Override
    void type() {
      line("/**");
      line(" * Register tiles of a convolution in groups of few channels; written by TileGenerator.");
      line(" */");
      line("public final class GroupTiles {");
      line("  /** Outputs of a tile. */");
      line("  public static final int OUTPUTS = %d;", OUTPUTS);
      line("  private static final VectorSpecies<Float> S = Lanes.SPECIES;");
      line("  private static final int B = Lanes.BLOCK;");
      for (int channels : CHANNELS) {
        for (int i = 0; i < channels; i++) {
          line("  private static final VectorShuffle<Float> OF%d_%d = one(%d, %d);",
              channels, i, channels, i);
        }
      }
      line("");
      line("  private GroupTiles() {}");
      line("");
      line("  /** Each lane takes what this channel of its group has. */");
      line("  private static VectorShuffle<Float> one(int group, int channel) {");
      line("    return VectorShuffle.fromOp(S, lane -> (lane / group * group + channel) %% S.length());");
      line("  }");
      line("");
      line("  /** Whether there are tiles of groups of so many channels. */");
      line("  public static boolean supports(int group) {");
      line("    boolean fits = Tiles.HALVES && Lanes.COUNT %% group == 0;");
      StringBuilder any = new StringBuilder();
      for (int channels : CHANNELS) {
        any.append(any.isEmpty() ? "" : " || ").append("group == ").append(channels);
      }
      line("    return fits && (%s);", any);
      line("  }");
      line("");
      line("  /**");
      line("   * Computes a tile; {@code g.taps} are where the taps lie, and {@code g.aRow} is between two");
      line("   * outputs' inputs.");
      line("   *");
      line("   * @param count outputs that are stored; the others are computed from the last one's inputs");
      line("   */");
      line("  public static void run(");
      line("      int group, int count, TileArgs g, int a0, int w0, int i0, int c0) {");
      for (int channels : CHANNELS) {
        line("    if (group == %d) {", channels);
        line("      of%d(count, g, a0, w0, i0, c0);", channels);
        line("      return;");
        line("    }");
      }
      line("    throw new IllegalArgumentException(\"no tile of groups of \" + group);");
      line("  }");
      for (int channels : CHANNELS) {
        tile(channels);
      }
      line("}");
    }

    private void tile(int channels) {
      line("");
      line("  private static void of%d(", channels);
      line("      int count, TileArgs g, int a0, int w0, int i0, int c0) {");
      line("    float[] a = g.a;");
      line("    int[] taps = g.taps;");
      line("    float[] w = g.w;");
      line("    int last = (count - 1) * g.aRow;");
      for (int r = 0; r < OUTPUTS; r++) {
        line("    int a%dRow = Math.min(%d * g.aRow, last);", r, r);
        line("    FloatVector s%d = FloatVector.zero(S);", r);
      }
      line("    int wk = w0;");
      line("    for (int t = 0; t < taps.length; t++) {");
      line("      int ak = a0 + taps[t];");
      for (int i = 0; i < channels; i++) {
        line("      FloatVector k%d = FloatVector.fromArray(S, w, wk + %d * B);", i, i);
      }
      for (int r = 0; r < OUTPUTS; r++) {
        line("      FloatVector x%d = FloatVector.fromArray(S, a, ak + a%dRow);", r, r);
        for (int i = 0; i < channels; i++) {
          line("      s%d = x%d.rearrange(OF%d_%d).fma(k%d, s%d);", r, r, channels, i, i, r);
        }
      }
      line("      wk += %d * B;", channels);
      line("    }");
      line("    float[] c = g.c;");
      line("    int cRow = g.cRow;");
      line("    float[] init = g.init;");
      line("    int iRow = g.initRow;");
      for (int r = 0; r < OUTPUTS; r++) {
        line("    if (count > %d) {", r);
        line("      s%d.add(FloatVector.fromArray(S, init, i0 + %d * iRow))", r, r);
        line("          .intoArray(c, c0 + %d * cRow);", r);
        line("    }");
      }
      line("  }");
    }
  }
}
