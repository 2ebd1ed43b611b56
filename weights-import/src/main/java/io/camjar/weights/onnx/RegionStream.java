package io.camjar.weights.onnx;

import io.camjar.weights.bytes.ByteRegion;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A region as a stream that can skip without reading. */
final class RegionStream extends InputStream {
  private final ByteRegion region;
  private long position;

  RegionStream(ByteRegion region) {
    this.region = region;
  }

  @Override
  public int read() {
    return position < region.size() ? region.u8(position++) : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    int count = (int) Math.min(length, region.size() - position);
    if (count == 0) {
      return -1;
    }
    region.copyTo(position, ByteBuffer.wrap(target, offset, count));
    position += count;
    return count;
  }

  @Override
  public long skip(long count) {
    long skipped = Math.max(0, Math.min(count, region.size() - position));
    position += skipped;
    return skipped;
  }

  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, region.size() - position);
  }
}
