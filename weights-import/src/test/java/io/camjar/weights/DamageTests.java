package io.camjar.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.weights.bytes.ByteRegion;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that lost their end, or a bit: an error, or the same tensors, never others. */
@Execution(ExecutionMode.CONCURRENT)
class DamageTests {
  private static final int RANDOM_PLACES = 1000;

  static String[] corpus() {
    return Hostile.CORPUS;
  }

  /** Every byte of the small files, and so every structural boundary of every format. */
  @ParameterizedTest
  @MethodSource("corpus")
  void cutShortAnywhere(String name) {
    byte[] whole = Hostile.corpus(name);
    Checkpoint original = Hostile.assertOpens(whole);
    for (int length = 0; length < whole.length; length++) {
      Hostile.assertRefusedOrSame(
          Arrays.copyOf(whole, length), original, name + " cut at " + length);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zip-torchvision.pth",
        "legacy-torchvision.pth",
        "tar-torchvision.pth",
        "script-torchvision.pt",
        "export2-legacy.pkl",
        "pickle-protocol2.pkl",
        "npz-fastai1.npz",
        "safetensors-torchvision.safetensors"
      })
  void cutShortAtAThousandRandomPlaces(String name) throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.path(name));
    Checkpoint original = Hostile.assertOpens(whole);
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < RANDOM_PLACES; i++) {
      int length = random.nextInt(whole.length);
      Hostile.assertRefusedOrSame(
          Arrays.copyOf(whole, length), original, name + " cut at " + length);
    }
  }

  /** Formats with checksums: every single bit of the small files. */
  @ParameterizedTest
  @ValueSource(strings = {"zip.pt", "script.pt", "stored.npz", "deflated.npz"})
  void anyFlippedBitOfAnArchiveIsNoticedOrHarmless(String name) {
    byte[] whole = Hostile.corpus(name);
    Checkpoint original = Hostile.assertOpens(whole);
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      Hostile.assertRefusedOrSame(damaged, original, name + " with bit " + bit + " flipped");
    }
  }

  @Test
  void aThousandRandomFlippedBitsOfACheckpointAreNoticedOrHarmless() throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.path("zip-torchvision.pth"));
    Checkpoint original = Hostile.assertOpens(whole);
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < RANDOM_PLACES; i++) {
      byte[] damaged = whole.clone();
      int bit = random.nextInt(whole.length * 8);
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      Hostile.assertRefusedOrSame(damaged, original, "bit " + bit + " flipped");
    }
  }

  /**
   * Formats without checksums: a flipped bit inside the weights cannot be noticed by any reader,
   * but it must not do worse than that.
   */
  @ParameterizedTest
  @MethodSource("corpus")
  void aFlippedBitInAnyByteEndsInAnErrorOrALoad(String name) {
    byte[] whole = Hostile.corpus(name);
    SplittableRandom random = new SplittableRandom(6);
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      Hostile.open(damaged)
          .ifPresent(opened -> opened.tensors().entries().forEach(t -> t.toFloats()));
    }
  }

  /** The checker itself: tensors that differ are told apart. */
  @Test
  void otherTensorsWouldBeNoticed() {
    Checkpoint zip = Hostile.assertOpens(Hostile.corpus("zip.pt"));
    byte[] other = Hostile.corpus("two.safetensors");
    Hostile.assertRefusedOrSame(other, zip, "the same tensors in another format");
    other[other.length - 1] ^= 1;
    assertThatThrownBy(() -> Hostile.assertRefusedOrSame(other, zip, "damaged"))
        .isInstanceOf(AssertionError.class);
    assertThat(Checkpoints.read("x", ByteRegion.wrap(other)).tensors().size()).isEqualTo(3);
  }
}
