package io.camjar.engine.model;

/**
 * How tokens {@code [N, T, D]} lie on an image: first those that stand for no place, such as the
 * class token, then one for each patch, row by row.
 *
 * @param prefix tokens before the patches
 * @param height rows of patches
 * @param width columns of patches
 */
public record PatchGrid(int prefix, int height, int width) {

  /** All tokens. */
  public int tokens() {
    return prefix + height * width;
  }
}
