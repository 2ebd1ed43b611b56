package io.camjar.gradcam.image.decode;

/**
 * Pixels as decoded: 8 bits a channel, rows from the top, red, green and blue interleaved.
 *
 * @param samples {@code height * width * 3} bytes, which belong to whoever holds this
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on; never compared.
public record Rgb(int width, int height, byte[] samples) {}
