package boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

/** The service on a free port, with the network that the property {@code weights} names. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ExplainControllerTests {
  @Value("${local.server.port}")
  private int port;

  /** A file of an image that the network takes. */
  @Value("${image}")
  private Path image;

  private HttpResponse<byte[]> post(byte[] body, String query, String accept)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/explain" + query))
            .header("Content-Type", "application/octet-stream")
            .header("Accept", accept)
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
  }

  @Test
  void anImageIsAnsweredWithItsOverlay() throws Exception {
    HttpResponse<byte[]> answer = post(Files.readAllBytes(image), "", "image/png");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(ImageIO.read(new ByteArrayInputStream(answer.body())).getWidth())
        .isEqualTo(ImageIO.read(image.toFile()).getWidth());
  }

  @Test
  void orWithItsRecordOnTheFastKernels() throws Exception {
    HttpResponse<byte[]> answer =
        post(Files.readAllBytes(image), "?of=malignant", "application/json");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(new String(answer.body()))
        .contains("\"label\" : \"malignant\"")
        .contains("\"kernels\" : \"simd\"");
  }

  @Test
  void whatIsNoImageAndWhatIsNoClassAre400() throws Exception {
    HttpResponse<byte[]> noImage = post("hello".getBytes(), "", "image/png");
    assertThat(noImage.statusCode()).isEqualTo(400);
    assertThat(new String(noImage.body())).contains("image");

    HttpResponse<byte[]> noClass =
        post(Files.readAllBytes(image), "?of=malign", "application/json");
    assertThat(noClass.statusCode()).isEqualTo(400);
    assertThat(new String(noClass.body())).contains("malignant");
  }
}
