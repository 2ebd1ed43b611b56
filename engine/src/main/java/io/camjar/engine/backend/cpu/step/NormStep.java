package io.camjar.engine.backend.cpu.step;

import io.camjar.engine.backend.cpu.memory.Operand;
import io.camjar.engine.kernel.simd.BlockedLoops;
import io.camjar.engine.kernel.simd.BlockedNorms;
import io.camjar.engine.kernel.simd.BlockedTensor;
import io.camjar.engine.kernel.simd.Epilogue;
import io.camjar.engine.op.BatchNorm;
import io.camjar.engine.op.Normalisation;
import io.camjar.engine.run.Backward;
import io.camjar.engine.run.Forward;
import io.camjar.engine.run.Schedule;
import io.camjar.engine.threads.Threads;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A batch norm whose parameters get gradients, with what follows it.
 *
 * @param path its layer
 * @param parameters by relative name
 * @param training whether passes train: mean and variance are then those of the batch where the
 *     request does not ask for the running ones
 * @param residual a value added to the result, or null
 * @param relu whether negative results become 0
 */
public record NormStep(
    BatchNorm op,
    String path,
    Function<String, INDArray> parameters,
    boolean training,
    int x,
    @Nullable Integer residual,
    boolean relu)
    implements Foldable {

  @Override
  public boolean fits(List<Operand> operands) {
    return operands.get(0).hasChannels();
  }

  @Override
  public NormStep withResidual(int value) {
    return new NormStep(op, path, parameters, training, x, value, relu);
  }

  @Override
  public NormStep withRelu() {
    return new NormStep(op, path, parameters, training, x, residual, true);
  }

  @Override
  public @Nullable String learns() {
    return path;
  }

  @Override
  public void forward(Forward<BlockedTensor> pass, int value, BlockedTensor y) {
    BlockedTensor in = pass.value(x);
    double count = CpuLayout.of(pass.schedule()).shape(value).perChannel();
    Normalisation norm =
        ofBatch(pass.schedule())
            ? op.ofBatch(BlockedNorms.moments(in, Threads.shared()), count, parameters)
            : op.running(parameters);
    pass.save(value, norm);
    BlockedNorms.normalise(
        in,
        Epilogue.pad(norm.scale()),
        Epilogue.pad(norm.shift()),
        residual == null ? null : pass.value(residual),
        relu,
        y,
        Threads.shared());
  }

  private boolean ofBatch(Schedule<BlockedTensor> schedule) {
    return training && schedule.request().usesBatch(path);
  }

  @Override
  public List<Integer> backwardReads(int value, boolean parameters) {
    return relu ? List.of(x, value) : List.of(x);
  }

  @Override
  public void backward(Backward<BlockedTensor> pass, int value, BlockedTensor dy) {
    CpuLayout layout = CpuLayout.of(pass.schedule());
    BlockedTensor gradient = relu ? ReluMasking.masked(pass, value, dy) : dy;
    BlockedTensor in = pass.value(x);
    double count = layout.shape(value).perChannel();
    Normalisation.Gradient g =
        pass.saved(value, Normalisation.class)
            .gradient(BlockedNorms.gradientSums(gradient, in, Threads.shared()), count);
    if (pass.schedule().trains(value)) {
      pass.parameter(path + ".weight", g.dWeight());
      pass.parameter(path + ".bias", g.dBias());
    }
    boolean shared = residual != null && pass.wants(residual);
    BlockedTensor own = pass.own(value, gradient);
    if (pass.wants(x)) {
      BlockedTensor dx = shared ? layout.take(value) : own;
      float[] factor = Epilogue.pad(g.dyFactor());
      if (ofBatch(pass.schedule())) {
        BlockedNorms.combine(
            own,
            factor,
            in,
            Epilogue.pad(g.xFactor()),
            Epilogue.pad(g.constant()),
            dx,
            Threads.shared());
      } else {
        BlockedLoops.affine(own, factor, new float[factor.length], dx, Threads.shared());
      }
      pass.add(x, dx);
    } else if (!shared) {
      pass.discard(value, own);
    }
    if (shared) {
      pass.add(residual, own);
    }
  }
}
