package io.camjar.engine.trace;

import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.Kernels;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One forward pass over one batch: the activations that were asked for, by path, and what the
 * layers need for their backward.
 *
 * <p>Layers hold parameters only; everything a pass caches is here, so one network serves many
 * passes at once. A trace itself belongs to one thread at a time. Closing it frees its memory,
 * including the arrays it handed out.
 */
public final class Trace extends Arena {
  private final Demand demand;
  private final Kernels kernels;
  private final @Nullable SplittableRandom dropout;
  private final Map<String, INDArray> activations = new LinkedHashMap<>();
  private final Map<String, Supplier<INDArray>> offered = new LinkedHashMap<>();
  private final Map<String, FeatureMaps> maps = new HashMap<>();
  private final Map<String, Object> saved = new HashMap<>();
  private final Map<String, INDArray> replacements = new HashMap<>();
  private @Nullable INDArray output;
  private @Nullable Object attached;

  private Trace(Demand demand, Kernels kernels, @Nullable SplittableRandom dropout) {
    this.demand = demand;
    this.kernels = kernels;
    this.dropout = dropout;
  }

  /**
   * A pass in evaluation mode: batch norms use their running statistics, dropout is the identity.
   */
  public static Trace evaluating(Demand demand, Kernels kernels) {
    return new Trace(demand, kernels, null);
  }

  /** A pass in training mode; dropout draws from {@code random}. */
  public static Trace training(Demand demand, Kernels kernels, SplittableRandom random) {
    return new Trace(demand, kernels, random);
  }

  /** What is asked of this pass. */
  public Demand demand() {
    return demand;
  }

  /** The arithmetic this pass runs on. */
  public Kernels kernels() {
    return kernels;
  }

  /** Whether layers run as in training. */
  public boolean isTraining() {
    return dropout != null;
  }

  /** The source of dropout's choices; training only. */
  public SplittableRandom random() {
    if (dropout == null) {
      throw new IllegalStateException("a trace in evaluation mode draws no random numbers");
    }
    return dropout;
  }

  /**
   * Lets the pass go on from this array instead of what the layer of this path computes; the array
   * is borrowed.
   */
  public void replace(String path, INDArray activation) {
    borrow(activation);
    replacements.put(path, activation);
  }

  /**
   * Keeps a layer's output if it was asked for; called by every layer.
   *
   * @return what the pass goes on from: the output, or what replaces it
   */
  public INDArray record(String path, INDArray computed) {
    INDArray activation = replacements.getOrDefault(path, computed);
    if (activation != computed) {
      if (!Arrays.equals(activation.shape(), computed.shape())) {
        throw new CamjarException(
            "the output of %s is to be replaced by an array of shape %s, expected %s"
                .formatted(
                    path, Arrays.toString(activation.shape()), Arrays.toString(computed.shape())));
      }
      release(computed);
    }
    if (demand.wants(path)) {
      keep(activation);
      activations.put(path, activation);
    }
    return activation;
  }

  /** Keeps an activation that was asked for elsewhere, to be made an array when it is looked at. */
  public void offer(String path, Supplier<INDArray> activation) {
    offered.put(path, activation);
  }

  /** Keeps the feature maps of a point where they are. */
  public void offer(String path, FeatureMaps featureMaps) {
    maps.put(path, featureMaps);
  }

  /** Leaves something for the backward of the whole pass. */
  public void attach(Object way) {
    attached = way;
  }

  /** What was attached, or null. */
  public @Nullable Object attached() {
    return attached;
  }

  /** Stores what the layer at this path needs for its backward. */
  public void save(String path, Object value) {
    saved.put(path, value);
  }

  /** What the layer at this path stored. */
  public <T> T saved(String path, Class<T> type) {
    requireOpen("what " + path + " saved");
    Object value = saved.get(path);
    if (value == null) {
      throw new IllegalStateException("the forward of " + path + " saved nothing for its backward");
    }
    return type.cast(value);
  }

  /** Sets the result of the pass, once, by the network that ran it. */
  public void finish(INDArray logits) {
    keep(logits);
    output = logits;
  }

  /** Scores before softmax, {@code [N, classes]}; freed with the trace. */
  public INDArray logits() {
    requireOpen("the logits");
    if (output == null) {
      throw new IllegalStateException("the pass has not finished");
    }
    return output;
  }

  /**
   * The output of a point that was asked for, {@code [N, C, H, W]} or {@code [N, F]}; freed with
   * the trace.
   *
   * @throws CamjarException if the point was not asked for
   */
  public INDArray activation(String path) {
    requireOpen("the activation of " + path);
    Supplier<INDArray> offer = offered.remove(path);
    if (offer != null) {
      INDArray made = offer.get();
      keep(made);
      activations.put(path, made);
    }
    INDArray activation = activations.get(path);
    if (activation == null) {
      throw new CamjarException(
          "the activation of %s was not traced, traced were %s".formatted(path, demand.points()));
    }
    return activation;
  }

  /**
   * The output of a point that was asked for as feature maps, without making an array of it.
   *
   * @throws CamjarException if the point was not asked for
   */
  public FeatureMaps featureMaps(String path) {
    requireOpen("the activation of " + path);
    return maps.computeIfAbsent(path, p -> ArrayFeatureMaps.of(activation(p)));
  }
}
