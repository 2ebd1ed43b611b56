/* Pools over windows, one item an output; padding never wins a maximum. */

/* The place of a window's maximum: the first, unless a later one is greater or not a number, as ATen has it. */
DEVICE int best(IN x, int from, int height, int width, int firstH, int firstW, int kernelH, int kernelW) {
  int top = firstH < 0 ? 0 : firstH;
  int left = firstW < 0 ? 0 : firstW;
  int bottom = firstH + kernelH < height ? firstH + kernelH : height;
  int right = firstW + kernelW < width ? firstW + kernelW : width;
  int at = top * width + left;
  float most = x[from + at];
  for (int h = top; h < bottom; h++) {
    for (int w = left; w < right; w++) {
      float v = x[from + h * width + w];
      if (v > most || v != v) {
        most = v;
        at = h * width + w;
      }
    }
  }
  return at;
}

KERNEL max_pool(IN x, OUT y, int size, int height, int width, int outHeight, int outWidth, int kernelH, int kernelW,
                int strideH, int strideW, int padH, int padW) {
  EACH(i, size) {
    int from = i / (outHeight * outWidth) * height * width;
    int firstH = i / outWidth % outHeight * strideH - padH;
    int firstW = i % outWidth * strideW - padW;
    y[i] = x[from + best(x, from, height, width, firstH, firstW, kernelH, kernelW)];
  }
}

/* Gathered: a place receives from the windows that cover it and whose maximum it is. */
KERNEL max_pool_backward(IN dy, IN x, OUT dx, int size, int height, int width, int outHeight, int outWidth, int kernelH,
                         int kernelW, int strideH, int strideW, int padH, int padW) {
  EACH(i, size) {
    int plane = i / (height * width);
    int place = i % (height * width);
    int h = place / width + padH;
    int w = place % width + padW;
    int lowH = h < kernelH ? 0 : (h - kernelH) / strideH + 1;
    int lowW = w < kernelW ? 0 : (w - kernelW) / strideW + 1;
    int highH = h / strideH < outHeight - 1 ? h / strideH : outHeight - 1;
    int highW = w / strideW < outWidth - 1 ? w / strideW : outWidth - 1;
    int from = plane * height * width;
    float sum = 0.0f;
    for (int r = lowH; r <= highH; r++) {
      for (int q = lowW; q <= highW; q++) {
        if (best(x, from, height, width, r * strideH - padH, q * strideW - padW, kernelH, kernelW) == place) {
          sum += dy[(plane * outHeight + r) * outWidth + q];
        }
      }
    }
    dx[i] = sum;
  }
}

/* What a window's sum is divided by: a given number, or the places that count. */
DEVICE float divisor(int firstH, int firstW, int kernelH, int kernelW, int height, int width, int afterH, int afterW,
                     int counted, int given) {
  int top = counted || firstH > 0 ? firstH : 0;
  int left = counted || firstW > 0 ? firstW : 0;
  int endH = counted ? height + afterH : height;
  int endW = counted ? width + afterW : width;
  int bottom = firstH + kernelH < endH ? firstH + kernelH : endH;
  int right = firstW + kernelW < endW ? firstW + kernelW : endW;
  return given > 0 ? (float)given : (float)((bottom - top) * (right - left));
}

/* afterH, afterW: padding below and right; counted: whether padding counts as zeros. */
KERNEL average_pool(IN x, OUT y, int size, int height, int width, int outHeight, int outWidth, int kernelH, int kernelW,
                    int strideH, int strideW, int padH, int padW, int afterH, int afterW, int counted, int given) {
  EACH(i, size) {
    int from = i / (outHeight * outWidth) * height * width;
    int firstH = i / outWidth % outHeight * strideH - padH;
    int firstW = i % outWidth * strideW - padW;
    float sum = 0.0f;
    for (int h = firstH < 0 ? 0 : firstH; h < firstH + kernelH && h < height; h++) {
      for (int w = firstW < 0 ? 0 : firstW; w < firstW + kernelW && w < width; w++) sum += x[from + h * width + w];
    }
    y[i] = sum / divisor(firstH, firstW, kernelH, kernelW, height, width, afterH, afterW, counted, given);
  }
}

KERNEL average_pool_backward(IN dy, OUT dx, int size, int height, int width, int outHeight, int outWidth, int kernelH,
                             int kernelW, int strideH, int strideW, int padH, int padW, int afterH, int afterW,
                             int counted, int given) {
  EACH(i, size) {
    int plane = i / (height * width);
    int h = i / width % height + padH;
    int w = i % width + padW;
    int lowH = h < kernelH ? 0 : (h - kernelH) / strideH + 1;
    int lowW = w < kernelW ? 0 : (w - kernelW) / strideW + 1;
    float sum = 0.0f;
    for (int r = lowH; r < outHeight && r * strideH <= h; r++) {
      for (int q = lowW; q < outWidth && q * strideW <= w; q++) {
        sum += dy[(plane * outHeight + r) * outWidth + q] /
               divisor(r * strideH - padH, q * strideW - padW, kernelH, kernelW, height, width, afterH, afterW, counted,
                       given);
      }
    }
    dx[i] = sum;
  }
}
