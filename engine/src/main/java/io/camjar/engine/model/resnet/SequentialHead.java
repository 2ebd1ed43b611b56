package io.camjar.engine.model.resnet;

import io.camjar.engine.CamjarException;
import io.camjar.engine.op.AdaptiveConcatPool2d;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Dropout;
import io.camjar.engine.op.Flatten;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.Op;
import io.camjar.engine.op.ReLU;
import java.util.List;

/**
 * A head that is a list of layers, as {@code create_head} of fastai builds it.
 *
 * <p>Layer {@code N} is addressed as {@code head.N}, which is {@code 1.N} in a fastai file.
 *
 * @param label the name users see, {@code fastai1} or {@code fastai2}
 * @param layers in order; the last {@link Linear} decides the class count
 */
public record SequentialHead(String label, List<Op> layers) implements HeadSpec {

  /**
   * A head.
   *
   * @throws CamjarException if none of the layers is linear
   */
  public SequentialHead {
    layers = List.copyOf(layers);
    if (layers.stream().noneMatch(Linear.class::isInstance)) {
      throw new CamjarException("a " + label + " head needs a linear layer, found none");
    }
  }

  /**
   * The default head of fastai v1: {@code AdaptiveConcatPool2d, Flatten, BN, Dropout(0.25), Linear,
   * ReLU, BN, Dropout(0.5), Linear}, biases on.
   *
   * @param features channels of the body's last block
   */
  public static SequentialHead fastai1(int features, int classes) {
    return standard("fastai1", features, classes, true);
  }

  /** The default head of fastai v2: as v1 but without biases. */
  public static SequentialHead fastai2(int features, int classes) {
    return standard("fastai2", features, classes, false);
  }

  private static SequentialHead standard(String label, int features, int classes, boolean bias) {
    return new SequentialHead(
        label,
        List.of(
            new AdaptiveConcatPool2d(),
            new Flatten(),
            BatchNorm.of1d(2 * features),
            new Dropout(0.25),
            new Linear(2 * features, 512, bias),
            new ReLU(),
            BatchNorm.of1d(512),
            new Dropout(0.5),
            new Linear(512, classes, bias)));
  }

  @Override
  public int classes() {
    return HeadSpec.classes(layers);
  }
}
