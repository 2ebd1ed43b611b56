/* The common subset of OpenCL C and CUDA C that all kernels are written in; CAMJAR_CUDA is defined for CUDA. */
#ifdef CAMJAR_CUDA
#define KERNEL extern "C" __global__ void
#define DEVICE static __device__ __forceinline__
#define GLOBAL
#define LOCAL __shared__
#define RESTRICT __restrict__
#define BARRIER() __syncthreads()
#define GROUP_X ((int)blockIdx.x)
#define GROUP_Y ((int)blockIdx.y)
#define GROUP_Z ((int)blockIdx.z)
#define ITEM ((int)threadIdx.x)
#define ITEMS ((int)blockDim.x)
#define GROUPS_X ((int)gridDim.x)
#define FMA fmaf
#define EXP expf
#define LOG logf
#define ERF erff
#define TANH tanhf
#define SQRT sqrtf
#define MINUS_INFINITY __int_as_float((int)0xff800000)
/* A sum and a product that the compiler may not contract with what comes next. */
#define PLUS(a, b) __fadd_rn(a, b)
#define TIMES(a, b) __fmul_rn(a, b)
typedef float4 FLOAT4;
#define LOAD4(from) (*(const float4 *)(from))
#define ALIGNED __align__(16)
#else
#pragma OPENCL FP_CONTRACT OFF
#define KERNEL __kernel void
#define DEVICE static inline
#define GLOBAL __global
#define LOCAL __local
#ifndef RESTRICT /* a checker may want it to be nothing */
#define RESTRICT restrict
#endif
#define BARRIER() barrier(CLK_LOCAL_MEM_FENCE)
#define GROUP_X ((int)get_group_id(0))
#define GROUP_Y ((int)get_group_id(1))
#define GROUP_Z ((int)get_group_id(2))
#define ITEM ((int)get_local_id(0))
#define ITEMS ((int)get_local_size(0))
#define GROUPS_X ((int)get_num_groups(0))
#define FMA fma
#define EXP exp
#define LOG log
#define ERF erf
#define TANH tanh
#define SQRT sqrt
#define MINUS_INFINITY (-INFINITY)
#define PLUS(a, b) ((a) + (b))
#define TIMES(a, b) ((a) * (b))
typedef float4 FLOAT4;
#define LOAD4(from) vload4(0, from)
#define ALIGNED __attribute__((aligned(16)))
#endif

/* What is only read, and what nothing else points at. */
#define IN GLOBAL const float *RESTRICT
#define OUT GLOBAL float *

/* Runs the body for every i below n, each item in steps of all items there are. */
#define EACH(i, n) for (int i = GROUP_X * ITEMS + ITEM; i < (n); i += GROUPS_X * ITEMS)

#define UNROLL _Pragma("unroll")
