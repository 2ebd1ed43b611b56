package io.camjar.gradcam.serve.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camjar.engine.CamjarException;
import io.camjar.engine.kernel.HostCopy;
import io.camjar.engine.model.Architecture;
import io.camjar.engine.model.Network;
import io.camjar.engine.model.Tensors;
import io.camjar.gradcam.provenance.Program;
import io.camjar.gradcam.serve.limits.Problem;
import io.camjar.gradcam.serve.models.Lease;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Open Inference Protocol V2: metadata, and logits of tensors that are prepared already. */
public final class V2 {
  private static final String INPUT = "input";
  private static final String OUTPUT = "logits";
  private static final String FP32 = "FP32";

  private V2() {}

  /** What the server is. */
  public static ObjectNode server() {
    ObjectNode server = Json.object().put("name", "camjar").put("version", Program.version());
    server.putArray("extensions");
    return server;
  }

  /** What a model takes and gives; -1 stands for any size. */
  public static ObjectNode metadata(Lease lease) {
    Architecture architecture = lease.model().network().architecture();
    ObjectNode model = Json.object().put("name", lease.name());
    model.putArray("versions");
    model.put("platform", "camjar");
    tensor(model.putArray("inputs"), INPUT, -1, architecture.inChannels(), -1, -1);
    tensor(model.putArray("outputs"), OUTPUT, -1, architecture.classes());
    return model;
  }

  private static void tensor(ArrayNode list, String name, int... shape) {
    ArrayNode sizes = list.addObject().put("name", name).put("datatype", FP32).putArray("shape");
    Arrays.stream(shape).forEach(sizes::add);
  }

  /**
   * Logits of a tensor.
   *
   * @throws Problem with status 400 if the body is no such request
   */
  public static byte[] infer(RequestResources job, byte[] body) {
    InferRequest request = InferRequest.parse(body);
    Network network = job.lease().model().network();
    request.check(INPUT, OUTPUT, network.architecture().inChannels());
    job.deadline().check();
    float[] logits;
    long[] shape;
    try (INDArray input = Tensors.of(request.values(), request.shape());
        INDArray output = network.forward(input)) {
      logits = HostCopy.floats(output);
      shape = output.shape();
    } catch (CamjarException e) {
      throw new Problem(400, e.getMessage(), e);
    }
    ObjectNode answer = Json.object().put("model_name", job.lease().name());
    if (request.id() != null) {
      answer.put("id", request.id());
    }
    ObjectNode tensor = answer.putArray("outputs").addObject();
    tensor.put("name", OUTPUT);
    ArrayNode sizes = tensor.putArray("shape");
    Arrays.stream(shape).forEach(sizes::add);
    tensor.put("datatype", FP32);
    ArrayNode data = tensor.putArray("data");
    for (float value : logits) {
      // JSON has no NaN.
      if (Float.isFinite(value)) {
        data.add(value);
      } else {
        data.addNull();
      }
    }
    return Json.bytes(answer);
  }
}
