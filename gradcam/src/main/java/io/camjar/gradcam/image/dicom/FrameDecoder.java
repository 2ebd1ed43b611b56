package io.camjar.gradcam.image.dicom;

import java.io.IOException;

/** Unpacks a frame that is a JPEG file. */
@FunctionalInterface
public interface FrameDecoder {
  /**
   * The frame's numbers as they are stored.
   *
   * @param jpeg the file
   * @param columns what its width has to be
   * @param rows what its height has to be
   * @param samples 1 or 3 numbers a pixel
   * @param luma whether three are luma and chroma, to be returned as red, green and blue
   * @return {@code [rows][columns][samples]} flattened
   */
  int[] decode(byte[] jpeg, int columns, int rows, int samples, boolean luma) throws IOException;
}
