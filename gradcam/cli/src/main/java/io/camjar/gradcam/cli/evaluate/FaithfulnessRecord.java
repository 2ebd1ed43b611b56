package io.camjar.gradcam.cli.evaluate;

import io.camjar.gradcam.ModelInfo;
import io.camjar.gradcam.metric.Estimate;
import java.util.List;
import java.util.Map;

/**
 * What {@code faithfulness.json} holds: the names of the components, in their order, are those of
 * the JSON.
 *
 * @param model the network
 * @param preset how images were prepared
 * @param layer the layer of the maps
 * @param steps of the deletion and insertion curves
 * @param percentiles of ROAD
 * @param pictures how many were measured
 * @param failed those that could not be used
 * @param summary for each method and measure the mean over the images
 * @param measured a figure of each measure for each image and method
 */
record FaithfulnessRecord(
    ModelInfo model,
    String preset,
    String layer,
    int steps,
    List<Integer> percentiles,
    int pictures,
    List<String> failed,
    Map<String, Map<String, Estimate>> summary,
    List<Measured> measured) {}
