/**
 * The code of TorchScript archives, evaluated symbolically: not to compute with it, but to know
 * whether it computes what the tensors' names and shapes say.
 */
@org.jspecify.annotations.NullMarked
package io.camjar.weights.torch.script;
