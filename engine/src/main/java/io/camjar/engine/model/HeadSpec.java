package io.camjar.engine.model;

/** What follows the convolutional body. */
public sealed interface HeadSpec permits LinearHead, SequentialHead {

  /** How many classes it scores. */
  int classes();

  /** The name users see: {@code torchvision}, {@code fastai1}, {@code fastai2}. */
  String label();
}
