package io.camjar.gradcam.flow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.camjar.gradcam.math.Finite;
import org.jspecify.annotations.Nullable;

/**
 * A learned parameter and what its gradient is.
 *
 * @param name its full name
 * @param norm L2 of its values; null if it is not finite
 * @param gradientNorm L2 of the gradient, summed over all images; null if there is none or it is
 *     not finite
 * @param updateRatio log10 of the update's norm to the parameter's; null where nothing is updated
 */
public record ParameterFlow(
    String name,
    @Nullable Double norm,
    @JsonProperty("gradient_norm") @Nullable Double gradientNorm,
    @JsonProperty("update_ratio") @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Double updateRatio) {

  /** One that nothing updates. */
  public static ParameterFlow of(String name, double norm, double gradientNorm) {
    return new ParameterFlow(name, Finite.orNull(norm), Finite.orNull(gradientNorm), null);
  }
}
