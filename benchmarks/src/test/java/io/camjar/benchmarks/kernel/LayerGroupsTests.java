package io.camjar.benchmarks.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.camjar.benchmarks.kernel.LayerGroup.Bound;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerGroupsTests {
  private static final double PEAK = 200;

  @Test
  void theLargestShareBounds() {
    // A billion operations take 5 ms at the peak.
    assertThat(new LayerGroup("a", 8, 7.5, 4, 1).bound(PEAK)).isEqualTo(Bound.ARITHMETIC);
    assertThat(new LayerGroup("b", 20, 8, 4, 1).bound(PEAK)).isEqualTo(Bound.MEMORY);
    assertThat(new LayerGroup("c", 20, 19, 4, 1).bound(PEAK)).isEqualTo(Bound.REST);
  }

  @Test
  void noiseIsNoNegativeShareOfMemory() {
    assertThat(new LayerGroup("a", 8, 8.2, 4, 1).memoryShare()).isZero();
  }

  @Test
  void printsEachGroupAndTheirSum() {
    List<LayerGroup> groups =
        List.of(new LayerGroup("layer1", 8, 7.5, 4, 1), new LayerGroup("layer2", 20, 8, 4, 1));

    assertThat(LayerGroups.table(groups, PEAK).lines())
        .containsExactly(
            "| layer group | ms | GFLOP/s | multiply-adds, % | memory, % | bound by |",
            "|---|--:|--:|--:|--:|---|",
            "| layer1 | 8.00 | 500 | 63 | 6 | multiply-adds |",
            "| layer2 | 20.00 | 200 | 25 | 60 | memory |",
            "| all | 28.00 | 286 | 36 | 45 | memory |");
  }

  @Test
  void readsTheTileOfAnAlgorithm() {
    assertThat(LayerGroups.tile("direct")).isZero();
    assertThat(LayerGroups.tile("winograd3")).isEqualTo(3);
    assertThat(LayerGroups.tile("winograd4rows")).isEqualTo(4);
  }

  @Test
  void aNetworksConvolutionsAddUpToItsMultiplyAdds() {
    List<LayerGroups.Member> members = LayerGroups.members("resnet18", 1);

    assertThat(members)
        .extracting(LayerGroups.Member::group)
        .containsOnly("conv1", "layer1", "layer2", "layer3", "layer4");
    // torchvision gives 1.814 billion multiply-adds for ResNet-18, half a million for its
    // classifier.
    assertThat(members.stream().mapToDouble(LayerGroups.Member::gigaflops).sum() / 2)
        .isCloseTo(1.814, within(0.002));
    assertThat(members).allMatch(member -> member.computed() <= member.gigaflops());
  }
}
