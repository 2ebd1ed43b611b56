package io.camjar.gradcam.method;

import io.camjar.engine.model.Network;
import io.camjar.gradcam.target.Score;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What is explained: one score of one network for one picture.
 *
 * @param network the network; not to be changed
 * @param input the picture, {@code [1, C, H, W]}; borrowed for the call
 * @param logits what the network made of it, one a class
 * @param score what is explained
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on at once; never compared.
public record Subject(Network network, INDArray input, float[] logits, Score score) {}
