package io.camjar.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.camjar.engine.model.resnet.LinearHead;
import io.camjar.engine.model.resnet.ResNetSpec;
import io.camjar.weights.bytes.ByteRegion;
import io.camjar.weights.bytes.Checksums;
import io.camjar.weights.container.CheckpointFormat;
import io.camjar.weights.safetensors.SafetensorsWriter;
import io.camjar.weights.tensor.DType;
import io.camjar.weights.tensor.StateDict;
import io.camjar.weights.tensor.TensorEntry;
import io.camjar.weights.tensor.Tensors;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointTests {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "zip-fastai1.pth, TORCH_ZIP",
    "legacy-fastai1.pth, TORCH_LEGACY",
    "tar-torchvision.pth, TORCH_TAR",
    "script-torchvision.pt, TORCH_SCRIPT",
    "module-zip-fastai2.pth, TORCH_ZIP",
    "pickle-protocol0.pkl, PICKLE",
    "export2-bare.pkl, PICKLE",
    "safetensors-torchvision.safetensors, SAFETENSORS",
    "npz-torchvision.npz, NPZ"
  })
  void formatIsToldByContentWhateverTheName(String fixture, CheckpointFormat format)
      throws IOException {
    Path renamed = Files.copy(Fixtures.path(fixture), folder.resolve("weights.txt"));
    assertThat(Checkpoints.open(renamed).format()).isEqualTo(format);
  }

  @Test
  void tellsTheFileApartByItsDigest() throws IOException {
    Path file = Fixtures.path("zip-torchvision.pth");
    assertThat(Checkpoints.openHashing(file, null).sha256())
        .hasSize(64)
        .isEqualTo(Checkpoints.open(file).sha256())
        .isNotEqualTo(Checkpoints.open(Fixtures.path("zip-fastai1.pth")).sha256());
    Path abc = Files.writeString(folder.resolve("abc"), "abc");
    assertThat(Checksums.sha256(ByteRegion.map(abc)))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void anotherNetworkOpensButDoesNotRun() {
    byte[] corpus = Hostile.corpus("zip.pt");
    Checkpoint checkpoint = Hostile.assertOpens(corpus);
    assertThat(checkpoint.architecture()).isEmpty();
    assertThat(checkpoint.tensors().names()).containsExactly("w", "b", "n");
    assertThat(checkpoint.problem().orElseThrow())
        .isEqualTo(
            "hostile holds no convolution: the first of its 3 tensors are w, b, n; give the file of a"
                + " whole ResNet, body and classifier.");
    assertThatThrownBy(checkpoint::network)
        .isInstanceOf(CheckpointException.class)
        .hasMessage(checkpoint.problem().orElseThrow());
  }

  /** A swapped activation leaves no trace in names and shapes, only in the pickled classes. */
  @Test
  void aPickledModuleWithAForeignActivationIsRefused() throws IOException {
    byte[] zip = Files.readAllBytes(Fixtures.path("module-legacy-torchvision.pth"));
    byte[] mish =
        new String(zip, StandardCharsets.ISO_8859_1)
            .replace("torch.nn.modules.activation\nReLU\n", "torch.nn.modules.activation\nMish\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThat(Hostile.assertOpens(mish).problem().orElseThrow())
        .contains("has a layer of class torch.nn.modules.activation.Mish at 'relu'");
  }

  @Test
  void aPickledModuleWithoutItsMaxPoolIsRefused() throws IOException {
    byte[] zip = Files.readAllBytes(Fixtures.path("module-legacy-fastai1.pth"));
    byte[] none =
        new String(zip, StandardCharsets.ISO_8859_1)
            .replace("torch.nn.modules.pooling\nMaxPool2d\n", "torch.nn.modules.linear\nIdentity\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThat(Hostile.assertOpens(none).problem().orElseThrow())
        .contains("has a layer of class torch.nn.modules.linear.Identity at '0.3'");
  }

  /** The checker of {@link CheckpointLogitsTests}: other logits are told apart. */
  @Test
  void logitsOfAnotherNetworkWouldBeNoticed() {
    Checkpoint other = Checkpoints.open(Fixtures.path("module-zip-torchvision.pth"));
    assertThatThrownBy(() -> Fixtures.assertLogits("zip-torchvision.pth", other))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void openingResNet34CostsNoHeapAndItsArraysNothingBeside() throws IOException {
    ResNetSpec resnet34 = ResNetSpec.named("resnet34", new LinearHead(1000));
    Path file = folder.resolve("resnet34.safetensors");
    StateDict tensors = Tensors.repeated(resnet34.parameterShapes());
    SafetensorsWriter.write(file, true, tensors.entries(), DType.FLOAT32, Map.of());
    assertThat(Files.size(file)).isGreaterThan(87_000_000);
    Checkpoints.open(file).canonical().find("fc.bias").orElseThrow().toArray().close();

    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    Checkpoint checkpoint = Checkpoints.open(file);
    assertThat(checkpoint.requireArchitecture()).isEqualTo(resnet34);
    for (TensorEntry tensor : checkpoint.canonical().entries()) {
      checkpoint.parameters().get(tensor.name(), tensor.shape()).close();
    }
    long heap = threads.getCurrentThreadAllocatedBytes() - before;
    // The arrays themselves lie off the heap, once; 0.3 of them is what may come on top.
    assertThat(heap).isLessThan((long) (0.3 * Files.size(file)));
  }

  /** The file is sparse: it takes no room on the disk. */
  @Test
  void tensorsBeyondTwoGigabytesAreRead() throws IOException {
    long padding = 5L << 29;
    String header =
        "{\"pad\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[0,%d]},"
                .formatted(padding, padding)
            + "\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[%d,%d]}}"
                .formatted(padding, padding + 8);
    Path file = folder.resolve("large.safetensors");
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      ByteBuffer start = ByteBuffer.allocate(8 + header.length()).order(ByteOrder.LITTLE_ENDIAN);
      start.putLong(header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
      out.write(start.array());
      out.seek(8 + header.length() + padding);
      out.write(
          ByteBuffer.allocate(8)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putFloat(1.5f)
              .putFloat(-2)
              .array());
    }
    assertThat(Checkpoints.open(file).tensors().find("w").orElseThrow().toFloats())
        .containsExactly(1.5f, -2);
  }
}
