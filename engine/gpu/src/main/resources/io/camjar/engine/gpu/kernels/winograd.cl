/*
 * Winograd's convolution of 3 by 3 with stride 1 (Lavin and Gray, arXiv 1509.09308): F by F outputs of a tile by
 * (F + 2)^2 products a channel, which are products of matrices [outputs, channels] by [channels, tiles]. F is 2 or 4.
 * Points are 0, 1, -1, and with F = 4 also 2, -2.
 */
#define SIDE (F + 2)

/* One line of a patch to the values that are multiplied: B' d. */
DEVICE void to_products(float *v, int step) {
  float a = v[0], b = v[step], c = v[2 * step], d = v[3 * step];
#if F == 2
  v[0] = a - c;
  v[step] = b + c;
  v[2 * step] = c - b;
  v[3 * step] = b - d;
#else
  float e = v[4 * step], f = v[5 * step];
  v[0] = 4.0f * a - 5.0f * c + e;
  v[step] = d + e - 4.0f * (b + c);
  v[2 * step] = e - d + 4.0f * (b - c);
  v[3 * step] = e - c + 2.0f * (d - b);
  v[4 * step] = e - c - 2.0f * (d - b);
  v[5 * step] = 4.0f * b - 5.0f * d + f;
#endif
}

/* One line of products to outputs: A' m. */
DEVICE void from_products(float *v, int step) {
  float a = v[0], b = v[step], c = v[2 * step], d = v[3 * step];
#if F == 2
  v[0] = a + b + c;
  v[step] = b - c - d;
#else
  float e = v[4 * step], f = v[5 * step];
  v[0] = a + b + c + d + e;
  v[step] = b - c + 2.0f * (d - e);
  v[2 * step] = b + c + 4.0f * (d + e);
  v[3 * step] = b - c + 8.0f * (d - e) + f;
#endif
}

/* v[products, channels, tiles]: an item a patch of a channel. */
KERNEL winograd_input(IN x, OUT v, int size, int tiles, int channels, int height, int width, int tilesH, int tilesW,
                      int padH, int padW) {
  EACH(i, size) {
    int p = i % tiles;
    int c = i / tiles;
    int image = p / (tilesH * tilesW);
    int place = p % (tilesH * tilesW);
    int top = place / tilesW * F - padH;
    int left = place % tilesW * F - padW;
    int from = (image * channels + c) * height * width;
    float d[SIDE * SIDE];
    UNROLL for (int r = 0; r < SIDE; r++) {
      UNROLL for (int q = 0; q < SIDE; q++) {
        int h = top + r;
        int w = left + q;
        d[r * SIDE + q] = h >= 0 && h < height && w >= 0 && w < width ? x[from + h * width + w] : 0.0f;
      }
    }
    UNROLL for (int q = 0; q < SIDE; q++) to_products(d + q, SIDE);
    UNROLL for (int r = 0; r < SIDE; r++) to_products(d + r * SIDE, 1);
    UNROLL for (int t = 0; t < SIDE * SIDE; t++) v[(t * channels + c) * tiles + p] = d[t];
  }
}

/* y from m[products, channels, tiles]: an item a tile of a channel. */
KERNEL winograd_output(IN m, IN bias, GLOBAL const float *residual, GLOBAL const float *mask, OUT y, int size, int tiles,
                       int channels, int outHeight, int outWidth, int tilesH, int tilesW, int flags, float a, float b) {
  EACH(i, size) {
    int p = i % tiles;
    int c = i / tiles;
    int image = p / (tilesH * tilesW);
    int place = p % (tilesH * tilesW);
    float s[SIDE * SIDE];
    UNROLL for (int t = 0; t < SIDE * SIDE; t++) s[t] = m[(t * channels + c) * tiles + p];
    UNROLL for (int q = 0; q < SIDE; q++) from_products(s + q, SIDE);
    UNROLL for (int r = 0; r < F; r++) {
      from_products(s + r * SIDE, 1);
      int h = place / tilesW * F + r;
      UNROLL for (int q = 0; q < F; q++) {
        int w = place % tilesW * F + q;
        if (h < outHeight && w < outWidth) {
          int at = ((image * channels + c) * outHeight + h) * outWidth + w;
          y[at] = epilogue(s[r * SIDE + q], c, at, flags, a, b, bias, residual, mask);
        }
      }
    }
  }
}
