package io.camjar.benchmarks.peers;

import io.camjar.benchmarks.protocol.Engine;
import io.camjar.benchmarks.protocol.EngineServer;
import io.camjar.benchmarks.protocol.Prepared;
import io.camjar.benchmarks.protocol.Task;
import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * PyTorch's CPU library: TorchScript optimised for inference, or its operators with autograd.
 *
 * <p>Every task is prepared in the contiguous and in the channels-last memory format, and the
 * faster of the two is timed.
 */
final class PyTorchEngine implements Engine {
  private final Path models;
  private final Mode mode;

  /** What a user can set. */
  private enum Mode {
    /** A frozen TorchScript module. */
    INFERENCE(""),
    /**
     * Operators with autograd, all {@code requires_grad} of parameters off, the graph cut before
     * the first map.
     */
    FROZEN("-autograd-frozen"),
    /** The same, but the gradient goes back to the image, as it must where hooks want it. */
    HOOKED("-hooks-frozen"),
    /** Operators with autograd, parameters as they are loaded. */
    TRAINABLE("-autograd");

    private final String suffix;

    Mode(String suffix) {
      this.suffix = suffix;
    }
  }

  private PyTorchEngine(Path models, Mode mode) {
    this.models = models;
    this.mode = mode;
  }

  /** Serves on the standard streams; the arguments are the folder of the models and the mode. */
  public static void main(String[] args) throws IOException {
    Mode mode =
        switch (args[1]) {
          case "inference" -> Mode.INFERENCE;
          case "frozen" -> Mode.FROZEN;
          case "hooked" -> Mode.HOOKED;
          case "trainable" -> Mode.TRAINABLE;
          default -> throw new IllegalArgumentException("unknown mode " + args[1]);
        };
    EngineServer.serve(new PyTorchEngine(Path.of(args[0]), mode));
  }

  @Override
  public String name() {
    // The preset's version is PyTorch's, a dash and JavaCPP's.
    String preset = torch.class.getPackage().getImplementationVersion();
    return "pytorch-" + preset.split("-")[0] + mode.suffix;
  }

  @Override
  public Prepared prepare(Task task) throws IOException {
    torch.set_num_threads(task.threads());
    FloatPointer pixels = new FloatPointer(InputImages.read(models, task));
    Tensor pictures = torch.from_blob(pixels, InputImages.shape(task));
    String file = models.resolve(task.workload().network() + ".pt").toString();
    return MemoryFormats.faster(
        format -> {
          Tensor input = pictures.contiguous(format);
          return switch (task.workload().kind()) {
            case FORWARD -> new TorchScriptRun(file, input);
            case GRADCAM_LAST -> maps(network(file, format), input, 16);
            case GRADCAM_ALL -> maps(network(file, format), input, 0);
            case TRAIN_STEP -> new TorchTrainingRun(network(file, format), input);
            case SCORECAM_LAST -> throw new IllegalArgumentException("has no Score-CAM of its own");
            case COLD_START -> throw new IllegalArgumentException("a cold start has no engine");
          };
        });
  }

  private TorchMapsRun maps(TorchResNet network, Tensor input, int first) {
    return new TorchMapsRun(network, input, first, mode == Mode.HOOKED);
  }

  private TorchResNet network(String file, torch.MemoryFormat format) {
    return TorchResNet.load(file, format, mode == Mode.TRAINABLE);
  }
}
