package io.camjar.gradcam.image.decode;

import io.camjar.gradcam.image.dicom.DicomImage;
import io.camjar.gradcam.image.dicom.DicomReader;
import java.io.IOException;

/** One frame of a DICOM file. */
final class DicomDecoder {
  private DicomDecoder() {}

  static Rgb decode(byte[] file, ReadOptions options, Decoding.Builder report) throws IOException {
    DicomImage image =
        DicomReader.read(
            file,
            options.page() - 1,
            options.scale(),
            JpegFrames::decode,
            frames -> Pages.check("frame", options.page(), frames));
    report.page(options.page(), image.frames());
    if (image.samples() != null) {
      report.samples(image.samples());
    }
    if (image.note() != null) {
      report.note(image.note());
    }
    return new Rgb(image.columns(), image.rows(), image.rgb());
  }
}
