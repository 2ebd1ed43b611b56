/* The part of CUDA C that the kernels use, for clang without a CUDA toolkit: clang -x cuda -nocudainc -nocudalib. */
#define __global__ __attribute__((global))
#define __device__ __attribute__((device))
#define __shared__ __attribute__((shared))
#define __forceinline__ inline __attribute__((always_inline))
#define __align__(bytes) __attribute__((aligned(bytes)))

struct __align__(16) float4 {
  float x, y, z, w;
};

struct Index {
  int x, y, z;
};
#define threadIdx (Index{__nvvm_read_ptx_sreg_tid_x(), 0, 0})
#define blockDim (Index{__nvvm_read_ptx_sreg_ntid_x(), 1, 1})
#define gridDim (Index{__nvvm_read_ptx_sreg_nctaid_x(), 1, 1})
#define blockIdx                                                                      \
  (Index{__nvvm_read_ptx_sreg_ctaid_x(), __nvvm_read_ptx_sreg_ctaid_y(), __nvvm_read_ptx_sreg_ctaid_z()})
#define __syncthreads() __nvvm_bar_sync(0)
#define fmaf __nvvm_fma_rn_f
#define sqrtf __nvvm_sqrt_rn_f
#define __fadd_rn __nvvm_add_rn_f
#define __fmul_rn __nvvm_mul_rn_f

static __device__ __forceinline__ float __int_as_float(int bits) {
  return __builtin_bit_cast(float, bits);
}

static __device__ __forceinline__ float __uint_as_float(unsigned bits) {
  return __builtin_bit_cast(float, bits);
}

static __device__ __forceinline__ unsigned __float_as_uint(float value) {
  return __builtin_bit_cast(unsigned, value);
}

/* Of libdevice: calls that nothing here resolves. */
extern "C" {
__device__ float expf(float);
__device__ float logf(float);
__device__ float tanhf(float);
__device__ float erff(float);
__device__ float erfcf(float);
}
