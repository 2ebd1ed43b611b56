package io.camjar.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.camjar.weights.container.CheckpointFormat;
import io.camjar.weights.names.NameStyle;
import io.camjar.weights.tensor.DType;
import io.camjar.weights.tensor.TensorEntry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointConverterTests {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zip-torchvision.pth",
        "zip-fastai2-lin-first.pth",
        "zip-channels-last.pth",
        "zip-big-endian.pth",
        "zip-timm-d.pth",
        "export2-zip.pkl"
      })
  void float32KeepsEveryBit(String fixture) {
    Checkpoint source = Checkpoints.open(Fixtures.path(fixture));
    Checkpoint written = convert(source, NameStyle.TORCHVISION, DType.FLOAT32, "a");
    assertThat(written.format()).isEqualTo(CheckpointFormat.SAFETENSORS);
    assertThat(written.requireArchitecture()).isEqualTo(source.requireArchitecture());
    assertThat(written.knowledge()).isEqualTo(source.knowledge());
    for (TensorEntry tensor : source.canonical().entries()) {
      TensorEntry copy = written.canonical().find(tensor.name()).orElseThrow();
      assertThat(copy.shape()).isEqualTo(tensor.shape());
      assertThat(copy.toFloats()).isEqualTo(tensor.toFloats());
    }
  }

  @Test
  void convertingTheResultAgainGivesTheSameBytes() throws IOException {
    for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16}) {
      for (NameStyle style : NameStyle.values()) {
        Checkpoint source = Checkpoints.open(Fixtures.path("export1-zip.pkl"));
        Checkpoint once = convert(source, style, type, "once");
        Checkpoint twice = convert(once, style, type, "twice");
        assertThat(Files.readAllBytes(Path.of(twice.source())))
            .isEqualTo(Files.readAllBytes(Path.of(once.source())));
      }
    }
  }

  @Test
  void stylesNameTheSameNetwork() {
    Checkpoint source = Checkpoints.open(Fixtures.path("zip-fastai1.pth"));
    Checkpoint torchvision = convert(source, NameStyle.TORCHVISION, DType.FLOAT32, "t");
    Checkpoint fastai = convert(source, NameStyle.FASTAI, DType.FLOAT32, "f");
    assertThat(torchvision.tensors().names()).contains("conv1.weight", "head.4.weight");
    assertThat(fastai.tensors().names()).contains("0.0.weight", "1.4.weight");
    assertThat(fastai.style()).isEqualTo("fastai");
    Fixtures.assertLogits("zip-fastai1.pth", torchvision);
    Fixtures.assertLogits("zip-fastai1.pth", fastai);
  }

  @Test
  void aLinearHeadInFastaiStyleComputesTheSame() {
    Checkpoint source = Checkpoints.open(Fixtures.path("zip-torchvision.pth"));
    Checkpoint fastai = convert(source, NameStyle.FASTAI, DType.FLOAT32, "l");
    assertThat(fastai.tensors().names()).contains("1.2.weight", "1.2.bias");
    assertThat(Fixtures.logits(fastai, 3))
        .usingComparatorWithPrecision(1e-5f)
        .containsExactly(Fixtures.logits(source, 3));
  }

  @Test
  void countersKeepTheirIntegerType() {
    Checkpoint source = Checkpoints.open(Fixtures.path("zip-torchvision.pth"));
    Checkpoint half = convert(source, NameStyle.TORCHVISION, DType.FLOAT16, "h");
    assertThat(half.tensors().find("bn1.num_batches_tracked").orElseThrow().dtype())
        .isEqualTo(DType.INT64);
    assertThat(half.tensors().find("fc.weight").orElseThrow().dtype()).isEqualTo(DType.FLOAT16);
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    Checkpoint source = Checkpoints.open(Fixtures.path("zip-torchvision.pth"));
    Path target = folder.resolve("missing/out.safetensors");
    assertThatThrownBy(
            () ->
                CheckpointConverter.toSafetensors(
                    source, target, NameStyle.TORCHVISION, DType.FLOAT32))
        .hasMessageStartingWith(target + " cannot be written");
    assertThat(folder).isEmptyDirectory();
  }

  private Checkpoint convert(Checkpoint source, NameStyle style, DType type, String name) {
    Path target = folder.resolve(name + ".safetensors");
    CheckpointConverter.toSafetensors(source, target, style, type);
    return Checkpoints.open(target);
  }

  @Test
  void theFileThatIsConvertedIsNotReplacedWhateverLinksLeadToIt() throws IOException {
    Path file = Files.copy(Fixtures.path("zip-torchvision.pth"), folder.resolve("a.pth"));
    byte[] before = Files.readAllBytes(file);
    Path symbolic = Files.createSymbolicLink(folder.resolve("s.safetensors"), file);
    Path hard = Files.createLink(folder.resolve("h.safetensors"), file);
    Checkpoint source = Checkpoints.open(file);
    for (Path target : List.of(file, symbolic, hard, folder.resolve("./a.pth"))) {
      assertThatThrownBy(() -> overwrite(source, target))
          .hasMessageStartingWith(target + " is the file that is converted");
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void anotherFileIsReplacedOnlyIfThatWasAskedFor() throws IOException {
    Checkpoint source = Checkpoints.open(Fixtures.path("zip-torchvision.pth"));
    Path target = folder.resolve("a.safetensors");
    create(source, target, DType.FLOAT32);
    create(source, target, DType.FLOAT32); // the same bytes again
    assertThatThrownBy(() -> create(source, target, DType.FLOAT16))
        .hasMessageStartingWith(target + " is there already and holds something else");
    assertThat(Checkpoints.open(target).tensors().find("fc.weight").orElseThrow().dtype())
        .isEqualTo(DType.FLOAT32);
    overwrite(source, target);
    assertThat(Checkpoints.open(target).tensors().find("fc.weight").orElseThrow().dtype())
        .isEqualTo(DType.BFLOAT16);
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void aFolderThatCannotBeWrittenToIsNamedRatherThanTheHiddenFile() throws IOException {
    Checkpoint source = Checkpoints.open(Fixtures.path("zip-torchvision.pth"));
    Path missing = folder.resolve("none");
    assertThatThrownBy(() -> create(source, missing.resolve("a.safetensors"), DType.FLOAT32))
        .hasMessageContaining("(" + missing + ": there is no such folder)");
    Path readOnly = Path.of(URI.create("jrt:/java.base"));
    assertThatThrownBy(() -> create(source, readOnly.resolve("a.safetensors"), DType.FLOAT32))
        .hasMessageContaining("(/modules/java.base: the folder may not be written to)");
  }

  @Test
  void theResultHasThePermissionsOfAnyNewFile() throws IOException {
    Checkpoint source = Checkpoints.open(Fixtures.path("zip-torchvision.pth"));
    convert(source, NameStyle.TORCHVISION, DType.FLOAT32, "a");
    Path other = Files.writeString(folder.resolve("other"), "");
    assumeThat(Files.getFileStore(other).supportsFileAttributeView("posix")).isTrue();
    assertThat(Files.getPosixFilePermissions(folder.resolve("a.safetensors")))
        .isEqualTo(Files.getPosixFilePermissions(other));
  }

  private static void create(Checkpoint source, Path target, DType type) {
    CheckpointConverter.toSafetensors(source, target, NameStyle.TORCHVISION, type, false);
  }

  private static void overwrite(Checkpoint source, Path target) {
    CheckpointConverter.toSafetensors(source, target, NameStyle.TORCHVISION, DType.BFLOAT16, true);
  }
}
