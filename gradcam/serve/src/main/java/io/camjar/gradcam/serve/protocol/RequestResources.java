package io.camjar.gradcam.serve.protocol;

import io.camjar.gradcam.serve.limits.ByteBudget;
import io.camjar.gradcam.serve.limits.Deadline;
import io.camjar.gradcam.serve.limits.PixelMemory;
import io.camjar.gradcam.serve.models.Lease;

/**
 * What a request's work may use.
 *
 * @param lease the model
 * @param deadline when it must be over
 * @param pixels memory for images
 * @param share memory for the answer
 * @param most bytes that the files of one answer may have
 */
public record RequestResources(
    Lease lease, Deadline deadline, PixelMemory pixels, ByteBudget.Share share, long most) {}
