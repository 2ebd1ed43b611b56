package io.camjar.gradcam.metric;

/** The measures of faithfulness, in the order of the table. */
public enum Metric {
  /** See {@link DeletionInsertion#deletion}. */
  DELETION("deletion", false),
  /** See {@link DeletionInsertion#insertion}. */
  INSERTION("insertion", true),
  /** See {@link Confidence#drop}. */
  DROP("drop", false),
  /** See {@link Confidence#increase}. */
  INCREASE("increase", true),
  /** See {@link Road.Scores#combined}. */
  ROAD("road", true),
  /** See {@link Coherency#coherency}. */
  COHERENCY("coherency", true),
  /** See {@link Coherency#complexity}. */
  COMPLEXITY("complexity", false),
  /** See {@link Localisation#hit}; where boxes are known. */
  POINTING("pointing", true),
  /** See {@link Localisation#energy}; where boxes are known. */
  ENERGY("energy", true);

  private final String label;
  private final boolean higherIsBetter;

  Metric(String label, boolean higherIsBetter) {
    this.label = label;
    this.higherIsBetter = higherIsBetter;
  }

  /** The heading of its column. */
  public String label() {
    return label;
  }

  /** Whether more of it speaks for the map. */
  public boolean higherIsBetter() {
    return higherIsBetter;
  }
}
