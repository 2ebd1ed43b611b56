package io.camjar.engine.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The result of a max-pool.
 *
 * @param values [N, C, oH, oW]
 * @param argmax for each value in c order, the index of its source within its H x W plane
 */
@SuppressWarnings("ArrayRecordComponent") // handed from forward to backward, never compared
public record MaxPooled(INDArray values, int[] argmax) {}
