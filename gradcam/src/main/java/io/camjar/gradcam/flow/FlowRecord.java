package io.camjar.gradcam.flow;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.camjar.engine.statistics.Bins;
import io.camjar.engine.statistics.Summary;
import io.camjar.gradcam.ModelInfo;
import io.camjar.gradcam.math.Finite;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code gradflow.json} holds: the names of the components, in their order, are those of the
 * JSON.
 *
 * @param model the network
 * @param images over how many images statistics are
 * @param preset how they were prepared
 * @param score whose gradient it is
 * @param nearZero values of at most this size count as near zero
 * @param histogramEdges between the bins of every histogram, ascending; the first and the last bin
 *     hold what is beyond them too
 * @param points in the order of the network
 * @param parameters the learned ones
 * @param findings what is wrong
 */
@SuppressWarnings("ArrayRecordComponent") // written out, never compared
public record FlowRecord(
    ModelInfo model,
    int images,
    String preset,
    String score,
    @JsonProperty("near_zero") double nearZero,
    @JsonProperty("histogram_edges") double[] histogramEdges,
    List<OfPoint> points,
    List<ParameterFlow> parameters,
    List<Finding> findings) {

  /**
   * A point.
   *
   * @param gradient null where no gradient comes
   */
  public record OfPoint(
      String path, String kind, Statistics activation, @Nullable Statistics gradient) {}

  /**
   * Statistics over all values of all images; null where they are not finite.
   *
   * @param std with n - 1, as PyTorch's
   * @param nearZero share of values
   * @param norm L2
   * @param deadUnits share of channels or features that are 0 at every place of every image
   * @param nonFinite how many values are NaN or infinite
   * @param histogram how many finite values each bin holds
   */
  @SuppressWarnings("ArrayRecordComponent") // written out, never compared
  public record Statistics(
      @Nullable Double mean,
      @Nullable Double std,
      @JsonProperty("near_zero") double nearZero,
      @Nullable Double norm,
      @Nullable Double min,
      @Nullable Double max,
      @JsonProperty("dead_units") double deadUnits,
      @JsonProperty("non_finite") long nonFinite,
      long[] histogram) {

    /** Those of a summary. */
    public static Statistics of(Summary summary) {
      return new Statistics(
          Finite.orNull(summary.mean()),
          Finite.orNull(summary.std()),
          summary.nearZero(),
          Finite.orNull(summary.norm()),
          Finite.orNull(summary.min()),
          Finite.orNull(summary.max()),
          summary.deadUnits(),
          summary.nonFinite(),
          summary.histogram());
    }
  }

  /**
   * The record of a report.
   *
   * @param score whose gradient it is, in words
   */
  public static FlowRecord of(
      FlowReport report, ModelInfo model, String preset, String score, double nearZero) {
    return new FlowRecord(
        model,
        report.images(),
        preset,
        score,
        nearZero,
        Bins.edges(),
        report.points().stream().map(FlowRecord::of).toList(),
        report.parameters(),
        report.findings());
  }

  private static OfPoint of(FlowPoint point) {
    Summary gradient = point.gradient();
    return new OfPoint(
        point.path(),
        point.kind(),
        Statistics.of(point.activation()),
        gradient == null ? null : Statistics.of(gradient));
  }
}
