package io.camjar.weights.torch.script;

/** Code that is not understood: names what it is. */
final class ScriptProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ScriptProblem(String what) {
    super(what, null, false, false);
  }
}
