/* Functions of each number by itself, by the ordinal of io.camjar.engine.gpu.math.Function.Kind, and their derivatives. */
#define NONE 0
#define RELU 1
#define CLIP 2
#define LEAKY_RELU 3
#define SIGMOID 4
#define SILU 5
#define HARDSIGMOID 6
#define HARDSWISH 7
#define GELU 8
#define GELU_TANH 9
#define TANH_OF 10

/* A number that is not one stays so: each comparison with it is false. */
DEVICE float clamped(float v, float low, float high) {
  return v < low ? low : v > high ? high : v;
}

DEVICE float sigmoid(float v) {
  /* The exponential of a negative number cannot overflow. */
  float e = EXP(v < 0.0f ? v : -v);
  return v < 0.0f ? e / (1.0f + e) : 1.0f / (1.0f + e);
}

/* The distribution of a normal variable; erf alone would cancel where v is negative. */
DEVICE float normal(float v) {
#ifdef CAMJAR_CUDA
  return 0.5f * erfcf(-v * 0.70710678118654752f);
#else
  return 0.5f * erfc(-v * 0.70710678118654752f);
#endif
}

/* Twice the argument of GELU's tanh: (1 + tanh(u)) / 2 is the sigmoid of 2 u. */
DEVICE float gelu_twice(float v) {
  return v * (v * v * 0.044715f + 1.0f) * 1.5957691216057308f;
}

DEVICE float activate(int kind, float v, float a, float b) {
  switch (kind) {
    case RELU: return v < 0.0f ? 0.0f : v;
    case CLIP: return clamped(v, a, b);
    case LEAKY_RELU: return v > 0.0f ? v : v * a;
    case SIGMOID: return sigmoid(v);
    case SILU: return v * sigmoid(v);
    case HARDSIGMOID: return clamped(FMA(v, a, b), 0.0f, 1.0f);
    case HARDSWISH: return v * clamped(v + 3.0f, 0.0f, 6.0f) / 6.0f;
    case GELU: return v * normal(v);
    case GELU_TANH: return v * sigmoid(gelu_twice(v));
    case TANH_OF: return TANH(v);
    default: return v;
  }
}

/* The derivative at x. */
DEVICE float slope(int kind, float x, float a, float b) {
  float s, y;
  switch (kind) {
    case RELU: return x > 0.0f ? 1.0f : 0.0f;
    case CLIP: return x > a && x < b ? 1.0f : 0.0f;
    case LEAKY_RELU: return x > 0.0f ? 1.0f : a;
    case SIGMOID: s = sigmoid(x); return s * (1.0f - s);
    case SILU: s = sigmoid(x); return (x * (1.0f - s) + 1.0f) * s;
    case HARDSIGMOID: y = FMA(x, a, b); return y > 0.0f && y < 1.0f ? a : 0.0f;
    case HARDSWISH: return x < -3.0f ? 0.0f : x > 3.0f ? 1.0f : x / 3.0f + 0.5f;
    case GELU: return FMA(x, EXP(-0.5f * x * x) * 0.3989422804014327f, normal(x));
    case GELU_TANH:
      s = sigmoid(gelu_twice(x));
      return FMA(x, s * (1.0f - s) * (x * x * 0.134145f + 1.0f) * 1.5957691216057308f, s);
    case TANH_OF: y = TANH(x); return 1.0f - y * y;
    default: return 1.0f;
  }
}

/* What a sum still gets before it is stored. */
#define BIAS 1
#define RESIDUAL 2
#define MASK 4
#define FUNCTION 8

DEVICE float epilogue(float sum, int channel, int at, int flags, float a, float b, IN bias,
                      GLOBAL const float *residual, GLOBAL const float *mask) {
  if (flags & BIAS) sum += bias[channel];
  if (flags & RESIDUAL) sum += residual[at];
  if ((flags & MASK) && !(mask[at] > 0.0f)) sum = 0.0f;
  return activate(flags / FUNCTION, sum, a, b);
}
