package io.camjar.gradcam.accuracy;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * How often images of one class are taken for another: a confusion matrix. Immutable.
 *
 * <p>A row is the class that images show, a column the one that the network answers, both in index
 * order. Classes that occur as neither are left out, and rows of classes that no image shows.
 */
public final class Confusion {
  private final int[] classes;
  private final int[][] counts;
  private final int[] rows;

  private Confusion(int[] classes, int[][] counts, int[] rows) {
    this.classes = classes;
    this.counts = counts;
    this.rows = rows;
  }

  /**
   * The matrix of these answers.
   *
   * @param shown further classes that are to have a row, whether there are images of them or not
   */
  public static Confusion of(List<Answer> answers, List<Integer> shown) {
    TreeSet<Integer> all = new TreeSet<>(shown);
    for (Answer answer : answers) {
      all.add(answer.actual());
      all.add(answer.predicted().target().index());
    }
    int[] classes = all.stream().mapToInt(Integer::intValue).toArray();
    int[][] counts = new int[classes.length][classes.length];
    for (Answer answer : answers) {
      int row = Arrays.binarySearch(classes, answer.actual());
      int column = Arrays.binarySearch(classes, answer.predicted().target().index());
      counts[row][column]++;
    }
    int[] rows =
        IntStream.range(0, classes.length)
            .filter(i -> shown.contains(classes[i]) || Arrays.stream(counts[i]).sum() > 0)
            .toArray();
    return new Confusion(classes, counts, rows);
  }

  /** How many classes there are. */
  public int size() {
    return classes.length;
  }

  /** The numbers of the classes that have a row, ascending. */
  public List<Integer> rows() {
    return Arrays.stream(rows).boxed().toList();
  }

  /** The class of a row and of the column of that number. */
  public int classAt(int number) {
    return classes[number];
  }

  /** Images of the row's class that are taken for the column's. */
  public int count(int row, int column) {
    return counts[row][column];
  }

  /** Images of the row's class. */
  public int actual(int row) {
    return Arrays.stream(counts[row]).sum();
  }

  /** Images that are taken for the column's class. */
  public int predicted(int column) {
    return Arrays.stream(counts).mapToInt(row -> row[column]).sum();
  }

  /** Right answers among the images of a class; NaN without any. */
  public double recall(int number) {
    return (double) counts[number][number] / actual(number);
  }

  /** Right answers among the answers that name a class; NaN without any. */
  public double precision(int number) {
    return (double) counts[number][number] / predicted(number);
  }

  /** Images in all. */
  public int pictures() {
    return IntStream.range(0, classes.length).map(this::actual).sum();
  }

  /** Right answers in all. */
  public int right() {
    return IntStream.range(0, classes.length).map(i -> counts[i][i]).sum();
  }

  /** The share of right answers, 0 to 1; NaN without images. */
  public double accuracy() {
    return (double) right() / pictures();
  }
}
