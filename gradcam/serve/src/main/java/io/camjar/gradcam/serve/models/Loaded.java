package io.camjar.gradcam.serve.models;

/** One state of a model's file; its network is closed when the last user has let it go. */
final class Loaded {
  private final ServedModel model;

  /** The registry is the first user. */
  private int users = 1;

  Loaded(ServedModel model) {
    this.model = model;
  }

  ServedModel model() {
    return model;
  }

  /** Adds a user; false where the last one has gone already. */
  synchronized boolean retain() {
    if (users == 0) {
      return false;
    }
    users++;
    return true;
  }

  synchronized void release() {
    if (--users == 0) {
      model.network().close();
    }
  }
}
