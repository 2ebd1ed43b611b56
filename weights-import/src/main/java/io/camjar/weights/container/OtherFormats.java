package io.camjar.weights.container;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Files that people take for weights, or pass in their place, by their first bytes. */
final class OtherFormats {
  private static final String EXPORTED =
      "give the PyTorch file of the network, or the ONNX file that it was exported to";
  static final String TENSORFLOW =
      "convert it to ONNX with tf2onnx, or give the network's PyTorch file";
  private static final String IMAGE = "give it as an IMAGE, and a weights file in its place";
  private static final String UNPACK = "unpack it and give the file that was inside";
  private static final String LINK = "download the file itself, not the page that shows it";

  /** A sign of a format: these bytes, in Latin-1, at that offset. */
  private record Sign(int offset, String bytes, String format, String remedy) {}

  private static final List<Sign> SIGNS =
      List.of(
          new Sign(0, "\u0089HDF\r\n\u001a\n", "an HDF5 file, as Keras writes them", TENSORFLOW),
          new Sign(4, "TFL3", "a TensorFlow Lite model", TENSORFLOW),
          new Sign(4, "ET12", "an ExecuTorch program", EXPORTED),
          new Sign(0, "GGUF", "a GGUF model of llama.cpp", EXPORTED),
          new Sign(0, "\u0093NUMPY", "a single NumPy array", "give arrays with names as an .npz"),
          new Sign(0, "\u00ff\u00d8\u00ff", "a JPEG image", IMAGE),
          new Sign(0, "\u0089PNG\r\n\u001a\n", "a PNG image", IMAGE),
          new Sign(0, "GIF8", "a GIF image", IMAGE),
          new Sign(8, "WEBP", "a WebP image", IMAGE),
          new Sign(0, "II*\0", "a TIFF image", IMAGE),
          new Sign(0, "MM\0*", "a TIFF image", IMAGE),
          new Sign(128, "DICM", "a DICOM image", IMAGE),
          new Sign(0, "\u001f\u008b", "compressed by gzip", UNPACK),
          new Sign(0, "\u00fd7zXZ\0", "compressed by xz", UNPACK),
          new Sign(0, "7z\u00bc\u00af", "a 7z archive", UNPACK),
          new Sign(0, "BZh", "compressed by bzip2", UNPACK),
          new Sign(0, "(\u00b5/\u00fd", "compressed by zstd", UNPACK),
          new Sign(0, "Rar!", "a RAR archive", UNPACK),
          new Sign(
              0,
              "version https://git-lfs",
              "a pointer that Git LFS left in place of the file",
              "run git lfs pull where it was cloned"),
          new Sign(0, "<!doctype html", "a web page", LINK),
          new Sign(0, "<html", "a web page", LINK));

  private OtherFormats() {}

  /** What to answer where a file is of such a format. */
  static Optional<Malformed> refusal(ByteRegion file) {
    for (Sign sign : SIGNS) {
      if (has(file, sign)) {
        return Optional.of(
            new Malformed("is %s, not a checkpoint".formatted(sign.format()), sign.remedy()));
      }
    }
    return isTensorFlow(file)
        ? Optional.of(
            new Malformed(
                "is a TensorFlow graph or saved model (.pb), not a checkpoint", TENSORFLOW))
        : Optional.empty();
  }

  private static boolean has(ByteRegion file, Sign sign) {
    if (file.size() < sign.offset() + sign.bytes().length()) {
      return false;
    }
    byte[] found = file.bytes(sign.offset(), sign.bytes().length());
    String text = new String(found, StandardCharsets.ISO_8859_1);
    return text.equals(sign.bytes()) || text.toLowerCase(Locale.ROOT).equals(sign.bytes());
  }

  /**
   * A GraphDef is a list of nodes (field 1) that begin with their names (field 1 again); a
   * SavedModel has version 1 (field 1, a number) and then its graphs (field 2), which are longer
   * than a name.
   */
  private static boolean isTensorFlow(ByteRegion file) {
    if (file.size() < 16) {
      return false;
    }
    if (file.u8(0) == 0x08) {
      return file.u8(1) == 1 && file.u8(2) == 0x12 && file.u8(3) >= 0x80 && file.u8(4) >= 0x80;
    }
    if (file.u8(0) != 0x0a) {
      return false;
    }
    int name = file.u8(1) < 0x80 ? 2 : 3;
    int length = file.u8(name + 1);
    boolean fits = file.u8(name) == 0x0a && length > 0 && name + 3 + length < file.size();
    return fits && file.u8(name + 2 + length) == 0x12;
  }
}
