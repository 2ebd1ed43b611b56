package io.camjar.gradcam.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.engine.CamjarException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of one JSON line an image, added when the image's own files are complete: what a run that
 * was cut short leaves to the next one, and what tables are made from without holding all results
 * in memory. Not for several threads.
 */
public final class ResultLog implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path path;
  private final RandomAccessFile file;

  private ResultLog(Path path, RandomAccessFile file) {
    this.path = path;
    this.file = file;
  }

  /**
   * One line.
   *
   * @param options stands for all that the result depends on, the image aside
   * @param bytes the image's size
   * @param modified when the image was last changed, in milliseconds since 1970
   */
  public record Entry(String options, long bytes, long modified, ImageResult result) {}

  /** Sees entries. */
  @FunctionalInterface
  public interface Visitor {
    /** One entry, and the position that {@link #read} takes. */
    void visit(long position, Entry entry);
  }

  /**
   * Opens a log: an empty one, or what there is, to add to it.
   *
   * @throws CamjarException if it cannot be written
   */
  public static ResultLog open(Path path, boolean keep) {
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
      if (!keep) {
        file.setLength(0);
      }
      return new ResultLog(path, file);
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  /** Adds an entry; returns its position. */
  public long add(Entry entry) {
    try {
      byte[] json = MAPPER.writeValueAsBytes(entry);
      byte[] line = java.util.Arrays.copyOf(json, json.length + 1);
      line[json.length] = '\n';
      long position = file.length();
      file.seek(position);
      file.write(line);
      return position;
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  /** The entry at a position that {@link #add} or {@link #scan} told. */
  public Entry read(long position) {
    try {
      file.seek(position);
      return MAPPER.readValue(line(buffered()), Entry.class);
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  /**
   * Shows all entries to {@code visitor}, the oldest first. A line that was cut short at the end is
   * removed; lines that are no entries are passed over.
   */
  public void scan(Visitor visitor) {
    try {
      file.seek(0);
      InputStream in = buffered();
      long position = 0;
      for (byte[] line = line(in); line.length > 0; line = line(in)) {
        if (line[line.length - 1] != '\n') {
          file.setLength(position);
          return;
        }
        try {
          visitor.visit(position, MAPPER.readValue(line, Entry.class));
        } catch (JsonProcessingException e) {
          // Written by something else, or by another version: the image is explained again.
        }
        position += line.length;
      }
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  private InputStream buffered() {
    return new BufferedInputStream(Channels.newInputStream(file.getChannel()));
  }

  /** Up to the end of a line, which is included, or of the file. */
  private static byte[] line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      line.write(b);
      if (b == '\n') {
        break;
      }
    }
    return line.toByteArray();
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  private static CamjarException unusable(Path path, IOException e) {
    return new CamjarException(
        "%s could not be used (%s: %s); check the folder and the space on the disk"
            .formatted(path, e.getClass().getSimpleName(), e.getMessage()),
        e);
  }
}
