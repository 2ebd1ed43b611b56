package io.camjar.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.kernel.Pool2dGeometry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which nodes go through a batch a few images at a time. */
class GroupsTests {
  private static final Pool2dGeometry SAME = Pool2dGeometry.square(3, 1, 1);

  @Test
  void largeImagesGoOneByOne() {
    assertThat(groups(8, 512, 512)).isEqualTo(new Groups(3, 1));
  }

  @Test
  void smallerOnesGoTogetherAsFarAsTheyStayInCache() {
    // 4 MiB hold an input and an output of 2 x 16 x 64 x 64 floats eight times.
    assertThat(groups(20, 64, 64)).isEqualTo(new Groups(3, 8));
  }

  @Test
  void aBatchThatStaysInCacheIsNotCut() {
    assertThat(groups(8, 64, 64)).isEqualTo(Groups.NONE);
    assertThat(groups(1, 1024, 1024)).isEqualTo(Groups.NONE);
  }

  @Test
  void theyEndWhereABatchOfOutputsStaysInCache() {
    List<Node> nodes =
        List.of(new Node.Input(), new Node.MaxPool(SAME, 0), new Node.MaxPool(SAME, 1));
    List<Shape> shapes =
        List.of(
            new Shape(8, 16, 128, 128, false),
            new Shape(8, 16, 64, 64, false),
            new Shape(8, 16, 32, 32, false));
    assertThat(Groups.of(nodes, shapes, Map.of())).isEqualTo(new Groups(2, 3));
  }

  private static Groups groups(int batch, int height, int width) {
    List<Node> nodes =
        List.of(
            new Node.Input(),
            new Node.MaxPool(SAME, 0),
            new Node.MaxPool(SAME, 1),
            new Node.GlobalPool(false, true, 2));
    Shape shape = new Shape(batch, 16, height, width, false);
    Shape pooled = Shape.features(batch, 16);
    return Groups.of(nodes, List.of(shape, shape, shape, pooled), Map.of());
  }
}
