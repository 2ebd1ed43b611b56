package io.camjar.gradcam.metric;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A graph's Laplacian on some cells of a grid, {@code (A x)_i = d_i x_i - sum_j w_ij x_j}, each
 * cell joined to at most its eight neighbours.
 *
 * <p>Solved by conjugate gradients with a multigrid cycle as preconditioner: blocks of 2 x 2 cells
 * are one cell of a coarser Laplacian ({@code P' A P}, P constant on a block), each level is
 * smoothed by Gauss-Seidel forwards and backwards, and coarse levels are visited twice (Trottenberg
 * et al., Multigrid, sections 2.4 and A.4). The number of steps hardly grows with the size of the
 * holes, where conjugate gradients alone need one for each cell that they are wide.
 *
 * <p>A border of cells that are never solved for surrounds the grid, so that no neighbour has to be
 * looked for. Holds scratch memory: for one thread.
 */
final class GridLaplacian {
  private static final double TOLERANCE = 1e-7;
  private static final int MOST_STEPS = 500;

  private final int stride;
  private final int[] cells;
  private final double[] diagonal;
  private final double[] inverse;

  /** What joins a cell to those right of it, below, and below on either side. */
  private final double[] right;

  private final double[] below;
  private final double[] belowRight;
  private final double[] belowLeft;

  private final int @Nullable [] parents;
  private final @Nullable GridLaplacian coarser;
  private final double[] force;
  private final double[] answer;

  /**
   * The Laplacian of these cells and of all coarser levels.
   *
   * @param height rows, without the border
   * @param width columns, without the border
   * @param cells the places to solve for, ascending, as {@link #at} gives them
   * @param weights diagonal, right, below, below right, below left; one value a place of the grid
   *     with its border, 0 where nothing is joined
   */
  private GridLaplacian(int height, int width, int[] cells, double[][] weights) {
    this.stride = width + 2;
    this.cells = cells;
    this.diagonal = weights[0];
    this.right = weights[1];
    this.below = weights[2];
    this.belowRight = weights[3];
    this.belowLeft = weights[4];
    this.inverse = new double[diagonal.length];
    for (int at : cells) {
      inverse[at] = 1 / diagonal[at];
    }
    this.force = new double[diagonal.length];
    this.answer = new double[diagonal.length];
    boolean coarsest = height == 1 && width == 1;
    this.parents = coarsest ? null : parents(width);
    this.coarser = coarsest ? null : coarser((height + 1) / 2, (width + 1) / 2);
  }

  /** A cell's place in a grid with a border. */
  static int at(int row, int column, int width) {
    return (row + 1) * (width + 2) + column + 1;
  }

  /**
   * The Laplacian of the flagged cells, each joined to its neighbours on the grid; those that are
   * not flagged are known, and hold on to their neighbours.
   *
   * @param beside weight of neighbours that share an edge
   * @param across weight of neighbours that share a corner
   */
  static GridLaplacian of(boolean[] flagged, int width, double beside, double across) {
    int height = flagged.length / width;
    int stride = width + 2;
    double[] inside = new double[(height + 2) * stride];
    double[] solved = new double[inside.length];
    for (int i = 0; i < flagged.length; i++) {
      int at = at(i / width, i % width, width);
      inside[at] = 1;
      solved[at] = flagged[i] ? 1 : 0;
    }
    int[] cells = IntStream.range(0, solved.length).filter(at -> solved[at] == 1).toArray();
    double[][] weights = new double[5][solved.length];
    for (int at : cells) {
      weights[0][at] = neighbours(inside, at, stride, beside, across);
      weights[1][at] = beside * solved[at + 1];
      weights[2][at] = beside * solved[at + stride];
      weights[3][at] = across * solved[at + stride + 1];
      weights[4][at] = across * solved[at + stride - 1];
    }
    return new GridLaplacian(height, width, cells, weights);
  }

  /** The weighted sum over a place's eight neighbours. */
  static double neighbours(double[] x, int at, int stride, double beside, double across) {
    int up = at - stride;
    int down = at + stride;
    return beside * (x[up] + x[down] + x[at - 1] + x[at + 1])
        + across * (x[up - 1] + x[up + 1] + x[down - 1] + x[down + 1]);
  }

  /** The places that are solved for. */
  int[] cells() {
    return cells;
  }

  /** For each cell the place of its block one level up. */
  private int[] parents(int width) {
    int[] places = new int[cells.length];
    for (int k = 0; k < places.length; k++) {
      int row = cells[k] / stride - 1;
      int column = cells[k] % stride - 1;
      places[k] = at(row / 2, column / 2, (width + 1) / 2);
    }
    return places;
  }

  private GridLaplacian coarser(int height, int width) {
    int coarseStride = width + 2;
    double[][] weights = new double[5][(height + 2) * coarseStride];
    int[] block = new int[diagonal.length];
    for (int k = 0; k < cells.length; k++) {
      block[cells[k]] = parents[k];
    }
    for (int at : cells) {
      weights[0][block[at]] += diagonal[at];
      join(weights, block[at], block[at + 1], right[at], coarseStride);
      join(weights, block[at], block[at + stride], below[at], coarseStride);
      join(weights, block[at], block[at + stride + 1], belowRight[at], coarseStride);
      join(weights, block[at], block[at + stride - 1], belowLeft[at], coarseStride);
    }
    int[] blocks = Arrays.stream(parents).sorted().distinct().toArray();
    return new GridLaplacian(height, width, blocks, weights);
  }

  /** Joins two blocks; one block to itself takes both directions off its diagonal. */
  private static void join(double[][] weights, int from, int to, double weight, int stride) {
    if (weight == 0) {
      return;
    }
    int apart = to - from;
    if (apart == 0) {
      weights[0][from] -= 2 * weight;
    } else if (apart == 1) {
      weights[1][from] += weight;
    } else if (apart == -1) { // from a cell to the one below left, in the block to the left
      weights[1][to] += weight;
    } else if (apart == stride) {
      weights[2][from] += weight;
    } else if (apart == stride + 1) {
      weights[3][from] += weight;
    } else {
      weights[4][from] += weight;
    }
  }

  /**
   * Improves {@code x} until {@code A x = b}.
   *
   * @param b the right-hand side at {@link #cells}
   * @param x a first guess at {@link #cells}, and 0 elsewhere
   */
  void solve(double[] b, double[] x) {
    double[] residual = new double[x.length];
    double[] direction = new double[x.length];
    double[] image = new double[x.length];
    double[] better = new double[x.length];
    double size = 0;
    for (int at : cells) {
      residual[at] = b[at] - diagonal[at] * x[at] + joined(x, at);
      size += b[at] * b[at];
    }
    double rho = precondition(residual, better);
    for (int at : cells) {
      direction[at] = better[at];
    }
    for (int step = 0; step < MOST_STEPS && rho > TOLERANCE * TOLERANCE * size; step++) {
      double curvature = 0;
      for (int at : cells) {
        image[at] = diagonal[at] * direction[at] - joined(direction, at);
        curvature += direction[at] * image[at];
      }
      double length = rho / curvature;
      for (int at : cells) {
        x[at] += length * direction[at];
        residual[at] -= length * image[at];
      }
      double next = precondition(residual, better);
      double turn = next / rho;
      rho = next;
      for (int at : cells) {
        direction[at] = better[at] + turn * direction[at];
      }
    }
  }

  /** One cycle from 0; returns the product of both, the error's size in the system's own norm. */
  private double precondition(double[] residual, double[] better) {
    Arrays.fill(better, 0);
    cycle(residual, better);
    double product = 0;
    for (int at : cells) {
      product += residual[at] * better[at];
    }
    return product;
  }

  /** Brings {@code x} closer to {@code A x = b}. */
  private void cycle(double[] b, double[] x) {
    for (int at : cells) {
      x[at] = inverse[at] * (right[at - 1] * x[at - 1] + (b[at] + joinedButLeft(x, at)));
    }
    if (coarser == null) {
      return;
    }
    Arrays.fill(coarser.force, 0);
    Arrays.fill(coarser.answer, 0);
    for (int k = 0; k < cells.length; k++) {
      int at = cells[k];
      coarser.force[parents[k]] += b[at] - diagonal[at] * x[at] + joined(x, at);
    }
    coarser.cycle(coarser.force, coarser.answer);
    coarser.cycle(coarser.force, coarser.answer);
    for (int k = 0; k < cells.length; k++) {
      x[cells[k]] += coarser.answer[parents[k]];
    }
    for (int k = cells.length - 1; k >= 0; k--) {
      int at = cells[k];
      x[at] = inverse[at] * (right[at] * x[at + 1] + (b[at] + joinedButRight(x, at)));
    }
  }

  private double joined(double[] x, int at) {
    return right[at] * x[at + 1] + right[at - 1] * x[at - 1] + joinedAboveAndBelow(x, at);
  }

  private double joinedButLeft(double[] x, int at) {
    return right[at] * x[at + 1] + joinedAboveAndBelow(x, at);
  }

  private double joinedButRight(double[] x, int at) {
    return right[at - 1] * x[at - 1] + joinedAboveAndBelow(x, at);
  }

  private double joinedAboveAndBelow(double[] x, int at) {
    int up = at - stride;
    int down = at + stride;
    return below[at] * x[down]
        + below[up] * x[up]
        + belowRight[at] * x[down + 1]
        + belowRight[up - 1] * x[up - 1]
        + belowLeft[at] * x[down - 1]
        + belowLeft[up + 1] * x[up + 1];
  }
}
