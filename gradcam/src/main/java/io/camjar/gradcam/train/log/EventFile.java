package io.camjar.gradcam.train.log;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A file that TensorBoard reads: records of {@code tensorflow.Event} messages with scalars.
 *
 * <p>A record is its length (64 bits, little-endian), the masked CRC-32C of these eight bytes, the
 * message, and its masked CRC-32C; the mask is {@code rotate right by 15, plus 0xa282ead8}.
 */
public final class EventFile {
  private static final int MASK = 0xa282ead8;

  private final Path file;

  private EventFile(Path file) {
    this.file = file;
  }

  /** A new file in this folder, which TensorBoard finds by its name. */
  public static EventFile create(Path folder) throws IOException {
    long now = System.currentTimeMillis();
    Path file = folder.resolve("events.out.tfevents.%d.camjar".formatted(now / 1000));
    EventFile events = new EventFile(file);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeDouble(1, now / 1e3);
    out.writeString(3, "brain.Event:2");
    out.flush();
    events.append(bytes.toByteArray());
    return events;
  }

  /**
   * Adds values.
   *
   * @param step such as the epoch
   * @param scalars by tag, such as {@code loss/train}
   */
  public void add(long step, Map<String, Double> scalars) throws IOException {
    ByteArrayOutputStream summary = new ByteArrayOutputStream();
    CodedOutputStream values = CodedOutputStream.newInstance(summary);
    for (Map.Entry<String, Double> scalar : scalars.entrySet()) {
      ByteArrayOutputStream one = new ByteArrayOutputStream();
      CodedOutputStream value = CodedOutputStream.newInstance(one);
      value.writeString(1, scalar.getKey());
      value.writeFloat(2, scalar.getValue().floatValue());
      value.flush();
      values.writeByteArray(1, one.toByteArray());
    }
    values.flush();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream event = CodedOutputStream.newInstance(bytes);
    event.writeDouble(1, System.currentTimeMillis() / 1e3);
    event.writeInt64(2, step);
    event.writeByteArray(5, summary.toByteArray());
    event.flush();
    append(bytes.toByteArray());
  }

  private void append(byte[] message) throws IOException {
    ByteBuffer record = ByteBuffer.allocate(message.length + 16).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(message.length);
    record.putInt(masked(record.array(), 0, 8));
    record.put(message);
    record.putInt(masked(message, 0, message.length));
    Files.write(file, record.array(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static int masked(byte[] bytes, int from, int count) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, count);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }
}
