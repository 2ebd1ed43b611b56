package io.camjar.engine.model.resnet;

/** What follows the convolutional body. */
public sealed interface HeadSpec permits LinearHead, LayeredHead, SequentialHead, NoHead {

  /** How many classes it scores; 0 if there is no classifier. */
  int classes();

  /** The name users see: {@code torchvision}, {@code fastai1}, {@code fastai2}, {@code none}. */
  String label();
}
