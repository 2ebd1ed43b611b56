package io.camjar.gradcam;

/** Whether a map shows anything. */
public enum MapStatus {
  /** Some place speaks for the class, or all do alike: see {@link CamMap#isEven}. */
  OK("ok"),
  /** No value above zero: nothing at this layer speaks for the class. */
  NO_POSITIVE_EVIDENCE("no-positive-evidence"),
  /** A NaN or an infinity among the values: the weights or the input hold one, or overflow. */
  NON_FINITE("non-finite");

  private final String text;

  MapStatus(String text) {
    this.text = text;
  }

  /** As the JSON record spells it. */
  public String text() {
    return text;
  }
}
