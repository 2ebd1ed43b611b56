/* What a device can do at best: chains of multiply-adds that depend on nothing in memory. */
#define CHAINS 16

/* Each item does 2 * CHAINS * turns operations. */
KERNEL fma_peak(OUT y, int turns, float a, float b) {
  float sums[CHAINS];
  UNROLL for (int i = 0; i < CHAINS; i++) sums[i] = (float)(ITEM + i);
  for (int turn = 0; turn < turns; turn++) {
    UNROLL for (int i = 0; i < CHAINS; i++) sums[i] = FMA(sums[i], a, b);
  }
  float sum = 0.0f;
  UNROLL for (int i = 0; i < CHAINS; i++) sum += sums[i];
  y[GROUP_X * ITEMS + ITEM] = sum;
}
