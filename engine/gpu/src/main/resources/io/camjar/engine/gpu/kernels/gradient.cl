/*
 * The gradient of a convolution's weights as a product of matrices, [outputs, places] of the gradient of what it gave by
 * [places, taps] of what the kernel covers, a place being one of one image. A group computes a tile of TILE_M outputs by
 * TILE_N taps over some of the places, an item ITEM_M by ITEM_N of it in registers; parts are added afterwards, in their
 * order. Taps are those of the convolution itself.
 */
#define ITEMS_M (TILE_M / ITEM_M)
#define ITEMS_N (TILE_N / ITEM_N)
#define THREADS (ITEMS_M * ITEMS_N)
#define LOADS_A (TILE_K * TILE_M / THREADS)
#define LOADS_B (TILE_K * TILE_N / THREADS)

/* Neighbouring items fetch neighbouring places of one output or tap; lines are longer than a tile by four, so that they
   store into different banks of local memory. */
#define LINES (THREADS / TILE_K)
#define LINE_M (TILE_M + 4)
#define LINE_N (TILE_N + 4)

#define PLACE_M(item, i) ((i) / 4 * (ITEMS_M * 4) + (item) * 4 + (i) % 4)
#define PLACE_N(item, i) ((i) / 4 * (ITEMS_N * 4) + (item) * 4 + (i) % 4)

/* Fetches the next tiles of both matrices into registers. */
#define FETCH(at)                                                                                           \
  {                                                                                                         \
    int place = (at) + k0;                                                                                  \
    int inside = place < to;                                                                                \
    int image = (inside ? place : 0) / plane;                                                               \
    int p = (inside ? place : 0) % plane;                                                                   \
    int top = p / outWidth * strideH - padH;                                                                \
    int side = p % outWidth * strideW - padW;                                                               \
    int dyFrom = (image * groups + group) * perGroupOut * plane + p;                                        \
    int xFrom = (image * groups + group) * perGroupIn * height * width;                                     \
    UNROLL for (int i = 0; i < LOADS_A; i++) {                                                              \
      int m = firstM + line + i * LINES;                                                                    \
      nextLeft[i] = inside && m < perGroupOut ? dy[dyFrom + m * plane] : 0.0f;                              \
    }                                                                                                       \
    UNROLL for (int i = 0; i < LOADS_B; i++) {                                                              \
      int c = (tap[i] >> 16) & 0xffff;                                                                      \
      int h = top + ((tap[i] >> 8) & 0xff);                                                                 \
      int w = side + (tap[i] & 0xff);                                                                       \
      nextRight[i] = inside && firstN + line + i * LINES < count && h >= 0 && h < height && w >= 0 && w < width \
          ? x[xFrom + (c * height + h) * width + w] : 0.0f;                                                 \
    }                                                                                                       \
  }

KERNEL weight_gradient(IN dy, IN x, GLOBAL const int *RESTRICT taps, OUT dw, int places, int count, int depth,
                       int groups, int perGroupIn, int perGroupOut, int height, int width, int outHeight, int outWidth,
                       int strideH, int strideW, int padH, int padW, int size) {
  LOCAL ALIGNED float left[TILE_K * LINE_M];
  LOCAL ALIGNED float right[TILE_K * LINE_N];
  float nextLeft[LOADS_A];
  float nextRight[LOADS_B];
  int tap[LOADS_B];
  float sums[ITEM_M][ITEM_N];
  UNROLL for (int i = 0; i < ITEM_M; i++) {
    UNROLL for (int j = 0; j < ITEM_N; j++) sums[i][j] = 0.0f;
  }

  const int item = ITEM;
  const int itemM = item / ITEMS_N;
  const int itemN = item % ITEMS_N;
  const int k0 = item % TILE_K;
  const int line = item / TILE_K;
  const int group = GROUP_Z % groups;
  const int split = GROUP_Z / groups;
  const int from = split * depth;
  const int to = from + depth < places ? from + depth : places;
  const int plane = outHeight * outWidth;
  const int firstM = GROUP_Y * TILE_M;
  const int firstN = GROUP_X * TILE_N;
  UNROLL for (int i = 0; i < LOADS_B; i++) {
    int n = firstN + line + i * LINES;
    tap[i] = taps[n < count ? n : 0];
  }

  FETCH(from)
  for (int at = from; at < to; at += TILE_K) {
    UNROLL for (int i = 0; i < LOADS_A; i++) left[k0 * LINE_M + line + i * LINES] = nextLeft[i];
    UNROLL for (int i = 0; i < LOADS_B; i++) right[k0 * LINE_N + line + i * LINES] = nextRight[i];
    BARRIER();
    if (at + TILE_K < to) {
      FETCH(at + TILE_K)
    }
    for (int k = 0; k < TILE_K; k++) {
      float l[ITEM_M];
      float r[ITEM_N];
      UNROLL for (int i = 0; i < ITEM_M; i += 4) {
        FLOAT4 four = LOAD4(&left[k * LINE_M + PLACE_M(itemM, i)]);
        l[i] = four.x;
        l[i + 1] = four.y;
        l[i + 2] = four.z;
        l[i + 3] = four.w;
      }
      UNROLL for (int j = 0; j < ITEM_N; j += 4) {
        FLOAT4 four = LOAD4(&right[k * LINE_N + PLACE_N(itemN, j)]);
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

  UNROLL for (int i = 0; i < ITEM_M; i++) {
    UNROLL for (int j = 0; j < ITEM_N; j++) {
      int m = firstM + PLACE_M(itemM, i);
      int n = firstN + PLACE_N(itemN, j);
      if (m < perGroupOut && n < count) {
        dw[split * size + (group * perGroupOut + m) * count + n] = sums[i][j];
      }
    }
  }
}
