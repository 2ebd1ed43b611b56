package io.camjar.gradcam.train.data;

import io.camjar.engine.CamjarException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/** The files of a tar, each read from its place when it is wanted. */
final class TarImages {
  private static final Set<String> ENDINGS =
      Set.of("jpg", "jpeg", "jpe", "jfif", "png", "gif", "bmp", "tif", "tiff", "webp", "dcm");

  private TarImages() {}

  /** Folders and images in a tar that is not compressed, and {@code labels.txt}. */
  static List<Dataset.Member> list(Path tar) throws IOException {
    // Open as long as the data set is used, which is as long as the process trains.
    FileChannel channel = FileChannel.open(tar, StandardOpenOption.READ);
    List<Dataset.Member> members = new ArrayList<>();
    try (TarFile entries = new TarFile(tar, "ISO-8859-1")) {
      for (TarArchiveEntry entry : entries.getEntries()) {
        String path = name(entry).replaceFirst("^(\\./)+", "").replaceFirst("/$", "");
        boolean hidden = path.startsWith(".") || path.contains("/.");
        String ending = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (!hidden && entry.isDirectory()) {
          members.add(new Dataset.Member(path, true, () -> new byte[0]));
        } else if (!hidden
            && entry.isFile()
            && (ENDINGS.contains(ending) || path.equals("labels.txt"))) {
          long offset = entry.getDataOffset();
          int size = Math.toIntExact(entry.getSize());
          members.add(new Dataset.Member(path, false, () -> read(channel, offset, size)));
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      channel.close();
      throw new CamjarException(
          "%s is no tar that can be read (%s); give a folder, or a tar that is not compressed"
              .formatted(tar, e.getMessage()),
          e);
    }
    return members;
  }

  /**
   * The name as UTF-8, whatever the system's encoding. Bytes that are none are read as Latin-1:
   * with one sign for all of them, two classes would be one.
   */
  private static String name(TarArchiveEntry entry) {
    String bytes = entry.getName(); // one character a byte, but for names in extended headers
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(StandardCharsets.ISO_8859_1.newEncoder().encode(CharBuffer.wrap(bytes)))
          .toString();
    } catch (CharacterCodingException e) {
      return bytes;
    }
  }

  private static byte[] read(FileChannel channel, long offset, int size) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(size);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, offset + bytes.position()) < 0) {
        throw new EOFException("the tar ends early");
      }
    }
    return bytes.array();
  }
}
