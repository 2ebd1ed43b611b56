/* Convolutions in groups of one input channel: sums of few taps, one item an output. */

/* The weight of an output is [channels of the output][rows * columns of the kernel]. */
KERNEL depthwise(IN x, IN weights, IN bias, GLOBAL const float *residual, GLOBAL const float *mask, OUT y, int size,
                 int channels, int perInput, int height, int width, int outHeight, int outWidth, int kernelH,
                 int kernelW, int strideH, int strideW, int padH, int padW, int dilationH, int dilationW, int flags,
                 float a, float b) {
  EACH(i, size) {
    int q = i % outWidth;
    int r = i / outWidth % outHeight;
    int channel = i / (outWidth * outHeight) % channels;
    int image = i / (outWidth * outHeight) / channels;
    int from = (image * (channels / perInput) + channel / perInput) * height * width;
    float sum = 0.0f;
    for (int kh = 0; kh < kernelH; kh++) {
      int h = r * strideH - padH + kh * dilationH;
      for (int kw = 0; h >= 0 && h < height && kw < kernelW; kw++) {
        int w = q * strideW - padW + kw * dilationW;
        if (w >= 0 && w < width) {
          sum = FMA(x[from + h * width + w], weights[(channel * kernelH + kh) * kernelW + kw], sum);
        }
      }
    }
    y[i] = epilogue(sum, channel, i, flags, a, b, bias, residual, mask);
  }
}

/* The gradient of the input, gathered: height and width are the input's, channels the output's. */
KERNEL depthwise_backward(IN dy, IN weights, GLOBAL const float *residual, GLOBAL const float *mask, OUT dx, int size,
                          int channels, int perInput, int height, int width, int outHeight, int outWidth, int kernelH,
                          int kernelW, int strideH, int strideW, int padH, int padW, int dilationH, int dilationW,
                          int flags) {
  int inputs = channels / perInput;
  EACH(i, size) {
    int q = i % width;
    int r = i / width % height;
    int input = i / (width * height) % inputs;
    int image = i / (width * height) / inputs;
    float sum = 0.0f;
    for (int o = 0; o < perInput; o++) {
      int channel = input * perInput + o;
      int from = (image * channels + channel) * outHeight * outWidth;
      for (int kh = 0; kh < kernelH; kh++) {
        int h = r + padH - kh * dilationH;
        if (h < 0 || h % strideH != 0 || h / strideH >= outHeight) continue;
        for (int kw = 0; kw < kernelW; kw++) {
          int w = q + padW - kw * dilationW;
          if (w >= 0 && w % strideW == 0 && w / strideW < outWidth) {
            sum = FMA(dy[from + h / strideH * outWidth + w / strideW],
                      weights[(channel * kernelH + kh) * kernelW + kw], sum);
          }
        }
      }
    }
    dx[i] = epilogue(sum, 0, i, flags, 0.0f, 0.0f, dx, residual, mask);
  }
}

/* Adds up the parts of sums that were split, in their order, with what a sum still gets. */
KERNEL finish(IN parts, int splits, IN bias, GLOBAL const float *residual, GLOBAL const float *mask, OUT y, int size,
              int channels, int plane, int flags, float a, float b) {
  EACH(i, size) {
    float sum = parts[i];
    for (int s = 1; s < splits; s++) sum += parts[s * size + i];
    y[i] = epilogue(sum, i / plane % channels, i, flags, a, b, bias, residual, mask);
  }
}
