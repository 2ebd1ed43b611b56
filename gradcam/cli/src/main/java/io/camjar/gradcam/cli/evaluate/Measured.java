package io.camjar.gradcam.cli.evaluate;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.camjar.gradcam.ClassLabel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of one method on one image.
 *
 * @param picture its path below the folder
 * @param target the predicted class, which is explained
 * @param probability its probability
 * @param method the method's name
 * @param figures by the measure's name; empty where the map is not finite, null where a figure is
 *     not
 */
record Measured(
    String picture,
    @JsonProperty("class") ClassLabel target,
    @Nullable Double probability,
    String method,
    Map<String, @Nullable Double> figures) {}
