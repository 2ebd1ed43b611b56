/* One group a plane, a channel of an image: sums, maxima, and what goes back from them. Groups have GROUP_SIZE items. */

/* Two numbers whose sum is more exact than either: a sum keeps what it rounds away (Knuth's two-sum). */
#define ADD_EXACTLY(high, low, value)                                  \
  {                                                                    \
    float term = (value);                                              \
    float sum = PLUS(high, term);                                      \
    float part = PLUS(sum, -(high));                                   \
    float lost = PLUS(PLUS(high, -PLUS(sum, -part)), PLUS(term, -part)); \
    high = sum;                                                        \
    low = PLUS(low, lost);                                             \
  }

/* Adds up what all items of a group have; the result is in high[0] and low[0]. */
#define REDUCE(high, low)                                              \
  BARRIER();                                                           \
  for (int step = GROUP_SIZE / 2; step > 0; step /= 2) {               \
    if (ITEM < step) {                                                 \
      float h = high[ITEM];                                            \
      float l = low[ITEM];                                             \
      ADD_EXACTLY(h, l, high[ITEM + step])                             \
      high[ITEM] = h;                                                  \
      low[ITEM] = PLUS(l, low[ITEM + step]);                           \
    }                                                                  \
    BARRIER();                                                         \
  }

/* sums[2 * plane] and [2 * plane + 1]: the sum of a plane and what it rounds away. */
KERNEL plane_sums(IN x, OUT sums, int plane) {
  LOCAL float high[GROUP_SIZE];
  LOCAL float low[GROUP_SIZE];
  float h = 0.0f;
  float l = 0.0f;
  for (int i = ITEM; i < plane; i += GROUP_SIZE) ADD_EXACTLY(h, l, x[GROUP_X * plane + i])
  high[ITEM] = h;
  low[ITEM] = l;
  REDUCE(high, low)
  if (ITEM == 0) {
    sums[2 * GROUP_X] = high[0];
    sums[2 * GROUP_X + 1] = low[0];
  }
}

/* The mean of each plane of a part of the channels, to features of which there are more. */
KERNEL global_mean(IN x, OUT y, int plane, int channels, int features, int offset) {
  LOCAL float high[GROUP_SIZE];
  LOCAL float low[GROUP_SIZE];
  float h = 0.0f;
  float l = 0.0f;
  for (int i = ITEM; i < plane; i += GROUP_SIZE) ADD_EXACTLY(h, l, x[GROUP_X * plane + i])
  high[ITEM] = h;
  low[ITEM] = l;
  REDUCE(high, low)
  if (ITEM == 0) y[GROUP_X / channels * features + offset + GROUP_X % channels] = (high[0] + low[0]) / (float)plane;
}

KERNEL global_mean_backward(IN dy, OUT dx, int size, int plane, int channels, int features, int offset) {
  EACH(i, size) {
    int p = i / plane;
    dx[i] = dy[p / channels * features + offset + p % channels] / (float)plane;
  }
}

/* Whether a value goes before another as a maximum: a later NaN before all, else the greater, else the first. */
DEVICE int wins(float v, int at, float other, int otherAt) {
  if (otherAt < 0) return at >= 0;
  if (at < 0) return 0;
  if (v != v || other != other) return v != v && (other == other || at > otherAt);
  return v > other || (v == other && at < otherAt);
}

/* The place of each plane's maximum. */
#define FIND_MAXIMUM(x, plane, value, at)                              \
  {                                                                    \
    float v = 0.0f;                                                    \
    int found = -1;                                                    \
    for (int i = ITEM; i < plane; i += GROUP_SIZE) {                   \
      float candidate = x[GROUP_X * plane + i];                        \
      if (wins(candidate, i, v, found)) {                              \
        v = candidate;                                                 \
        found = i;                                                     \
      }                                                                \
    }                                                                  \
    value[ITEM] = v;                                                   \
    at[ITEM] = found;                                                  \
    BARRIER();                                                         \
    for (int step = GROUP_SIZE / 2; step > 0; step /= 2) {             \
      if (ITEM < step && wins(value[ITEM + step], at[ITEM + step], value[ITEM], at[ITEM])) { \
        value[ITEM] = value[ITEM + step];                              \
        at[ITEM] = at[ITEM + step];                                    \
      }                                                                \
      BARRIER();                                                       \
    }                                                                  \
  }

KERNEL global_max(IN x, OUT y, int plane, int channels, int features, int offset) {
  LOCAL float value[GROUP_SIZE];
  LOCAL int at[GROUP_SIZE];
  FIND_MAXIMUM(x, plane, value, at)
  if (ITEM == 0) y[GROUP_X / channels * features + offset + GROUP_X % channels] = value[0];
}

/* Adds to the gradient at the place of each plane's maximum. */
KERNEL global_max_backward(IN dy, IN x, OUT dx, int plane, int channels, int features, int offset) {
  LOCAL float value[GROUP_SIZE];
  LOCAL int at[GROUP_SIZE];
  FIND_MAXIMUM(x, plane, value, at)
  if (ITEM == 0) {
    dx[GROUP_X * plane + at[0]] += dy[GROUP_X / channels * features + offset + GROUP_X % channels];
  }
}

/* The gradient of gates: the sum over a plane of dy * x. */
KERNEL gate_backward(IN dy, IN x, OUT dgates, int plane) {
  LOCAL float high[GROUP_SIZE];
  LOCAL float low[GROUP_SIZE];
  float h = 0.0f;
  float l = 0.0f;
  for (int i = ITEM; i < plane; i += GROUP_SIZE) {
    ADD_EXACTLY(h, l, TIMES(dy[GROUP_X * plane + i], x[GROUP_X * plane + i]))
  }
  high[ITEM] = h;
  low[ITEM] = l;
  REDUCE(high, low)
  if (ITEM == 0) dgates[GROUP_X] = high[0] + low[0];
}

/* Softmax of lines of numbers that lie stride apart, or its logarithm: a group a line. */
KERNEL softmax(IN x, OUT y, int length, int stride, int logarithm) {
  LOCAL float high[GROUP_SIZE];
  int from = GROUP_X / stride * length * stride + GROUP_X % stride;
  float most = MINUS_INFINITY;
  for (int i = ITEM; i < length; i += GROUP_SIZE) {
    float v = x[from + i * stride];
    most = v > most || v != v ? v : most;
  }
  high[ITEM] = most;
  BARRIER();
  for (int step = GROUP_SIZE / 2; step > 0; step /= 2) {
    if (ITEM < step) {
      float v = high[ITEM + step];
      if (v > high[ITEM] || v != v) high[ITEM] = v;
    }
    BARRIER();
  }
  most = high[0];
  BARRIER();
  float sum = 0.0f;
  for (int i = ITEM; i < length; i += GROUP_SIZE) sum += EXP(x[from + i * stride] - most);
  high[ITEM] = sum;
  BARRIER();
  for (int step = GROUP_SIZE / 2; step > 0; step /= 2) {
    if (ITEM < step) high[ITEM] += high[ITEM + step];
    BARRIER();
  }
  sum = high[0];
  for (int i = ITEM; i < length; i += GROUP_SIZE) {
    float v = x[from + i * stride] - most;
    y[from + i * stride] = logarithm ? v - LOG(sum) : EXP(v) / sum;
  }
}

/* dx = y (dy - sum(dy y)), or with the logarithm dy - exp(y) sum(dy). */
KERNEL softmax_backward(IN dy, IN y, OUT dx, int length, int stride, int logarithm) {
  LOCAL float high[GROUP_SIZE];
  int from = GROUP_X / stride * length * stride + GROUP_X % stride;
  float sum = 0.0f;
  for (int i = ITEM; i < length; i += GROUP_SIZE) {
    int at = from + i * stride;
    sum += logarithm ? dy[at] : dy[at] * y[at];
  }
  high[ITEM] = sum;
  BARRIER();
  for (int step = GROUP_SIZE / 2; step > 0; step /= 2) {
    if (ITEM < step) high[ITEM] += high[ITEM + step];
    BARRIER();
  }
  sum = high[0];
  for (int i = ITEM; i < length; i += GROUP_SIZE) {
    int at = from + i * stride;
    dx[at] = logarithm ? dy[at] - EXP(y[at]) * sum : y[at] * (dy[at] - sum);
  }
}

/*
 * A map: at each place the sum over channels of weight times activation, in two numbers. A weight is two numbers too,
 * and a product keeps what it rounds away.
 */
KERNEL weighted_sum(IN x, IN weights, OUT sums, int from, int channels, int plane) {
  EACH(i, plane) {
    float h = 0.0f;
    float l = 0.0f;
    for (int c = 0; c < channels; c++) {
      float v = x[from + c * plane + i];
      float w = weights[2 * c];
      float product = TIMES(v, w);
      ADD_EXACTLY(h, l, product)
      l = PLUS(l, PLUS(FMA(v, w, -product), TIMES(v, weights[2 * c + 1])));
    }
    sums[2 * i] = h;
    sums[2 * i + 1] = l;
  }
}

/*
 * Of each channel the sum of u and the sum of u * v over a part of its numbers, each in two numbers: sums[part][channel]
 * is {u, what that rounds away, u * v, what that rounds away}. A channel has count numbers, plane of them in a row.
 */
KERNEL channel_sums(IN u, IN v, OUT sums, int channels, int plane, int count, int depth) {
  LOCAL float high[GROUP_SIZE];
  LOCAL float low[GROUP_SIZE];
  LOCAL float productHigh[GROUP_SIZE];
  LOCAL float productLow[GROUP_SIZE];
  const int from = GROUP_Y * depth;
  const int to = from + depth < count ? from + depth : count;
  float h = 0.0f;
  float l = 0.0f;
  float ph = 0.0f;
  float pl = 0.0f;
  for (int i = from + ITEM; i < to; i += GROUP_SIZE) {
    int at = (i / plane * channels + GROUP_X) * plane + i % plane;
    float a = u[at];
    float b = v[at];
    float product = TIMES(a, b);
    ADD_EXACTLY(h, l, a)
    ADD_EXACTLY(ph, pl, product)
    pl = PLUS(pl, FMA(a, b, -product));
  }
  high[ITEM] = h;
  low[ITEM] = l;
  productHigh[ITEM] = ph;
  productLow[ITEM] = pl;
  REDUCE(high, low)
  REDUCE(productHigh, productLow)
  if (ITEM == 0) {
    int to_ = 4 * (GROUP_Y * channels + GROUP_X);
    sums[to_] = high[0];
    sums[to_ + 1] = low[0];
    sums[to_ + 2] = productHigh[0];
    sums[to_ + 3] = productLow[0];
  }
}

/* The gradient of the weights of a convolution in groups of one input channel: a group of items a weight. */
KERNEL depthwise_weight_gradient(IN dy, IN x, OUT dw, int images, int channels, int perInput, int height, int width,
                                 int outHeight, int outWidth, int kernelH, int kernelW, int strideH, int strideW,
                                 int padH, int padW, int dilationH, int dilationW) {
  LOCAL float high[GROUP_SIZE];
  LOCAL float low[GROUP_SIZE];
  const int plane = outHeight * outWidth;
  const int channel = GROUP_X / (kernelH * kernelW);
  const int top = GROUP_X / kernelW % kernelH * dilationH - padH;
  const int side = GROUP_X % kernelW * dilationW - padW;
  const int inputs = channels / perInput;
  float hi = 0.0f;
  float lo = 0.0f;
  for (int i = ITEM; i < images * plane; i += GROUP_SIZE) {
    int image = i / plane;
    int place = i % plane;
    int h = place / outWidth * strideH + top;
    int w = place % outWidth * strideW + side;
    if (h >= 0 && h < height && w >= 0 && w < width) {
      float d = dy[(image * channels + channel) * plane + place];
      float v = x[((image * inputs + channel / perInput) * height + h) * width + w];
      ADD_EXACTLY(hi, lo, TIMES(d, v))
    }
  }
  high[ITEM] = hi;
  low[ITEM] = lo;
  REDUCE(high, low)
  if (ITEM == 0) dw[GROUP_X] = high[0] + low[0];
}
