package io.camjar.gradcam.image.dicom;

import java.util.List;

/**
 * One element of a data set; its value stays where it is in the file.
 *
 * @param vr its kind by two letters; empty where the file does not say
 * @param from where its value begins
 * @param length how many bytes it has
 * @param items the data sets it holds; none for most
 * @param fragments pieces of compressed pixels, the table of offsets first; none for most
 */
record Element(
    int tag, String vr, int from, int length, List<DicomDataset> items, List<Fragment> fragments) {
  /** A piece of compressed pixels. */
  record Fragment(int from, int length) {}
}
