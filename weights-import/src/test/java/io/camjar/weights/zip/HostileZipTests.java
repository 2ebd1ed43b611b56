package io.camjar.weights.zip;

import static io.camjar.weights.Hostile.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.weights.Hostile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** Archives that attack the reader. */
class HostileZipTests {
  @Test
  void aZipBombIsRefusedBeforeItIsUnpacked() throws IOException {
    byte[] bomb = zip("x/data.pkl", new byte[100 << 20]);
    assertThat(bomb.length).isLessThan(200_000);
    assertRefused(bomb, "claims to unpack to 104857600 bytes");
  }

  @Test
  void aSizeThatDeflateCannotReachIsRefused() throws IOException {
    byte[] zip = zip("x/data.pkl", new byte[100]);
    int central = find(zip, 'P', 'K', 1, 2);
    ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).putInt(central + 24, 0x7ffffff0);
    assertRefused(zip, "claims to unpack to 2147483632 bytes");
  }

  @Test
  void namesThatClimbOutAreRefused() throws IOException {
    for (String name : new String[] {"../evil/data.pkl", "/etc/data.pkl", "x/../../data.pkl"}) {
      assertRefused(zip(name, new byte[1]), "which no checkpoint has");
    }
    assertRefused(zip("C:\\x\\data.pkl", new byte[1]), "which no checkpoint has");
  }

  @Test
  void twoMembersOfOneNameAreRefused() throws IOException {
    byte[] zip = zip("x/data.pkl", new byte[1], "x/data.pkx", new byte[1]);
    byte[] twice =
        new String(zip, StandardCharsets.ISO_8859_1)
            .replace("data.pkx", "data.pkl")
            .getBytes(StandardCharsets.ISO_8859_1);
    assertRefused(twice, "two members named 'x/data.pkl'");
  }

  @Test
  void overlappingMembersAreRefused() {
    byte[] zip = Hostile.corpus("zip.pt");
    int first = find(zip, 'P', 'K', 1, 2);
    ByteBuffer buffer = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int size = buffer.getInt(first + 24) + 200;
    buffer.putInt(first + 20, size);
    buffer.putInt(first + 24, size);
    assertRefused(zip, "overlaps another");
  }

  @Test
  void aWrongChecksumIsRefused() throws IOException {
    byte[] zip = Hostile.corpus("zip.pt");
    int at = find(zip, 'P', 'K', 1, 2) + 16;
    zip[at] ^= 1;
    assertRefused(zip, "checksum");
    byte[] data = Hostile.corpus("zip.pt");
    // Storages are aligned to 64 bytes behind their name.
    int weights = (find(data, 'd', 'a', 't', 'a', '/', '0') + 6 + 63) / 64 * 64;
    data[weights] ^= 4;
    assertRefused(data, "checksum");
  }

  @Test
  void aDirectoryThatPointsElsewhereIsRefused() {
    byte[] zip = Hostile.corpus("zip.pt");
    int end = find(zip, 'P', 'K', 5, 6);
    ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).putInt(end + 16, 7);
    assertRefused(zip, "does not lie where");
  }

  @Test
  void fourBillionMembersAreRefused() {
    byte[] zip = Hostile.corpus("zip.pt");
    int end64 = find(zip, 'P', 'K', 6, 6);
    ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).putLong(end64 + 32, 0xffff_ffffL);
    ByteBuffer.wrap(zip)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort(find(zip, 'P', 'K', 5, 6) + 10, (short) -1);
    assertRefused(zip, "claims 4294967295 members");
  }

  @Test
  void anEncryptedArchiveIsNamed() {
    byte[] zip = Hostile.corpus("zip.pt");
    zip[find(zip, 'P', 'K', 1, 2) + 8] |= 1;
    assertRefused(zip, "encrypted");
  }

  @Test
  void bytesBehindTheArchiveAreRefused() {
    byte[] zip = Hostile.corpus("zip.pt");
    assertRefused(Arrays.copyOf(zip, zip.length + 3), "directory is missing");
  }

  @Test
  void aStorageOfAnotherLengthThanThePickleSaysIsRefused() throws IOException {
    byte[] pickle =
        Hostile.bytes(
            "\u0080\u0002}X\u0001\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storage",
            "ctorch\nFloatStorage\nX\u0001\0\0\0",
            "0X\u0003\0\0\0cpuK\u0006tQK\0K\u0006",
            0x85,
            "K\u0001",
            0x85,
            0x89,
            "}tRs.");
    assertRefused(zip("x/data.pkl", pickle, "x/data/0", new byte[8]), "storage '0' has 8 bytes");
    assertThat(Hostile.assertOpens(zip("x/data.pkl", pickle, "x/data/0", new byte[24])).tensors())
        .hasToString("StateDict of 1 tensors");
    assertRefused(zip("x/data.pkl", pickle), "lacks its member 'x/data/0'");
  }

  @Test
  void anExpandedTensorThatClaimsTheWholeMemoryIsRefused() throws IOException {
    byte[] pickle =
        Hostile.bytes(
            "\u0080\u0002}X\u0001\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storage",
            "ctorch\nFloatStorage\nX\u0001\0\0\0",
            "0X\u0003\0\0\0cpuK\u0001tQK\0J",
            0,
            0,
            0,
            0x7f,
            0x85,
            "K\0",
            0x85,
            0x89,
            "}tRs.");
    assertRefused(
        zip("x/data.pkl", pickle, "x/data/0", new byte[4]), "whose tensors claim more than");
  }

  private static byte[] zip(Object... namesAndContents) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (int i = 0; i < namesAndContents.length; i += 2) {
        zip.putNextEntry(new ZipEntry((String) namesAndContents[i]));
        zip.write((byte[]) namesAndContents[i + 1]);
      }
    }
    return out.toByteArray();
  }

  private static int find(byte[] bytes, int... pattern) {
    for (int i = 0; i <= bytes.length - pattern.length; i++) {
      int at = i;
      if (IntStream.range(0, pattern.length).allMatch(j -> bytes[at + j] == pattern[j])) {
        return i;
      }
    }
    throw new IllegalArgumentException("not in the file");
  }
}
