/*
 * Convolution as a product of matrices whose right one is never written: [outputs, taps] of weights by [taps, columns]
 * of what the kernel covers, a column being one place of one image. A group computes a tile of TILE_M outputs by TILE_N
 * columns, an item ITEM_M by ITEM_N of it in registers. TRANSPOSED gives the backward to the input, of which a place
 * (r, q) receives from ((r, q) + pad - offset) / stride where that is whole.
 *
 * A tap is c << 16 | dh << 8 | dw: the channel within its group, and the offset in rows and columns.
 */
#define ITEMS_M (TILE_M / ITEM_M)
#define ITEMS_N (TILE_N / ITEM_N)
#define THREADS (ITEMS_M * ITEMS_N)
#define LOADS_A (TILE_K * TILE_M / THREADS)
#define LOADS_B (TILE_K * TILE_N / THREADS)

/* The i-th row or column of an item: neighbours in fours, so that local memory is read in fours without conflicts. */
#define PLACE_M(item, i) ((i) / 4 * (ITEMS_M * 4) + (item) * 4 + (i) % 4)
#define PLACE_N(item, i) ((i) / 4 * (ITEMS_N * 4) + (item) * 4 + (i) % 4)

/* What a column reads at a tap; zero around the image. */
DEVICE float covered(IN x, int tap, int base, int row, int col, int height, int width, int strideH, int strideW) {
  int c = (tap >> 16) & 0xffff;
  int dh = (tap >> 8) & 0xff;
  int dw = tap & 0xff;
#ifdef TRANSPOSED
  int h = row - dh;
  int w = col - dw;
  if (h < 0 || w < 0 || h % strideH != 0 || w % strideW != 0) return 0.0f;
  h /= strideH;
  w /= strideW;
#else
  int h = row + dh;
  int w = col + dw;
#endif
  return h >= 0 && h < height && w >= 0 && w < width ? x[base + (c * height + h) * width + w] : 0.0f;
}

/* Fetches the next tiles of both matrices into registers. */
#define FETCH(at)                                                                                           \
  UNROLL for (int i = 0; i < LOADS_A; i++) {                                                                \
    int e = item + i * THREADS;                                                                             \
    int k = (at) + e / TILE_M;                                                                              \
    int m = e % TILE_M;                                                                                     \
    nextLeft[i] = k < to && firstM + m < perGroupOut ? weights[weightsFrom + k * perGroupOut + m] : 0.0f;   \
  }                                                                                                         \
  UNROLL for (int i = 0; i < LOADS_B; i++) {                                                                \
    int k = (at) + (item + i * THREADS) / TILE_N;                                                           \
    nextRight[i] = inside && k < to                                                                         \
        ? covered(x, taps[k], base, row, col, height, width, strideH, strideW) : 0.0f;                      \
  }

KERNEL convolve(IN x, IN weights, GLOBAL const int *RESTRICT taps, IN bias, GLOBAL const float *residual,
                GLOBAL const float *mask, OUT y, int columns, int count, int depth, int groups, int perGroupIn,
                int perGroupOut, int height, int width, int outHeight, int outWidth, int strideH, int strideW,
                int padH, int padW, int size, int flags, float a, float b) {
  LOCAL ALIGNED float left[TILE_K * TILE_M];
  LOCAL ALIGNED float right[TILE_K * TILE_N];
  float nextLeft[LOADS_A];
  float nextRight[LOADS_B];
  float sums[ITEM_M][ITEM_N];
  UNROLL for (int i = 0; i < ITEM_M; i++) {
    UNROLL for (int j = 0; j < ITEM_N; j++) sums[i][j] = 0.0f;
  }

  const int item = ITEM;
  const int itemM = item / ITEMS_N;
  const int itemN = item % ITEMS_N;
  const int group = GROUP_Z % groups;
  const int split = GROUP_Z / groups;
  const int from = split * depth;
  const int to = from + depth < count ? from + depth : count;
  const int plane = outHeight * outWidth;
  const int firstM = GROUP_Y * TILE_M;
  const int weightsFrom = group * count * perGroupOut + firstM;

  /* Every item fetches places of one column of the right matrix. */
  const int column = GROUP_X * TILE_N + item % TILE_N;
  const int inside = column < columns;
  const int image = inside ? column / plane : 0;
  const int place = inside ? column % plane : 0;
  const int base = (image * groups + group) * perGroupIn * height * width;
#ifdef TRANSPOSED
  const int row = place / outWidth + padH;
  const int col = place % outWidth + padW;
#else
  const int row = place / outWidth * strideH - padH;
  const int col = place % outWidth * strideW - padW;
#endif

  FETCH(from)
  for (int at = from; at < to; at += TILE_K) {
    UNROLL for (int i = 0; i < LOADS_A; i++) left[item + i * THREADS] = nextLeft[i];
    UNROLL for (int i = 0; i < LOADS_B; i++) right[item + i * THREADS] = nextRight[i];
    BARRIER();
    if (at + TILE_K < to) {
      FETCH(at + TILE_K)
    }
    for (int k = 0; k < TILE_K; k++) {
      float l[ITEM_M];
      float r[ITEM_N];
      UNROLL for (int i = 0; i < ITEM_M; i += 4) {
        FLOAT4 four = LOAD4(&left[k * TILE_M + PLACE_M(itemM, i)]);
        l[i] = four.x;
        l[i + 1] = four.y;
        l[i + 2] = four.z;
        l[i + 3] = four.w;
      }
      UNROLL for (int j = 0; j < ITEM_N; j += 4) {
        FLOAT4 four = LOAD4(&right[k * TILE_N + PLACE_N(itemN, j)]);
        r[j] = four.x;
        r[j + 1] = four.y;
        r[j + 2] = four.z;
        r[j + 3] = four.w;
      }
      UNROLL for (int i = 0; i < ITEM_M; i++) {
        UNROLL for (int j = 0; j < ITEM_N; j++) sums[i][j] = FMA(l[i], r[j], sums[i][j]);
      }
    }
    BARRIER();
  }

  UNROLL for (int j = 0; j < ITEM_N; j++) {
    int c = GROUP_X * TILE_N + PLACE_N(itemN, j);
    if (c < columns) {
      int outImage = c / plane;
      int outPlace = c % plane;
      UNROLL for (int i = 0; i < ITEM_M; i++) {
        int m = firstM + PLACE_M(itemM, i);
        if (m < perGroupOut) {
          int channel = group * perGroupOut + m;
          int to_ = (outImage * groups * perGroupOut + channel) * plane + outPlace;
          y[split * size + to_] = epilogue(sums[i][j], channel, to_, flags, a, b, bias, residual, mask);
        }
      }
    }
  }
}
