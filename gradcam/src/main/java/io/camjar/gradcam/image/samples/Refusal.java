package io.camjar.gradcam.image.samples;

/** A reason not to read on, still without the name of the file. */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String remedy;

  /**
   * A refusal.
   *
   * @param cause what was found, continuing "FILE ..."
   * @param remedy what would help, in the imperative
   */
  public Refusal(String cause, String remedy) {
    super(cause);
    this.remedy = remedy;
  }

  /** What would help, in the imperative. */
  public String remedy() {
    return remedy;
  }
}
