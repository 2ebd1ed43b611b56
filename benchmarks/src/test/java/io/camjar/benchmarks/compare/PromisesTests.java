package io.camjar.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.camjar.benchmarks.protocol.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromisesTests {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void aRatioAboveItsBoundIsBroken() throws IOException {
    List<Map<String, Object>> rows = Promises.check(results(0.95), "avx512-full");

    assertThat(rows)
        .filteredOn(row -> row.get("kept") != null)
        .singleElement()
        .satisfies(
            row -> assertThat(row).containsEntry("measured", 0.95).containsEntry("kept", false));
    assertThat(Promises.status(rows)).isEqualTo(1);
  }

  @Test
  void theSameRatioMayBeKeptOnAnotherProcessor() throws IOException {
    assertThat(Promises.status(Promises.check(results(0.68), "avx2"))).isZero();
    assertThat(Promises.status(Promises.check(results(0.68), "avx512-half"))).isEqualTo(1);
  }

  @Test
  void whatWasNotMeasuredIsNeitherKeptNorBroken() throws IOException {
    List<Map<String, Object>> rows = Promises.check(JSON.readTree("[]"), "avx2");

    assertThat(rows).isNotEmpty().allSatisfy(row -> assertThat(row.get("kept")).isNull());
    assertThat(Promises.status(rows)).isEqualTo(3);
  }

  @Test
  void peersAreFoundWhateverTheirVersion() throws IOException {
    Promise hooks = Promise.parse("avx2,gradcam-all/resnet34,352,1,time,pytorch-hooks-frozen,0.5");
    JsonNode rows =
        JSON.readTree(
            """
            [{"workload": "gradcam-all/resnet34", "size": 352, "batch": 1,
              "ratios": {"pytorch-2.10.0-autograd": 0.2, "pytorch-2.10.0-hooks-frozen": 0.4}}]
            """);

    assertThat(hooks.measured(rows)).hasValue(0.4);
  }

  @Test
  void wrongArgumentsAreSaidInASentence(@TempDir Path folder) throws IOException {
    Path text = Files.writeString(folder.resolve("notes.txt"), "no results");
    Path object = Files.writeString(folder.resolve("other.json"), "{}");

    assertThatThrownBy(() -> Promises.results(JSON, text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("notes.txt cannot be read as results");
    assertThatThrownBy(() -> Promises.results(JSON, object))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("other.json holds no list of results");
    assertThatThrownBy(() -> Promises.known("zen5"))
        .hasMessage(
            "'zen5' is no kind of processor; these are: avx2, avx512-half, avx512-full, other");
  }

  @Test
  void memoryIsARatioOfPeaks() throws IOException {
    Promise memory = Promise.parse("avx2,forward/resnet34,224,1,memory,onnxruntime,1.2");
    assertThat(memory.measured(results(0.7))).hasValue(1.5);
  }

  @Test
  void everyPromiseIsOfATaskThatIsMeasured() throws IOException {
    List<String> titles = Arrays.stream(Workload.values()).map(Workload::title).toList();
    assertThat(Promises.all())
        .isNotEmpty()
        .allSatisfy(
            promise -> {
              assertThat(titles).contains(promise.workload());
              assertThat(Cells.promises(2))
                  .anyMatch(
                      task ->
                          task.workload().title().equals(promise.workload())
                              && task.size() == promise.side()
                              && task.batch() == promise.batch());
              assertThat(promise.quantity()).isIn("time", "memory");
            });
  }

  @Test
  void processorsAreToldApart() {
    assertThat(
            Vectors.of(
                List.of("vendor_id : AuthenticAMD", "cpu family : 26", "flags : avx2 avx512f")))
        .isEqualTo(Vectors.AVX512_FULL);
    assertThat(
            Vectors.of(
                List.of("vendor_id : AuthenticAMD", "cpu family : 25", "flags : avx2 avx512f")))
        .isEqualTo(Vectors.AVX512_HALF);
    assertThat(Vectors.of(List.of("vendor_id : GenuineIntel", "flags : avx2 avx512f")))
        .isEqualTo(Vectors.AVX512_FULL);
    assertThat(Vectors.of(List.of("flags : sse2 avx2"))).isEqualTo(Vectors.AVX2);
    assertThat(Vectors.of(List.of())).isEqualTo(Vectors.OTHER);
  }

  private static JsonNode results(double ratio) throws IOException {
    return JSON.readTree(
        """
        [{"workload": "forward/resnet34", "size": 224, "batch": 1,
          "ratios": {"onnxruntime-1.29.0": %s},
          "peak_mib": {"camjar": 480, "onnxruntime-1.29.0": 320}}]
        """
            .formatted(ratio));
  }
}
