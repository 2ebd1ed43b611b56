package io.camjar.weights.pickle;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.Size;

class PickleProperties {
  @Property(tries = 2000, seed = "20261")
  void anyBytesAreAPickleOrMalformed(@ForAll @Size(max = 200) byte[] bytes) {
    try {
      assertThat(load(bytes)).isNotNull();
    } catch (Malformed e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @Property(tries = 200, seed = "20261")
  void integersOfAnySizeAreExact(@ForAll @BigRange(min = "-1e60", max = "1e60") BigInteger value) {
    byte[] bigEndian = value.toByteArray();
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.write(0x8a);
    pickle.write(bigEndian.length);
    for (int i = bigEndian.length - 1; i >= 0; i--) {
      pickle.write(bigEndian[i]);
    }
    pickle.write('.');
    assertThat(new BigInteger(load(pickle.toByteArray()).toString())).isEqualTo(value);
    byte[] text = ("L" + value + "L\n.").getBytes(StandardCharsets.US_ASCII);
    assertThat(new BigInteger(load(text).toString())).isEqualTo(value);
  }

  @Property(tries = 200, seed = "20261")
  void textSurvivesAsProtocolTwoWritesIt(@ForAll String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.write('X');
    for (int i = 0; i < 4; i++) {
      pickle.write(utf8.length >> 8 * i);
    }
    pickle.writeBytes(utf8);
    pickle.write('.');
    assertThat(load(pickle.toByteArray())).isEqualTo(new String(utf8, StandardCharsets.UTF_8));
  }

  private static Object load(byte[] bytes) {
    PickleMachine machine =
        new PickleMachine(Constructors.python(), PersistentLoader.NONE, new PickleLimits());
    return machine.load(new PickleCursor(ByteRegion.wrap(bytes), 0));
  }
}
