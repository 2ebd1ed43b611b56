package io.camjar.benchmarks.protocol;

/**
 * One cell of the comparison.
 *
 * @param workload what is timed
 * @param size side of the images in pixels
 * @param batch images a run
 * @param threads that may compute
 */
public record Task(Workload workload, int size, int batch, int threads) {
  /** The class that is explained. */
  public static final int EXPLAINED_CLASS = 281;

  /** Step length of the training step. */
  public static final float LEARNING_RATE = 0.001f;

  /** Training steps whose losses are the answer. */
  public static final int COMPARED_STEPS = 3;

  /** Classes of every network. */
  public static final int CLASSES = 1000;

  /** Reads what {@link #toString} wrote. */
  public static Task parse(String text) {
    String[] words = text.split(" ");
    if (words.length != 4) {
      throw new IllegalArgumentException("a task is 'workload size batch threads', not " + text);
    }
    return new Task(
        Workload.titled(words[0]),
        Integer.parseInt(words[1]),
        Integer.parseInt(words[2]),
        Integer.parseInt(words[3]));
  }

  /** The class that image {@code i} of a training batch is said to show. */
  public static int label(int i) {
    return i * 37 % CLASSES;
  }

  @Override
  public String toString() {
    return "%s %d %d %d".formatted(workload.title(), size, batch, threads);
  }
}
