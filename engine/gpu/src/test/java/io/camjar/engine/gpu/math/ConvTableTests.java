package io.camjar.engine.gpu.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.Conv2dGeometry;
import io.camjar.engine.op.Conv2d;
import io.camjar.engine.op.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tables of measured ways. */
class ConvTableTests {
  private static final Conv2d OP = new Conv2d(Conv2dGeometry.square(64, 64, 3, 1, 1), false);
  private static final Shape IN = Shape.of(1, 64, 56, 56);
  private static final List<String> LINES =
      List.of(
          "device NVIDIA H200",
          "forward 64x56x56 to 64 k3x3 s1x1 p1x1 d1x1 g1 b1 = f4",
          "* = 64x128/2");

  @Test
  void aConvolutionIsFoundByItsGeometryAndBatch() {
    ConvTable table = ConvTable.parse(LINES, "NVIDIA H200");
    assertThat(table.way(OP, IN, false)).isEqualTo("f4");
    assertThat(table.way(OP, IN, true)).isEqualTo("64x128/2");
    assertThat(table.way(OP, Shape.of(2, 64, 56, 56), false)).isEqualTo("64x128/2");
  }

  @Test
  void aTableOfAnotherDeviceSaysNothing() {
    assertThat(ConvTable.parse(LINES, "NVIDIA A100").way(OP, IN, false)).isNull();
  }

  @Test
  void aWayThatIsNoneIsRefusedWithItsLine() {
    for (String line : List.of("* = f3", "* = 48x48/1", "* = 64x64/0", "nothing")) {
      assertThatThrownBy(() -> ConvTable.parse(List.of(line), "any"))
          .isInstanceOf(CamjarException.class)
          .hasMessageContaining(line);
    }
  }

  @Test
  void aNamedTileCoversAllTaps() {
    Tile.Choice choice = Tile.choice("64x128/2", 576);
    assertThat(choice.tile().rows()).isEqualTo(64);
    assertThat(choice.splits()).isEqualTo(2);
    assertThat(choice.splits() * choice.depth()).isGreaterThanOrEqualTo(576);
  }
}
