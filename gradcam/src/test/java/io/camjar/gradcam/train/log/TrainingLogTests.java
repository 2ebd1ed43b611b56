package io.camjar.gradcam.train.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.gradcam.train.EpochReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
  void recordsHaveTheFormatThatTensorBoardReads() throws IOException {
    new TrainingLog(folder, List.of()).add(FIRST);
    Path file;
    try (var files = Files.list(folder)) {
      file = files.filter(f -> f.toString().contains("tfevents")).findFirst().orElseThrow();
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int records = 0;
    byte[] message = {};
    while (bytes.hasRemaining()) {
      byte[] length = new byte[8];
      bytes.get(length);
      assertThat(bytes.getInt()).isEqualTo(masked(length));
      message = new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      bytes.get(message);
      assertThat(bytes.getInt()).isEqualTo(masked(message));
      records++;
    }
    assertThat(records).isEqualTo(2);
    assertThat(new String(message, StandardCharsets.ISO_8859_1)).contains("loss/train", "rate");
  }

  private static int masked(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    int value = (int) crc.getValue();
    return ((value >>> 15) | (value << 17)) + 0xa282ead8;
  }
}
