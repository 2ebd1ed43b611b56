package io.camjar.engine.hook;

import io.camjar.engine.graph.PathPattern;

/**
 * A function that is called with what passes of a network compute.
 *
 * @param kind what it looks at
 * @param pattern a point's or parameter's name, or a {@link PathPattern} of these
 * @param every it is called at step 0 and every so many steps after it
 * @param replaces whether it may put other values in place of those that it is shown
 * @param learning whether of points it looks at those alone that have parameters
 * @param look the function
 */
public record Hook(
    Kind kind, String pattern, int every, boolean replaces, boolean learning, Look look) {

  /** What a hook looks at. */
  public enum Kind {
    /** The value of a point, when it is computed. */
    ACTIVATION,
    /** The gradient with respect to a point's value, when all of it is there. */
    GRADIENT,
    /**
     * The gradient that reaches the start of a residual block through its branch; named after the
     * addition that ends the block.
     */
    BRANCH,
    /** The same through its shortcut. */
    SHORTCUT,
    /** A parameter and its gradient, when that is there. */
    PARAMETER,
    /** What an update adds to a parameter. */
    UPDATE,
    /**
     * The norms of a parameter, of its gradient and of its update alone, which the optimiser of a
     * trainer sums while it changes the parameter: unlike for {@link #UPDATE} no more than a run of
     * its values is copied.
     */
    NORMS
  }

  /** The function. */
  @FunctionalInterface
  public interface Look {

    /**
     * Is called on the thread of the pass.
     *
     * @param view valid until it returns
     */
    void at(View view);
  }

  /**
   * A hook.
   *
   * @throws IllegalArgumentException if it would be called every 0 or fewer steps
   */
  public Hook {
    if (every < 1) {
      throw new IllegalArgumentException("a hook is called every 1 or more steps, not " + every);
    }
  }

  /** One that reads at every step. */
  public static Hook of(Kind kind, String pattern, Look look) {
    return new Hook(kind, pattern, 1, false, false, look);
  }

  /** The same at step 0 and every so many steps after it. */
  public Hook every(int steps) {
    return new Hook(kind, pattern, steps, replaces, learning, look);
  }

  /** The same, which may put other values in place of those that it is shown. */
  public Hook replacing() {
    return new Hook(kind, pattern, every, true, learning, look);
  }

  /** The same at points that have parameters, as fastai's hooks are without paramless modules. */
  public Hook learningOnly() {
    return new Hook(kind, pattern, every, replaces, true, look);
  }

  boolean isDue(long step) {
    return step % every == 0;
  }

  boolean matches(String name) {
    if (!isPattern() || pattern.equals("**")) { // asked for each point of each step
      return isPattern() || name.equals(pattern);
    }
    return PathPattern.of(pattern).matches(name);
  }

  boolean isPattern() {
    return PathPattern.isOne(pattern);
  }
}
