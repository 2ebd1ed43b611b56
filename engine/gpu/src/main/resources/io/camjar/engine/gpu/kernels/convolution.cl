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

/* Words of so many taps. */
#define WORDS_OF(taps) (((taps) + PER_WORD - 1) / PER_WORD)

/* Fetches the next tiles of both matrices into registers. */
#define FETCH(at)                                                                                           \
  UNROLL for (int i = 0; i < LOADS_A; i++) {                                                                \
    int e = item + i * THREADS;                                                                             \
    int k = (at) + e / TILE_M;                                                                              \
    int m = e % TILE_M;                                                                                     \
    nextLeft[i] = k < to && firstM + m < perGroupOut                                                        \
        ? weight(weights, k, perGroupOut, weightsFrom + m) : 0.0f;                                          \
  }                                                                                                         \
  UNROLL for (int i = 0; i < LOADS_B; i++) {                                                                \
    int k = (at) + (item + i * THREADS) / TILE_N;                                                           \
    nextRight[i] = inside && k < to                                                                         \
        ? rounded(covered(x, taps[k], base, row, col, height, width, strideH, strideW)) : 0.0f;             \
  }

/* What a group computes. Every item fetches places of one column of the right matrix. */
#ifdef TRANSPOSED
#define FIRST_ROW (place / outWidth + padH)
#define FIRST_COL (place % outWidth + padW)
#else
#define FIRST_ROW (place / outWidth * strideH - padH)
#define FIRST_COL (place % outWidth * strideW - padW)
#endif
#define SHARE_AND_COLUMN                                                   \
  const int group = GROUP_Z % groups;                                      \
  const int split = GROUP_Z / groups;                                      \
  const int from = split * depth;                                          \
  const int to = from + depth < count ? from + depth : count;              \
  const int plane = outHeight * outWidth;                                  \
  const int firstM = GROUP_Y * TILE_M;                                     \
  const int weightsFrom = group * WORDS_OF(count) * perGroupOut + firstM;  \
  const int column = GROUP_X * TILE_N + item % TILE_N;                     \
  const int inside = column < columns;                                     \
  const int image = inside ? column / plane : 0;                           \
  const int place = inside ? column % plane : 0;                           \
  const int base = (image * groups + group) * perGroupIn * height * width; \
  const int row = FIRST_ROW;                                               \
  const int col = FIRST_COL;

/* Stores what a sum becomes. */
#define STORE(sum, m, c)                                                                                    \
  if ((m) < perGroupOut) {                                                                                  \
    int channel = group * perGroupOut + (m);                                                                \
    int at_ = ((c) / plane * groups * perGroupOut + channel) * plane + (c) % plane;                         \
    y[split * size + at_] = epilogue(sum, channel, at_, flags, a, b, bias, residual, mask);                 \
  }

#ifndef TENSOR_CORES
KERNEL convolve(IN x, GLOBAL const WEIGHT *RESTRICT weights, GLOBAL const int *RESTRICT taps, IN bias,
                GLOBAL const float *residual, GLOBAL const float *mask, OUT y, int columns, int count, int depth,
                int groups, int perGroupIn, int perGroupOut, int height, int width, int outHeight, int outWidth,
                int strideH, int strideW, int padH, int padW, int size, int flags, float a, float b) {
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
  SHARE_AND_COLUMN

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
      UNROLL for (int i = 0; i < ITEM_M; i++) {
        int m = firstM + PLACE_M(itemM, i);
        STORE(sums[i][j], m, c)
      }
    }
  }
}
#else
/*
 * The same on tensor cores. A warp computes TILES_M by TILES_N products of 16 by 8 of the tile; local memory has words
 * of TF32 or float16, in rows that lie 8 words off a multiple of 32, so that a warp reads a fragment without conflicts.
 */
#define WORDS 16
#define TAPS (WORDS * PER_WORD)
#define TILES_N 4
#define WARPS_N (TILE_N / (TILES_N * 8))
#define WARPS_M (THREADS / 32 / WARPS_N)
#define TILES_M (TILE_M / (WARPS_M * 16))
#define PITCH_M (TILE_M + 8)
#define PITCH_N (TILE_N + 8)
#define WORDS_A (WORDS * TILE_M / THREADS)
#define WORDS_B (WORDS * TILE_N / THREADS)

/* A tap of a column, rounded where the word is made. */
#define COVERED(k) \
  (inside && (k) < to ? covered(x, taps[k], base, row, col, height, width, strideH, strideW) : 0.0f)
#ifdef FLOAT16
#define WEIGHTS(k, at) weights[(k) / 2 * perGroupOut + (at)]
#define COLUMNS(k) packed(COVERED(k), COVERED((k) + 1))
#else
#define WEIGHTS(k, at) AS_WORD(weight(weights, k, perGroupOut, at))
#define COLUMNS(k) AS_WORD(rounded(COVERED(k)))
#endif

#define FETCH_WORDS(at)                                                                                     \
  UNROLL for (int i = 0; i < WORDS_A; i++) {                                                                \
    int e = item + i * THREADS;                                                                             \
    int k = (at) + e / TILE_M * PER_WORD;                                                                   \
    int m = e % TILE_M;                                                                                     \
    nextLeft[i] = k < to && firstM + m < perGroupOut ? WEIGHTS(k, weightsFrom + m) : 0;                     \
  }                                                                                                         \
  UNROLL for (int i = 0; i < WORDS_B; i++) {                                                                \
    int k = (at) + (item + i * THREADS) / TILE_N * PER_WORD;                                                \
    nextRight[i] = COLUMNS(k);                                                                              \
  }

KERNEL convolve(IN x, GLOBAL const WEIGHT *RESTRICT weights, GLOBAL const int *RESTRICT taps, IN bias,
                GLOBAL const float *residual, GLOBAL const float *mask, OUT y, int columns, int count, int depth,
                int groups, int perGroupIn, int perGroupOut, int height, int width, int outHeight, int outWidth,
                int strideH, int strideW, int padH, int padW, int size, int flags, float a, float b) {
  LOCAL WORD left[WORDS * PITCH_M];
  LOCAL WORD right[WORDS * PITCH_N];
  SHARED_BY_WARPS
  WORD nextLeft[WORDS_A];
  WORD nextRight[WORDS_B];
  float sums[TILES_M][TILES_N][4];
  UNROLL for (int i = 0; i < TILES_M; i++) {
    UNROLL for (int j = 0; j < TILES_N; j++) {
      UNROLL for (int q = 0; q < 4; q++) sums[i][j][q] = 0.0f;
    }
  }
  const int item = ITEM;
  const int lane = item % 32;
  /* Where the warp's part of the tile begins. */
  const int warpM = item / 32 / WARPS_N * (TILES_M * 16);
  const int warpN = item / 32 % WARPS_N * (TILES_N * 8);
  SHARE_AND_COLUMN

  FETCH_WORDS(from)
  for (int at = from; at < to; at += TAPS) {
    UNROLL for (int i = 0; i < WORDS_A; i++) {
      int e = item + i * THREADS;
      left[e / TILE_M * PITCH_M + e % TILE_M] = nextLeft[i];
    }
    UNROLL for (int i = 0; i < WORDS_B; i++) {
      int e = item + i * THREADS;
      right[e / TILE_N * PITCH_N + e % TILE_N] = nextRight[i];
    }
    BARRIER();
    if (at + TAPS < to) {
      FETCH_WORDS(at + TAPS)
    }
    UNROLL for (int k = 0; k < WORDS; k += 8) {
      WORD l[TILES_M][4];
      WORD r[TILES_N][2];
      UNROLL for (int i = 0; i < TILES_M; i++) {
        UNROLL for (int q = 0; q < 4; q++) {
          l[i][q] = left[(k + lane % 4 + q / 2 * 4) * PITCH_M + warpM + i * 16 + lane / 4 + q % 2 * 8];
        }
      }
      UNROLL for (int j = 0; j < TILES_N; j++) {
        UNROLL for (int q = 0; q < 2; q++) {
          r[j][q] = right[(k + lane % 4 + q * 4) * PITCH_N + warpN + j * 8 + lane / 4];
        }
      }
      UNROLL for (int i = 0; i < TILES_M; i++) {
        UNROLL for (int j = 0; j < TILES_N; j++) MULTIPLY(sums[i][j], l[i], r[j]);
      }
    }
    BARRIER();
  }

  UNROLL for (int j = 0; j < TILES_N; j++) {
    UNROLL for (int p = 0; p < 2; p++) {
      int c = GROUP_X * TILE_N + warpN + j * 8 + lane % 4 * 2 + p;
      if (c < columns) {
        UNROLL for (int i = 0; i < TILES_M; i++) {
          UNROLL for (int q = 0; q < 2; q++) {
            int m = firstM + warpM + i * 16 + lane / 4 + q * 8;
            STORE(sums[i][j][q * 2 + p], m, c)
          }
        }
      }
    }
  }
}
#endif
