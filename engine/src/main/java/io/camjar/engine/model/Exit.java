package io.camjar.engine.model;

/**
 * One classifier of a network that has several, each behind another block.
 *
 * @param number counted from 1 in the order of the network
 * @param output the name of its logits among the graph's results
 * @param layer the path of the feature maps that it reads, where Grad-CAM looks by default
 */
public record Exit(int number, String output, String layer) {}
