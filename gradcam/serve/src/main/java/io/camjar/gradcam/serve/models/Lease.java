package io.camjar.gradcam.serve.models;

/** A model that stays loaded until this is closed, whatever becomes of its file meanwhile. */
public final class Lease implements AutoCloseable {
  private final String name;
  private final Loaded loaded;

  Lease(String name, Loaded loaded) {
    this.name = name;
    this.loaded = loaded;
  }

  /** What the model is called. */
  public String name() {
    return name;
  }

  /** The model, as it was when it was leased. */
  public ServedModel model() {
    return loaded.model();
  }

  @Override
  public void close() {
    loaded.release();
  }
}
