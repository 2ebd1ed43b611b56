/**
 * DICOM images: the file's elements (PS3.5), its pixels, and the way of gray values to what is seen
 * (PS3.3, C.7.6.3 and C.11).
 */
@org.jspecify.annotations.NullMarked
package io.camjar.gradcam.image.dicom;
