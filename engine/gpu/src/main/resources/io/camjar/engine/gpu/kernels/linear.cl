/*
 * Products of matrices whose elements lie any two strides apart, [rows, inner] by [inner, columns], in batches: linear
 * layers and attention. A group computes a tile of 64 by 64, an item 4 by 4 of it.
 */
#define TILE 64
#define INNER 16

KERNEL matmul(IN u, IN v, IN bias, GLOBAL const float *residual, OUT y, int rows, int columns, int inner, int uRow,
              int uInner, int uBatch, int vInner, int vColumn, int vBatch, int flags, float a, float b) {
  LOCAL float left[INNER * TILE];
  LOCAL float right[INNER * TILE];
  float sums[4][4];
  UNROLL for (int i = 0; i < 4; i++) {
    UNROLL for (int j = 0; j < 4; j++) sums[i][j] = 0.0f;
  }
  const int item = ITEM;
  const int firstRow = GROUP_Y * TILE;
  const int firstColumn = GROUP_X * TILE;
  for (int at = 0; at < inner; at += INNER) {
    for (int e = item; e < INNER * TILE; e += 256) {
      int k = uInner == 1 ? e % INNER : e / TILE;
      int m = uInner == 1 ? e / INNER : e % TILE;
      left[k * TILE + m] = at + k < inner && firstRow + m < rows
          ? u[GROUP_Z * uBatch + (firstRow + m) * uRow + (at + k) * uInner] : 0.0f;
    }
    for (int e = item; e < INNER * TILE; e += 256) {
      int k = vInner == 1 ? e % INNER : e / TILE;
      int n = vInner == 1 ? e / INNER : e % TILE;
      right[k * TILE + n] = at + k < inner && firstColumn + n < columns
          ? v[GROUP_Z * vBatch + (at + k) * vInner + (firstColumn + n) * vColumn] : 0.0f;
    }
    BARRIER();
    for (int k = 0; k < INNER; k++) {
      UNROLL for (int i = 0; i < 4; i++) {
        float l = left[k * TILE + item / 16 + i * 16];
        UNROLL for (int j = 0; j < 4; j++) sums[i][j] = FMA(l, right[k * TILE + item % 16 + j * 16], sums[i][j]);
      }
    }
    BARRIER();
  }
  UNROLL for (int i = 0; i < 4; i++) {
    UNROLL for (int j = 0; j < 4; j++) {
      int r = firstRow + item / 16 + i * 16;
      int c = firstColumn + item % 16 + j * 16;
      if (r < rows && c < columns) {
        int to = (GROUP_Z * rows + r) * columns + c;
        y[to] = epilogue(sums[i][j], c, to, flags, a, b, bias, residual, residual);
      }
    }
  }
}
