package io.camjar.benchmarks.peers;

import io.camjar.benchmarks.protocol.Task;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** The images that {@code export_models.py} wrote; camjar makes the same from the same hash. */
final class InputImages {
  static final int CHANNELS = 3;

  private InputImages() {}

  /** The first images of the task's size, {@code [N, 3, H, W]} flattened, off-heap. */
  static FloatBuffer read(Path models, Task task) throws IOException {
    Path file = models.resolve("pictures-%d.f32".formatted(task.size()));
    int count = task.batch() * CHANNELS * task.size() * task.size();
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = FileChannel.open(file)) {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes) < 0) {
          throw new EOFException("%s holds fewer than %d images".formatted(file, task.batch()));
        }
      }
    }
    return bytes.flip().order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  /** Their shape. */
  static long[] shape(Task task) {
    return new long[] {task.batch(), CHANNELS, task.size(), task.size()};
  }
}
