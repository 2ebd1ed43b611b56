/** NVIDIA's cards through the CUDA driver; kernels are compiled for the card by NVRTC. */
@NullMarked
package io.camjar.engine.gpu.cuda;

import org.jspecify.annotations.NullMarked;
