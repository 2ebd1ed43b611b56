package io.camjar.engine.model;

/**
 * How tokens {@code [N, T, D]} lie on an image: first those that stand for no place, such as the
 * class token, then one for each patch, row by row. Feature maps whose channels stand behind
 * places, {@code [N, H, W, D]}, are such tokens as well, none of them without a place; of images of
 * another size than the network is meant for they have their own rows and columns.
 *
 * @param prefix tokens before the patches
 * @param height rows of patches
 * @param width columns of patches
 */
public record PatchGrid(int prefix, int height, int width) {

  /**
   * The grid of a point's values: itself of tokens, and that of the values' own sides where
   * channels stand behind places.
   *
   * @param shape the values', {@code [N, T, D]} or {@code [N, H, W, D]}
   */
  public PatchGrid forShape(long... shape) {
    return shape.length == 4
        ? new PatchGrid(0, Math.toIntExact(shape[1]), Math.toIntExact(shape[2]))
        : this;
  }

  /** All tokens. */
  public int tokens() {
    return prefix + height * width;
  }
}
