package io.camjar.weights.safetensors;

import static io.camjar.weights.Hostile.assertOpens;
import static io.camjar.weights.Hostile.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** safetensors files that are not what the format promises. */
class HostileSafetensorsTests {
  private static final String W = "\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

  @Test
  void theSmallestOneOpens() {
    assertThat(assertOpens(file("{" + W + "}", 8)).tensors().names()).containsExactly("w");
    assertThat(assertOpens(file("{" + W + "}   ", 8)).tensors().size()).isEqualTo(1);
  }

  @Test
  void aHeaderOfTwoToTheSixtyThreeIsRefused() {
    byte[] file = file("{" + W + "}", 8);
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, Long.MIN_VALUE);
    assertRefused(file, "claims 9223372036854775808 bytes");
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, Long.MAX_VALUE);
    assertRefused(file, "claims 9223372036854775807 bytes");
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 99_999_999);
    assertRefused(file, "is not all there");
  }

  @Test
  void overlappingTensorsAreRefused() {
    assertRefused(file("{" + W + "," + tensor("v", 4, 12) + "}", 12), "overlaps the one before");
    assertRefused(file("{" + W + "," + tensor("v", 0, 8) + "}", 8), "overlaps the one before");
  }

  @Test
  void aHoleIsRefused() {
    assertRefused(file("{" + W + "," + tensor("v", 12, 20) + "}", 20), "leaves a hole");
    assertRefused(file("{" + tensor("v", 4, 12) + "}", 12), "leaves a hole");
  }

  @Test
  void bytesAfterTheLastTensorAreRefused() {
    assertRefused(file("{" + W + "}", 9), "1 bytes follow its last tensor");
  }

  @Test
  void aTensorBehindTheEndIsRefused() {
    assertRefused(file("{" + W + "}", 7), "ends behind the end of the file");
  }

  @Test
  void aNameThatStandsTwiceIsRefused() {
    assertRefused(file("{" + W + "," + W + "}", 8), "not the JSON");
    assertRefused(
        file(
            "{\"w\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
            8),
        "not the JSON");
  }

  @Test
  void sizesThatOverflowAreRefused() {
    String huge = "[4611686018427387904,4]";
    assertRefused(file("{" + W.replace("[2]", huge) + "}", 8), "has 8 bytes");
    assertRefused(file("{" + W.replace("[2]", "[9223372036854775808]") + "}", 8), "not the JSON");
    assertRefused(file("{" + W.replace("[2]", "[-2]") + "}", 8), "negative");
    assertRefused(file("{" + W.replace("[0,8]", "[8,0]") + "}", 8), "overlaps");
  }

  @Test
  void typesOutsideTheListAreNamed() {
    assertRefused(file("{" + W.replace("F32", "F8_E4M3") + "}", 8), "of type F8_E4M3");
  }

  @Test
  void aThousandBracketsAreNoTrouble() {
    assertRefused(file("{\"w\":" + "[".repeat(100_000), 0), "not what safetensors defines");
    assertRefused(file("{\"__metadata__\":" + "{\"a\":".repeat(10_000), 0), "not what safetensors");
  }

  @Test
  void moreTensorsThanAnyNetworkHasAreRefused() {
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i < 100_001; i++) {
      header.append(i == 0 ? "" : ",").append('"').append(i);
      header.append("\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}");
    }
    assertRefused(file(header + "}", 0), "has 100001 tensors");
  }

  private static String tensor(String name, int begin, int end) {
    return W.replace("\"w\"", "\"" + name + "\"").replace("[0,8]", "[" + begin + "," + end + "]");
  }

  private static byte[] file(String header, int dataBytes) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .array();
  }
}
