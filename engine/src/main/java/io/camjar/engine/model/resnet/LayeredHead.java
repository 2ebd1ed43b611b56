package io.camjar.engine.model.resnet;

import io.camjar.engine.CamjarException;
import io.camjar.engine.op.Linear;
import io.camjar.engine.op.Op;
import java.util.List;

/**
 * Global average pool and a classifier {@code fc} of several layers, as fine-tuning puts it in the
 * place of torchvision's one: {@code fc = Sequential(Linear, ReLU, Dropout, Linear)}.
 *
 * <p>Layer {@code N} is addressed as {@code fc.N}.
 *
 * @param layers what follows the flattened pool, in order: none of them a pool; the last {@link
 *     Linear} decides the class count
 */
public record LayeredHead(List<Op> layers) implements HeadSpec {

  /**
   * A head.
   *
   * @throws CamjarException if none of the layers is linear
   */
  public LayeredHead {
    layers = List.copyOf(layers);
    if (layers.stream().noneMatch(Linear.class::isInstance)) {
      throw new CamjarException("a classifier needs a linear layer, found none");
    }
  }

  @Override
  public int classes() {
    return HeadSpec.classes(layers);
  }

  @Override
  public String label() {
    return "torchvision";
  }
}
