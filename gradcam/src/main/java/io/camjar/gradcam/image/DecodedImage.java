package io.camjar.gradcam.image;

import io.camjar.gradcam.image.decode.Decoding;

/**
 * An image and how it was read.
 *
 * @param image the pixels, upright if that was wanted
 * @param decoding which page, how turned, what became of its samples, what a user should know
 */
public record DecodedImage(RgbImage image, Decoding decoding) {}
