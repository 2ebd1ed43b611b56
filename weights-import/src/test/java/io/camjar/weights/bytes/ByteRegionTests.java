package io.camjar.weights.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ByteRegionTests {
  @TempDir Path folder;

  @Test
  void readsAcrossTheChunksThatItIsMappedIn() throws IOException {
    byte[] bytes = new byte[1000];
    new Random(1).nextBytes(bytes);
    Path file = Files.write(folder.resolve("f"), bytes);
    ByteRegion region = ByteRegion.map(file, 5);
    ByteBuffer expected = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at <= 992; at++) {
      assertThat(region.i64(at)).isEqualTo(expected.getLong(at));
      assertThat(region.u16(at)).isEqualTo(expected.getShort(at) & 0xffff);
    }
    assertThat(region.bytes(0, 1000)).isEqualTo(bytes);
    assertThat(region.slice(37, 500).bytes(100, 300))
        .isEqualTo(Arrays.copyOfRange(bytes, 137, 437));
    assertThat(Checksums.crc32(region)).isEqualTo(Checksums.crc32(ByteRegion.wrap(bytes)));
    assertThat(Checksums.sha256(region)).isEqualTo(Checksums.sha256(ByteRegion.wrap(bytes)));
  }

  @Test
  void copiesFromTheFileAndFromTheMapping() throws IOException {
    byte[] bytes = new byte[1000];
    new Random(2).nextBytes(bytes);
    ByteRegion slice = ByteRegion.map(Files.write(folder.resolve("f"), bytes), 5).slice(100, 800);
    byte[] expected = Arrays.copyOfRange(bytes, 105, 805);
    assertThat(copied(slice)).isEqualTo(expected);
    assertThat(copied(ByteRegion.wrap(bytes).slice(100, 800))).isEqualTo(expected);

    // An interrupted thread cannot use the file's channel, nor can anyone after it.
    Thread.currentThread().interrupt();
    assertThat(copied(slice)).isEqualTo(expected);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(copied(slice)).isEqualTo(expected);
  }

  private static byte[] copied(ByteRegion region) {
    ByteBuffer out = ByteBuffer.allocate(700);
    region.copyTo(5, out);
    assertThat(out.hasRemaining()).isFalse();
    return out.array();
  }

  @Test
  void spansHoldWholeElementsUpToTheEnd() throws IOException {
    ByteRegion region = ByteRegion.map(Files.write(folder.resolve("f"), new byte[100]), 5);
    for (int at = 0; at < 100; at++) {
      assertThat(region.span(at).remaining()).isGreaterThanOrEqualTo(Math.min(16, 100 - at));
    }
    assertThat(region.span(100).remaining()).isZero();
  }

  @Test
  void readsOutsideAreRefusedAlsoInSlices() {
    ByteRegion slice = ByteRegion.wrap(new byte[20]).slice(5, 10);
    assertThatThrownBy(() -> slice.i64(3)).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> slice.u8(-1)).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> slice.slice(5, 6)).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> slice.slice(Long.MAX_VALUE, 2)).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> slice.bytes(0, 11)).isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> slice.copyTo(5, ByteBuffer.allocate(6))).isInstanceOf(Malformed.class);
  }
}
