package io.camjar.engine.kernel.simd;

import static org.assertj.core.api.Assertions.assertThat;

import io.camjar.engine.kernel.simd.BlockedTensor.Halo;
import io.camjar.engine.threads.Threads;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of the blocks of images, shared out: each comes once, whatever the shape. */
class RowStripsTests {

  @ParameterizedTest
  @CsvSource({"1, 16, 112, 112", "2, 70, 29, 31", "3, 100, 7, 7", "1, 1000, 1, 1", "2, 33, 15, 9"})
  void eachRowComesOnce(int batch, int channels, int height, int rows) {
    BlockedTensor x = BlockedTensor.zeros(batch, channels, height, height, Halo.NONE);
    ConcurrentLinkedQueue<List<Integer>> seen = new ConcurrentLinkedQueue<>();
    RowStrips.run(
        x,
        rows,
        Threads.shared(),
        (image, block, from, end) -> {
          for (int row = from; row < end; row++) {
            seen.add(List.of(image, block, row));
          }
        });
    assertThat(seen).hasSize(batch * x.blocks * rows).doesNotHaveDuplicates();
    assertThat(seen).allMatch(at -> at.get(0) < batch && at.get(1) < x.blocks && at.get(2) < rows);
    assertThat(Collections.min(seen.stream().map(at -> at.get(2)).toList())).isZero();
  }
}
