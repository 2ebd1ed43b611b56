package io.camjar.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Malformed;
import io.camjar.weights.tensor.TensorEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** What the tests with hostile input share. */
public final class Hostile {
  /** The seeds of the fuzz loop, see {@code make_corpus.py}. */
  public static final String[] CORPUS = {
    "zip.pt",
    "legacy.pt",
    "module-legacy.pt",
    "export1.pkl",
    "export2.pkl",
    "script.pt",
    "protocol0.pkl",
    "protocol2.pkl",
    "protocol4.pkl",
    "stored.npz",
    "dict.npy",
    "objects.npz",
    "deflated.npz",
    "two.safetensors",
    "old.tar",
    "two.onnx",
    "numpy2.pkl",
    "numpy5.pkl",
    "device.pt",
    "factors.pt"
  };

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private Hostile() {}

  public static byte[] corpus(String name) {
    try (InputStream in = Hostile.class.getResourceAsStream("corpus/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The checkpoint, or empty where the bytes were refused in the way that is allowed. */
  public static Optional<Checkpoint> open(byte[] bytes) {
    try {
      return Optional.of(Checkpoints.read("hostile", ByteRegion.wrap(bytes)));
    } catch (Malformed e) {
      assertThat(e.sentence("x")).endsWith(".").hasSizeLessThan(1000);
      return Optional.empty();
    }
  }

  /** Requires a refusal in time, for this reason. */
  public static void assertRefused(byte[] bytes, String reason) {
    assertTimeoutPreemptively(
        LIMIT,
        () ->
            assertThatThrownBy(() -> Checkpoints.read("hostile", ByteRegion.wrap(bytes)))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining(reason));
  }

  /** Requires a load in time. */
  public static Checkpoint assertOpens(byte[] bytes) {
    return assertTimeoutPreemptively(
        LIMIT, () -> Checkpoints.read("hostile", ByteRegion.wrap(bytes)));
  }

  /** Requires that bytes are refused or give exactly these tensors. */
  public static void assertRefusedOrSame(byte[] bytes, Checkpoint original, String what) {
    Optional<Checkpoint> opened = open(bytes);
    if (opened.isEmpty()) {
      return;
    }
    if (!opened.get().tensors().names().equals(original.tensors().names())) {
      fail(what + " gives other tensors: " + opened.get().tensors().names());
    }
    for (TensorEntry tensor : original.tensors().entries()) {
      TensorEntry read = opened.get().tensors().find(tensor.name()).orElseThrow();
      assertThat(read.shape()).as(what + " " + tensor).isEqualTo(tensor.shape());
      assertThat(read.toFloats()).as(what + " " + tensor).isEqualTo(tensor.toFloats());
    }
  }

  /** Bytes of a pickle: strings as latin-1, numbers as single bytes, arrays as they are. */
  public static byte[] bytes(Object... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Object part : parts) {
      if (part instanceof String text) {
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
      } else if (part instanceof byte[] array) {
        out.writeBytes(array);
      } else {
        out.write((Integer) part);
      }
    }
    return out.toByteArray();
  }
}
