package io.camjar.gradcam.image;

/** How a preset brings a picture of any size to the network's size. */
interface Framing {
  /** The picture at {@code height} x {@code width}, and what of it is to be seen there. */
  Framed frame(RgbImage image, int height, int width);

  /**
   * A picture at the network's size.
   *
   * @param planes samples 0 to 1, {@code [3][height][width]} flattened
   * @param region the rectangle of the original that they show, in its pixels
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed on at once; never compared.
  record Framed(float[] planes, Box region) {
    /** As torchvision's {@code ToTensor}: planes of {@code sample / 255}. */
    static Framed of(RgbImage image, Box region) {
      byte[] in = image.samples();
      int size = image.width() * image.height();
      float[] planes = new float[3 * size];
      for (int i = 0; i < size; i++) {
        for (int c = 0; c < 3; c++) {
          planes[c * size + i] = (in[3 * i + c] & 0xff) / 255f;
        }
      }
      return new Framed(planes, region);
    }
  }
}
