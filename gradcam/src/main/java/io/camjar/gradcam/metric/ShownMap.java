package io.camjar.gradcam.metric;

/**
 * A map before and after it is made fit to be shown.
 *
 * @param signed the values of the method: those of the layer's cells, or, where it works on the
 *     image's pixels, the gradient at every pixel and colour
 * @param shown 0 to 1, one value a pixel of the network's input
 * @param height rows of the input
 * @param width columns of the input
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on at once; never compared.
public record ShownMap(float[] signed, float[] shown, int height, int width) {}
