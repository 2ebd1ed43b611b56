package io.camjar.gradcam.metric;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.DMatrixSparseCSC;
import org.ejml.data.DMatrixSparseTriplet;
import org.ejml.interfaces.linsol.LinearSolverSparse;
import org.ejml.ops.DConvertMatrixStruct;
import org.ejml.sparse.FillReducing;
import org.ejml.sparse.csc.factory.LinearSolverFactory_DSCC;

/**
 * A graph's Laplacian on the missing pixels of a grid, {@code (A x)_i = sum_j w_ij (x_i - x_j)},
 * each pixel joined to its eight neighbours, of which the known ones are 0 in {@code x}.
 *
 * <p>Factorised once with EJML's sparse Cholesky decomposition and solved for every channel. EJML
 * has no ordering that keeps the factor small, so the rows come in that of {@link
 * NestedDissection}. Positive definite if at least one pixel of the grid is known. For one thread.
 */
final class GridLaplacian {
  private static final int NEIGHBOURS = 8;

  private final Grid grid;
  private final int[] missing;
  private final int[] rows;
  private final LinearSolverSparse<DMatrixSparseCSC, DMatrixRMaj> solver =
      LinearSolverFactory_DSCC.cholesky(FillReducing.NONE);

  private GridLaplacian(Grid grid, int[] missing) {
    this.grid = grid;
    this.missing = missing;
    this.rows = new int[grid.height * grid.width];
    Arrays.fill(rows, -1);
    for (int row = 0; row < missing.length; row++) {
      rows[missing[row]] = row;
    }
  }

  /**
   * The Laplacian of the flagged pixels.
   *
   * @param flagged one flag a pixel, row by row, not all of them true
   * @param edge weight of neighbours that share an edge
   * @param corner weight of neighbours that share a corner
   */
  static GridLaplacian of(boolean[] flagged, int width, double edge, double corner) {
    Grid grid = new Grid(flagged.length / width, width, edge, corner);
    int[] missing =
        Arrays.stream(NestedDissection.order(grid.height, width))
            .filter(pixel -> flagged[pixel])
            .toArray();
    GridLaplacian laplacian = new GridLaplacian(grid, missing);
    if (missing.length == flagged.length || !laplacian.solver.setA(laplacian.matrix())) {
      throw new IllegalArgumentException("no pixel of the grid is known");
    }
    return laplacian;
  }

  private DMatrixSparseCSC matrix() {
    int size = missing.length;
    DMatrixSparseTriplet entries = new DMatrixSparseTriplet(size, size, size * (NEIGHBOURS + 1));
    for (int row = 0; row < size; row++) {
      int at = row;
      double[] sum = new double[1];
      grid.visit(
          missing[row],
          (pixel, weight) -> {
            sum[0] += weight;
            if (rows[pixel] >= 0) {
              entries.addItem(at, rows[pixel], -weight);
            }
          });
      entries.addItem(at, at, sum[0]);
    }
    return DConvertMatrixStruct.convert(entries, (DMatrixSparseCSC) null);
  }

  /** The missing pixels, {@code row * width + column} each, in the order of {@link #solve}. */
  int[] missing() {
    return missing;
  }

  /**
   * Every pixel's value once each missing one is the weighted mean of its neighbours; only the
   * missing pixels' places hold answers.
   *
   * @param values row by row, the first pixel's at {@code from}
   */
  double[] fill(float[] values, int from) {
    double[] pull = new double[missing.length];
    for (int row = 0; row < pull.length; row++) {
      int at = row;
      grid.visit(
          missing[row],
          (pixel, weight) -> pull[at] += rows[pixel] < 0 ? weight * values[from + pixel] : 0);
    }
    double[] solution = solve(pull);
    double[] filled = new double[rows.length];
    for (int row = 0; row < pull.length; row++) {
      filled[missing[row]] = solution[row];
    }
    return filled;
  }

  /** The {@code x} of {@code A x = b}, one value a missing pixel. */
  double[] solve(double[] b) {
    DMatrixRMaj x = new DMatrixRMaj(b.length, 1);
    solver.solve(DMatrixRMaj.wrap(b.length, 1, b), x);
    return x.data;
  }

  /** A pixel that is joined to another. */
  private interface Neighbour {
    void accept(int pixel, double weight);
  }

  private record Grid(int height, int width, double edge, double corner) {
    void visit(int pixel, Neighbour neighbour) {
      int row = pixel / width;
      int column = pixel % width;
      for (int y = Math.max(row - 1, 0); y <= Math.min(row + 1, height - 1); y++) {
        for (int x = Math.max(column - 1, 0); x <= Math.min(column + 1, width - 1); x++) {
          if (y != row || x != column) {
            neighbour.accept(y * width + x, y == row || x == column ? edge : corner);
          }
        }
      }
    }
  }
}
