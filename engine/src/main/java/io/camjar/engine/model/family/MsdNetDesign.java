package io.camjar.engine.model.family;

import java.util.ArrayList;
import java.util.List;

/**
 * What tells multi-scale dense networks apart, but for their images and classes.
 *
 * @param names whose names the file has
 * @param stem how the image is read
 * @param channels of the finest scale behind the stem
 * @param growth channels that a layer adds to the finest scale
 * @param widths channels of each scale as multiples of the finest's
 * @param bottlenecks channels of a layer's 1x1 convolution as multiples of what it adds, for each
 *     scale; empty where there is no such convolution
 * @param steps layers of each block
 * @param pruning when finer scales are dropped
 * @param reduction the share of channels that a transition leaves; 0 where there are none
 * @param hidden channels inside a classifier; 0 for as many as come in
 */
public record MsdNetDesign(
    Names names,
    Stem stem,
    int channels,
    int growth,
    List<Integer> widths,
    List<Integer> bottlenecks,
    List<Integer> steps,
    Pruning pruning,
    double reduction,
    int hidden) {

  /** The programs that name its layers. */
  public enum Names {
    /** {@code kalviny/MSDNet-PyTorch}: {@code blocks.0.1.layers.2.conv_down.net.3.weight}. */
    REFERENCE,
    /**
     * {@code avirambh/MSDNet-GCN}, {@code siddsax/VisualizeMSDNet}: {@code
     * subnets.0.MSD_layer_1.subnets.2.conv_modules.0.Spatial_down.weight}; its convolutions have
     * biases.
     */
    PORT
  }

  /** How the image is read. */
  public enum Stem {
    /** A 3x3 convolution without stride, for images of 32 pixels. */
    CIFAR,
    /** A strided 7x7 convolution and a max-pool. */
    IMAGENET
  }

  /** When finer scales are dropped, as the programs name it. */
  public enum Pruning {
    /** One after each of as many parts as there are scales. */
    MAX,
    /** As late as the last layers need them. */
    MIN
  }

  /**
   * A layer between the stem and the end of a block.
   *
   * @param block which block it belongs to, from 0
   * @param channels of the finest scale that come in
   * @param inScales scales that come in
   * @param outScales scales that go out
   * @param reduced what a transition behind it leaves of the channels; 0 where there is none
   */
  record Step(int block, int channels, int inScales, int outScales, int reduced) {}

  public MsdNetDesign {
    widths = List.copyOf(widths);
    bottlenecks = List.copyOf(bottlenecks);
    steps = List.copyOf(steps);
  }

  /** Whether the names are those of the reference. */
  boolean reference() {
    return names == Names.REFERENCE;
  }

  /** The layers in order. */
  List<Step> plan() {
    List<Step> plan = new ArrayList<>();
    int layers = steps.stream().mapToInt(Integer::intValue).sum();
    int now = channels;
    int number = 0;
    for (int block = 0; block < steps.size(); block++) {
      for (int i = 0; i < steps.get(block); i++) {
        number++;
        int in = scales(number - 1, layers);
        int out = scales(number, layers);
        int left = isReduced(number, layers, in, out) ? (int) ((now + growth) * reduction) : 0;
        plan.add(new Step(block, now, in, out, left));
        now = left > 0 ? left : now + growth;
      }
    }
    return plan;
  }

  /** Scales behind a layer, counted from 1; before the first are all. */
  private int scales(int number, int layers) {
    int all = widths.size();
    if (pruning == Pruning.MIN) {
      return Math.min(all, layers - number + 1);
    }
    int interval = (layers + all - 1) / all;
    return all - Math.max(0, number - 1) / interval;
  }

  private boolean isReduced(int number, int layers, int in, int out) {
    if (reduction <= 0) {
      return false;
    }
    return pruning == Pruning.MAX ? in > out : number == layers / 3 || number == 2 * layers / 3;
  }

  /** Channels of the coarsest scale behind each block. */
  List<Integer> features() {
    List<Integer> features = new ArrayList<>();
    List<Step> plan = plan();
    for (int i = 0; i < plan.size(); i++) {
      Step step = plan.get(i);
      if (i == plan.size() - 1 || plan.get(i + 1).block() != step.block()) {
        int finest = step.reduced() > 0 ? step.reduced() : step.channels() + growth;
        features.add(finest * widths.get(widths.size() - 1));
      }
    }
    return features;
  }
}
