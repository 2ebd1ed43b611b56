package io.camjar.gradcam.image.dicom;

import io.camjar.gradcam.image.samples.Samples;
import org.jspecify.annotations.Nullable;

/**
 * A frame of a DICOM file as it is seen.
 *
 * @param rgb {@code [rows][columns][3]} flattened, 8 bits each
 * @param frames how many the file has
 * @param samples what became of gray values; null where the image has colours
 * @param note what a user should know, continuing "FILE "; null where there is nothing
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on; never compared.
public record DicomImage(
    int columns,
    int rows,
    byte[] rgb,
    int frames,
    @Nullable Samples samples,
    @Nullable String note) {}
