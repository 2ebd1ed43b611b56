package io.camjar.gradcam.train.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.camjar.gradcam.train.EpochReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingLogTests {
  private static final EpochReport FIRST = new EpochReport(1, 2, 1.5, 0.25, 30, 0.2, 0.01, 3, 0);
  private static final EpochReport SECOND = new EpochReport(2, 1, 1.25, 0.5, 31, 0.4, 0.02, 2, 1);

  @TempDir Path folder;

  @Test
  void tablesHoldEachEpochOnceAlsoAfterARestart() throws IOException {
    new TrainingLog(folder, List.of()).add(FIRST);
    new TrainingLog(folder, List.of(FIRST)).add(SECOND);
    assertThat(Files.readAllLines(folder.resolve("log.csv")))
        .containsExactly(
            "epoch,train_loss,train_accuracy,val_loss,accuracy,images_per_second,rate",
            "1,2.000000,0.200000,1.500000,0.250000,30.0,0.010000000",
            "2,1.000000,0.400000,1.250000,0.500000,31.0,0.020000000");
    assertThat(Files.readAllLines(folder.resolve("log.jsonl"))).hasSize(2);
    assertThat(TrainingLog.json(FIRST))
        .startsWith(
            "{\"epoch\":1,\"train_loss\":2.0,\"val_loss\":1.5,\"accuracy\":0.25,\"images_per_second\":30.0");
  }

  @Test
  void tensorBoardsFileReadsBackByItsThreeMessages() throws IOException {
    TrainingLog log = new TrainingLog(folder, List.of());
    log.add(FIRST);
    log.add(SECOND);
    List<byte[]> events = records(Files.readAllBytes(eventFile()));
    assertThat(events).hasSize(3);
    assertThat(event(events.get(0)).version).isEqualTo("brain.Event:2");
    Event last = event(events.get(2));
    assertThat(last.step).isEqualTo(2);
    assertThat(last.wallTime).isCloseTo(System.currentTimeMillis() / 1e3, within(600.0));
    assertThat(last.scalars)
        .containsExactly(
            entry("loss/train", 1f),
            entry("loss/val", 1.25f),
            entry("accuracy/train", 0.4f),
            entry("accuracy/val", 0.5f),
            entry("speed/images_per_second", 31f),
            entry("rate", 0.02f));
  }

  @Test
  void oneBitThatChangedIsNoticed() throws IOException {
    new TrainingLog(folder, List.of()).add(FIRST);
    byte[] bytes = Files.readAllBytes(eventFile());
    for (int at : new int[] {0, 9, 20, bytes.length - 1}) { // length, its sum, message, its sum
      byte[] damaged = bytes.clone();
      damaged[at] ^= 1;
      assertThatThrownBy(() -> records(damaged)).as("byte %d", at).hasMessageContaining("checksum");
    }
  }

  private Path eventFile() throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(f -> f.toString().contains("tfevents")).findFirst().orElseThrow();
    }
  }

  /** What TensorBoard's record reader does: lengths and messages, each with its checksum. */
  private static List<byte[]> records(byte[] file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> messages = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte[] length = new byte[8];
      bytes.get(length);
      requireSum(bytes.getInt(), length);
      byte[] message =
          new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      bytes.get(message);
      requireSum(bytes.getInt(), message);
      messages.add(message);
    }
    return messages;
  }

  private static void requireSum(int found, byte[] bytes) throws IOException {
    if (found != masked(bytes)) {
      throw new IOException("wrong checksum");
    }
  }

  /** {@code tensorflow.Event}: 1 wall_time, 2 step, 3 file_version, 5 summary. */
  private static final class Event {
    double wallTime;
    long step;
    String version = "";
    final Map<String, Float> scalars = new LinkedHashMap<>();
  }

  private static Event event(byte[] message) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(message);
    Event event = new Event();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> event.wallTime = in.readDouble();
        case 2 -> event.step = in.readInt64();
        case 3 -> event.version = in.readString();
        case 5 -> summary(in.readByteArray(), event.scalars);
        default -> throw new IOException("unknown field of Event");
      }
    }
    return event;
  }

  /** {@code tensorflow.Summary}: 1 value, repeated; of a {@code Value}: 1 tag, 2 simple_value. */
  private static void summary(byte[] message, Map<String, Float> scalars) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(message);
    while (in.readTag() != 0) {
      CodedInputStream value = CodedInputStream.newInstance(in.readByteArray());
      assertThat(WireFormat.getTagFieldNumber(value.readTag())).isEqualTo(1);
      String name = value.readString();
      assertThat(WireFormat.getTagFieldNumber(value.readTag())).isEqualTo(2);
      scalars.put(name, value.readFloat());
      assertThat(value.isAtEnd()).isTrue();
    }
  }

  private static int masked(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    int value = (int) crc.getValue();
    return ((value >>> 15) | (value << 17)) + 0xa282ead8;
  }
}
