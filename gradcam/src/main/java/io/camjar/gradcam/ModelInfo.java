package io.camjar.gradcam;

import org.jspecify.annotations.Nullable;

/**
 * Where a network came from, for the record.
 *
 * @param architecture {@code resnet34}
 * @param head {@code linear}, {@code fastai1}, ...
 * @param classes how many
 * @param source the file, or what else the weights came from
 * @param sha256 of the file, in hexadecimal; null where there is no file
 */
public record ModelInfo(
    String architecture, String head, int classes, String source, @Nullable String sha256) {}
