/*
 * The precision of a product's operands; its sums are float32. Without TF32 and FLOAT16 operands are float32. A WORD
 * holds one operand of TF32 (10 bits of mantissa) or two of float16, of the taps 2k and 2k + 1, the first in its lower
 * half.
 */
#ifdef FLOAT16
#define PER_WORD 2
typedef unsigned WORD;
typedef WORD WEIGHT;

DEVICE WORD packed(float low, float high) {
  WORD word;
#ifdef CAMJAR_CUDA
  asm("{.reg .b16 l, h; cvt.rn.f16.f32 l, %1; cvt.rn.f16.f32 h, %2; mov.b32 %0, {l, h};}"
      : "=r"(word) : "f"(low), "f"(high));
#else
  vstore_half_rte(low, 0, (half *)&word);
  vstore_half_rte(high, 1, (half *)&word);
#endif
  return word;
}

DEVICE float unpacked(WORD word, int high) {
  float value;
#ifdef CAMJAR_CUDA
  asm("{.reg .b16 h; cvt.u16.u32 h, %1; cvt.f32.f16 %0, h;}" : "=f"(value) : "r"(word >> (high ? 16 : 0)));
#else
  value = vload_half(high, (const half *)&word);
#endif
  return value;
}

DEVICE float rounded(float v) { return unpacked(packed(v, 0.0f), 0); }
#else
#define PER_WORD 1
typedef unsigned WORD;
typedef float WEIGHT;

#ifdef CAMJAR_CUDA
#define AS_WORD __float_as_uint
#define AS_FLOAT __uint_as_float
#else
#define AS_WORD as_uint
#define AS_FLOAT as_float
#endif

/* To the nearest, halves away from zero, as PTX's cvt.rna.tf32.f32; float32 stays as it is. */
DEVICE float rounded(float v) {
#ifdef TF32
  return v == v ? AS_FLOAT((AS_WORD(v) + 0x1000u) & 0xffffe000u) : v;
#else
  return v;
#endif
}
#endif

/* The weight of a tap; with FLOAT16 a row of words has two taps. */
DEVICE float weight(GLOBAL const WEIGHT *RESTRICT weights, int tap, int perTap, int at) {
#ifdef FLOAT16
  return unpacked(weights[tap / 2 * perTap + at], tap & 1);
#else
  return rounded(weights[tap * perTap + at]);
#endif
}

#ifdef TENSOR_CORES
/*
 * sums += a b by a warp, [16, 8 words] by [8 words, 8]. The item l holds, with g = l / 4 and t = l % 4, of a the words
 * (g, t), (g + 8, t), (g, t + 4) and (g + 8, t + 4), of b (t, g) and (t + 4, g), and of the sums (g, 2t), (g, 2t + 1),
 * (g + 8, 2t) and (g + 8, 2t + 1): PTX ISA, "Matrix fragments for mma.m16n8k8" and "m16n8k16".
 */
#ifdef CAMJAR_CUDA
#define SHARED_BY_WARPS
#ifdef FLOAT16
#define MMA "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 "
#else
#define MMA "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 "
#endif
#define MULTIPLY(sums, a, b)                                                                                \
  asm volatile(MMA "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"                        \
               : "+f"((sums)[0]), "+f"((sums)[1]), "+f"((sums)[2]), "+f"((sums)[3])                         \
               : "r"((a)[0]), "r"((a)[1]), "r"((a)[2]), "r"((a)[3]), "r"((b)[0]), "r"((b)[1]))
#else
/*
 * Where there are none, what they would do, which tests a kernel's indices without a card. Written as the PTX ISA
 * numbers the elements of a fragment, a0 to a7 and b0 to b3 of float16, a0 to a3 and b0 to b1 of TF32.
 */
#undef UNROLL /* pocl cuts a kernel at each barrier, and a loop that is not unrolled has two */
#define UNROLL
#define SHARED_BY_WARPS LOCAL WORD fragments[THREADS * 6];
#define MULTIPLY(sums, a, b) multiply(fragments + ITEM / 32 * 192, ITEM % 32, sums, a, b)

DEVICE float element(LOCAL const WORD *fragments, int lane, int first, int i) {
#ifdef FLOAT16
  WORD word = fragments[lane * 6 + first + i / 2];
  return vload_half(i % 2, (const half *)&word);
#else
  return as_float(fragments[lane * 6 + first + i]);
#endif
}

DEVICE void multiply(LOCAL WORD *fragments, int lane, float *sums, const WORD *a, const WORD *b) {
  for (int i = 0; i < 4; i++) fragments[lane * 6 + i] = a[i];
  for (int i = 0; i < 2; i++) fragments[lane * 6 + 4 + i] = b[i];
  BARRIER();
  for (int i = 0; i < 4; i++) {
    int row = i < 2 ? lane / 4 : lane / 4 + 8;
    int column = lane % 4 * 2 + (i & 1);
    for (int k = 0; k < 8 * PER_WORD; k++) {
#ifdef FLOAT16
      int inner = k % 8 / 2;
      int ofA = (k >= 8 ? 4 : 0) + (row >= 8 ? 2 : 0) + (k & 1);
      int ofB = (k >= 8 ? 2 : 0) + (k & 1);
#else
      int inner = k % 4;
      int ofA = (k >= 4 ? 2 : 0) + (row >= 8 ? 1 : 0);
      int ofB = k >= 4 ? 1 : 0;
#endif
      sums[i] += element(fragments, row % 8 * 4 + inner, 0, ofA) * element(fragments, column * 4 + inner, 4, ofB);
    }
  }
  BARRIER();
}
#endif
#endif
