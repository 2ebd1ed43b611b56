package io.camjar.gradcam.scaling;

/** Which evidence a shown map keeps. */
public enum Sign {
  /** What speaks for the class; what speaks against it is 0. Grad-CAM's ReLU. */
  RECTIFIED,
  /** Both: 0.5 is no evidence, 1 the most for the class, 0 as much against it. */
  SIGNED,
  /** Both alike: how much a place matters, for or against. */
  ABSOLUTE
}
