package io.camjar.engine.model.resnet;

import io.camjar.engine.op.Linear;
import io.camjar.engine.op.Op;
import java.util.List;

/** What follows the convolutional body. */
public sealed interface HeadSpec permits LinearHead, LayeredHead, SequentialHead, NoHead {

  /** How many classes it scores; 0 if there is no classifier. */
  int classes();

  /** The name users see: {@code torchvision}, {@code fastai1}, {@code fastai2}, {@code none}. */
  String label();

  /** How many classes the last linear layer scores; 0 if there is none. */
  static int classes(List<Op> layers) {
    int classes = 0;
    for (Op layer : layers) {
      if (layer instanceof Linear linear) {
        classes = linear.out();
      }
    }
    return classes;
  }
}
