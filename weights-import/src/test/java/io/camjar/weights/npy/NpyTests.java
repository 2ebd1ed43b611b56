package io.camjar.weights.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.weights.tensor.TensorEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NpyTests {
  @TempDir Path folder;

  @Test
  void readsBackWhatItWrote() throws IOException {
    Path file = folder.resolve("a.npy");
    Npy.write(file, new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    TensorEntry read = Npy.read(file);
    assertThat(read.shape()).containsExactly(2, 3);
    assertThat(read.toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(read.toArray())
        .isEqualTo(Nd4j.createFromArray(new float[][] {{1, 2, 3}, {4, 5, 6}}));
  }

  @Test
  void writesViewsInCOrder() throws IOException {
    Path file = folder.resolve("t.npy");
    INDArray transposed = Nd4j.createFromArray(new float[][] {{1, 2, 3}, {4, 5, 6}}).transpose();
    Npy.write(file, transposed);
    assertThat(Npy.read(file).shape()).containsExactly(3, 2);
    assertThat(Npy.read(file).toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
  }

  @Test
  void headerIsPaddedToSixtyFourBytesAsNumPyDoes() throws IOException {
    Path file = folder.resolve("one.npy");
    Npy.write(file, new float[] {7}, 1);
    byte[] bytes = Files.readAllBytes(file);
    assertThat(bytes).hasSize(128 + 4);
    assertThat(new String(bytes, 10, 117, StandardCharsets.US_ASCII).stripTrailing())
        .isEqualTo("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }");
    assertThat(bytes[127]).isEqualTo((byte) '\n');
  }

  @Test
  void readsFortranOrderAndBigEndianOfEveryVersion() throws IOException {
    for (int version = 1; version <= 3; version++) {
      TensorEntry fortran =
          array(
              version,
              "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 2), }",
              0,
              1,
              0,
              2,
              0,
              3,
              0,
              4);
      assertThat(fortran.toFloats()).containsExactly(1, 3, 2, 4);
    }
  }

  @Test
  void readsAZeroDimensionalDouble() throws IOException {
    TensorEntry scalar =
        array(
            1,
            "{'descr': '<f8', 'fortran_order': False, 'shape': (), }",
            0,
            0,
            0,
            0,
            0,
            0,
            0xf8,
            0x3f);
    assertThat(scalar.rank()).isZero();
    assertThat(scalar.toFloats()).containsExactly(1.5f);
    assertThat(scalar.toArray().getFloat(0)).isEqualTo(1.5f);
  }

  @Test
  void refusesObjectsWithARemedy() {
    assertThatThrownBy(
            () -> array(1, "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", 0))
        .isInstanceOf(CamjarException.class)
        .hasMessageEndingWith(
            "is a NumPy array of type O, which camjar does not read; " + "write it as float32.");
  }

  @Test
  void refusesAShapeThatNeedsMoreThanIsThere() {
    assertThatThrownBy(
            () ->
                array(
                    1,
                    "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904,), }",
                    0,
                    0,
                    0,
                    0))
        .isInstanceOf(CamjarException.class)
        .hasMessageContaining("is damaged");
    assertThatThrownBy(
            () -> array(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 0, 0))
        .hasMessageContaining("is cut short");
  }

  @Test
  void refusesATextFile() throws IOException {
    Path file = Files.writeString(folder.resolve("x.npy"), "this is not an array");
    assertThatThrownBy(() -> Npy.read(file))
        .hasMessage(file + " is not a NumPy array; write it with numpy.save.");
  }

  private TensorEntry array(int version, String header, int... data) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.US_ASCII);
    int lengthBytes = version == 1 ? 2 : 4;
    byte[] file = new byte[8 + lengthBytes + text.length + data.length];
    byte[] magic = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0, (byte) text.length};
    System.arraycopy(magic, 0, file, 0, magic.length);
    System.arraycopy(text, 0, file, 8 + lengthBytes, text.length);
    for (int i = 0; i < data.length; i++) {
      file[8 + lengthBytes + text.length + i] = (byte) data[i];
    }
    return Npy.read(Files.write(folder.resolve("v" + version + ".npy"), file));
  }
}
