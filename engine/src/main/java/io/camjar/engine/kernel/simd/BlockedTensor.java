package io.camjar.engine.kernel.simd;

import io.camjar.engine.threads.Threads;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Activations in blocks of channels: {@code [N][C / block][rows][columns][block]} with zero rows
 * and columns around each plane, so that convolutions need no test for the border.
 *
 * <p>Channels beyond {@code channels} in the last block are zero too; every kernel keeps both
 * promises. An image of few channels has a block of just these, whose sums a convolution's kernel
 * row walks without gaps.
 */
public final class BlockedTensor {
  /** The values with the border. */
  public final float[] data;

  public final int batch;
  public final int channels;
  public final int height;
  public final int width;

  /** Channels in a block. */
  public final int block;

  /** Blocks. */
  public final int blocks;

  final int before;
  final int after;
  public final int rowPitch;

  /** Floats between two blocks of an image. */
  public final int planePitch;

  public final int imagePitch;

  private BlockedTensor(int block, int batch, int channels, int height, int width, Halo halo) {
    this(block, batch, channels, height, width, halo, null);
  }

  private BlockedTensor(
      int block,
      int batch,
      int channels,
      int height,
      int width,
      Halo halo,
      float @Nullable [] memory) {
    this.batch = batch;
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.block = block;
    this.blocks = (channels + block - 1) / block;
    this.before = halo.before();
    this.after = halo.after();
    this.rowPitch = (before + width + after) * block;
    this.planePitch = Math.multiplyExact(before + height + after, rowPitch);
    this.imagePitch = Math.multiplyExact(blocks, planePitch);
    int floats = Math.multiplyExact(batch, imagePitch);
    this.data = memory == null ? new float[floats] : memory;
  }

  /** Zeros, in blocks of {@link Lanes#BLOCK}. */
  public static BlockedTensor zeros(int batch, int channels, int height, int width, Halo halo) {
    return new BlockedTensor(Lanes.BLOCK, batch, channels, height, width, halo);
  }

  /** Zeros for a network's input: if there are few channels, a block of just these. */
  public static BlockedTensor image(int batch, int channels, int height, int width, Halo halo) {
    int block = Math.min(channels, Lanes.BLOCK);
    return new BlockedTensor(block, batch, channels, height, width, halo);
  }

  /** Whatever this memory holds, which may be longer than needed; without a border. */
  public static BlockedTensor in(
      float[] memory, int block, int batch, int channels, int height, int width) {
    return new BlockedTensor(block, batch, channels, height, width, Halo.NONE, memory);
  }

  /**
   * The first channels of this memory, or more where it has room for them: a tensor of its own on
   * the same values. Of one image, whose blocks lie behind one another.
   */
  public BlockedTensor withChannels(int count) {
    if (batch != 1) {
      throw new IllegalArgumentException("channels of %s lie apart".formatted(this));
    }
    return new BlockedTensor(block, 1, count, height, width, new Halo(before, after), data);
  }

  /** Where a feature of an image lies, in a tensor whose columns are images. */
  public int feature(int image, int feature) {
    return offset(0, feature / block, 0, image) + feature % block;
  }

  /** Whether its memory is longer than it needs. */
  public boolean isPart() {
    return data.length > batch * imagePitch;
  }

  /** Floats of an image of so many blocks without a border. */
  public static int floats(int block, int blocks, int height, int width) {
    return Math.multiplyExact(block * blocks, Math.multiplyExact(height, width));
  }

  /** Rows and columns of zeros before and after the image. */
  public record Halo(int before, int after) {
    /** No border. */
    public static final Halo NONE = new Halo(0, 0);

    /** A border wide enough for both. */
    public Halo union(Halo other) {
      return new Halo(Math.max(before, other.before), Math.max(after, other.after));
    }
  }

  /** Whether an input of so many channels has a block of just these. */
  public static boolean fewChannels(int channels) {
    return channels < Lanes.BLOCK;
  }

  /** Whether the block is one of few channels. */
  public boolean isSmall() {
    return block < Lanes.BLOCK;
  }

  /** Images. */
  public int batch() {
    return batch;
  }

  /** Channels, without those that fill the last block. */
  public int channels() {
    return channels;
  }

  /** Rows. */
  public int height() {
    return height;
  }

  /** Columns. */
  public int width() {
    return width;
  }

  /** Bytes that the values take, the border included. */
  public long bytes() {
    return (long) data.length * Float.BYTES;
  }

  /** Where the first channel of a block lies at a place; places in the border are negative. */
  public int offset(int image, int channelBlock, int row, int column) {
    return image * imagePitch
        + channelBlock * planePitch
        + (row + before) * rowPitch
        + (column + before) * block;
  }

  /** Whether the border is at least this wide. */
  public boolean covers(Halo halo) {
    return before >= halo.before() && after >= halo.after();
  }

  /** Sets all values to 0. */
  public void clear() {
    Arrays.fill(data, 0);
  }

  /**
   * Sets what fills the last block of channels to 0. Whoever writes single channels into memory
   * that was used before must do so: weights of 0 for what is not finite there would give NaN.
   */
  public void clearTail() {
    for (int image = 0; image < batch; image++) {
      for (int row = 0; row < height; row++) {
        clearTail(image, row);
      }
    }
  }

  /** As the other, in one row of one image. */
  public void clearTail(int image, int row) {
    int used = channels - (blocks - 1) * block;
    if (used < block) {
      int from = offset(image, blocks - 1, row, 0);
      for (int i = from; i < from + width * block; i += block) {
        Arrays.fill(data, i + used, i + block, 0);
      }
    }
  }

  /** How many tasks {@link #fill} is. */
  int rows() {
    return batch * blocks * height;
  }

  /** How many tasks {@link #empty} is. */
  int tasks() {
    return batch * blocks;
  }

  /** Copies {@code [N, F]} in, where this is one row of N columns. */
  void fillFeatures(float[] features) {
    for (int n = 0; n < width; n++) {
      for (int f = 0; f < channels; f++) {
        data[feature(n, f)] = features[n * channels + f];
      }
    }
    clearTail();
  }

  /** Copies out to {@code [N, F]}. */
  void emptyFeatures(FloatBuffer features) {
    for (int n = 0; n < width; n++) {
      for (int f = 0; f < channels; f += block) {
        int count = Math.min(block, channels - f);
        features.put(n * channels + f, data, offset(0, f / block, 0, n), count);
      }
    }
  }

  /** How many tasks {@link #fillTokens} and {@link #emptyTokens} are. */
  int places() {
    return batch * height * width;
  }

  private int offsetOfPlace(int channelBlock, int place) {
    int row = place / width;
    return offset(row / height, channelBlock, row % height, place % width);
  }

  /** Copies {@code [N, H, W, C]} in; one place a task. */
  void fillTokens(float[] tokens, int task) {
    for (int b = 0; b < blocks; b++) {
      int count = Math.min(block, channels - b * block);
      int to = offsetOfPlace(b, task);
      System.arraycopy(tokens, task * channels + b * block, data, to, count);
      Arrays.fill(data, to + count, to + block, 0);
    }
  }

  /** Copies out to {@code [N, H, W, C]}; one place a task. */
  void emptyTokens(float[] tokens, int task) {
    for (int b = 0; b < blocks; b++) {
      int count = Math.min(block, channels - b * block);
      int from = offsetOfPlace(b, task);
      System.arraycopy(data, from, tokens, task * channels + b * block, count);
    }
  }

  /** Copies {@code [N, C, H, W]} in; one row of one image and block a task. */
  void fill(float[] nchw, int task) {
    int row = task % height;
    int b = task / height % blocks;
    int image = task / height / blocks;
    int used = Math.min(block, channels - b * block);
    int plane = height * width;
    int from = (image * channels + b * block) * plane + row * width;
    int to = offset(image, b, row, 0);
    for (int c = 0; c < used; c++) {
      for (int w = 0; w < width; w++) {
        data[to + w * block + c] = nchw[from + c * plane + w];
      }
    }
    if (used < block) {
      clearTail(image, row);
    }
  }

  /** Copies out to {@code [N, C, H, W]}; one image and block a task. */
  void empty(float[] nchw, int task) {
    empty(nchw, task / blocks, task % blocks, task / blocks * channels * height * width);
  }

  /** The values of one image, {@code [C, H, W]}. */
  public float[] values(int image, Threads threads) {
    float[] chw = new float[channels * height * width];
    threads.run(blocks, (b, worker) -> empty(chw, image, b, 0));
    return chw;
  }

  private void empty(float[] nchw, int image, int b, int at) {
    int used = Math.min(block, channels - b * block);
    int plane = height * width;
    int target = at + b * block * plane;
    for (int row = 0; row < height; row++) {
      int from = offset(image, b, row, 0);
      int to = target + row * width;
      for (int c = 0; c < used; c++) {
        for (int w = 0; w < width; w++) {
          nchw[to + c * plane + w] = data[from + w * block + c];
        }
      }
    }
  }

  @Override
  public String toString() {
    return "BlockedTensor" + Arrays.toString(new int[] {batch, channels, height, width});
  }
}
