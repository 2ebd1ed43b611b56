package io.camjar.gradcam.serve;

import static io.camjar.gradcam.serve.Running.error;
import static io.camjar.gradcam.serve.Running.instances;
import static io.camjar.gradcam.serve.Running.json;
import static io.camjar.gradcam.serve.Running.statusLine;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camjar.gradcam.serve.limits.BodyReader;
import io.camjar.gradcam.serve.limits.ByteBudget;
import io.camjar.gradcam.serve.limits.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that lie, dawdle, or send what is not to be survived: answered, and outlived. */
class HostileClientTests {
  private static final byte[] IMAGE = Running.png(2);
  private static final String PREDICT = "/v1/models/tiny:predict";
  private static final long GIGABYTE = 1L << 30;

  @TempDir static Path folder;
  private static Running service;

  @BeforeAll
  static void start() throws IOException {
    service =
        Running.start(
            Running.OPTIONS.withMaxBody(1 << 20), Running.source("tiny", Running.weights(folder)));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @AfterEach
  void theServiceLives() {
    assertThat(service.post(PREDICT, instances(IMAGE, "")).statusCode()).isEqualTo(200);
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedByItsHeader() {
    HttpResponse<byte[]> answer = service.post(PREDICT, "x".repeat((1 << 20) + 1));
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(error(answer)).contains("1 MB");
  }

  @Test
  void aGigabyteWithoutALengthIsAnsweredAndNotKept() throws IOException {
    try (Socket socket = service.socket()) {
      OutputStream out = socket.getOutputStream();
      out.write(head("Transfer-Encoding: chunked"));
      byte[] chunk = ("10000\r\n" + "x".repeat(1 << 16) + "\r\n").getBytes(US_ASCII);
      long sent = 0;
      try {
        while (sent < GIGABYTE) {
          out.write(chunk);
          sent += 1 << 16;
        }
        out.write("0\r\n\r\n".getBytes(US_ASCII));
      } catch (IOException e) {
        // The service has stopped listening to it, after its answer.
        assertThat(sent).isGreaterThan(1 << 20);
      }
      assertThat(statusLine(socket.getInputStream())).contains(" 413 ");
    }
  }

  @Test
  void aGigabyteThatIsAnnouncedIsAnsweredBeforeItComes() throws IOException {
    try (Socket socket = service.socket()) {
      socket.getOutputStream().write(head("Content-Length: " + GIGABYTE));
      assertThat(statusLine(socket.getInputStream())).contains(" 413 ");
    }
  }

  /** Asked to go on and cut off then, it would fail while it sends and never see its answer. */
  @ParameterizedTest
  @CsvSource({
    "/v1/models/tiny:predict,413",
    "/v1/models/nobody:predict,404",
    "/v2/models/tiny/infer,413",
    "/healthz,405",
    "/nowhere,404"
  })
  void whoAsksBeforeItSendsIsNotToldToSendWhatIsRefused(String path, int status)
      throws IOException {
    try (Socket socket = service.socket()) {
      String head =
          "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 34000000\r\nExpect: 100-continue\r\n\r\n"
              .formatted(path);
      socket.getOutputStream().write(head.getBytes(US_ASCII));
      InputStream in = socket.getInputStream();
      assertThat(statusLine(in)).contains(" " + status + " ");
      assertThat(new String(in.readAllBytes(), US_ASCII)).containsIgnoringCase("connection: close");
    }
  }

  @Test
  void whoWasToldToSendMaySendAllBeforeItListens() throws IOException {
    try (Socket socket = service.socket()) {
      OutputStream out = socket.getOutputStream();
      out.write(head("Transfer-Encoding: chunked\r\nExpect: 100-continue"));
      InputStream in = socket.getInputStream();
      assertThat(statusLine(in)).contains(" 100 ");
      byte[] chunk = ("10000\r\n" + "x".repeat(1 << 16) + "\r\n").getBytes(US_ASCII);
      for (int i = 0; i < 600; i++) {
        out.write(chunk);
      }
      out.write("0\r\n\r\n".getBytes(US_ASCII));
      assertThat(new String(in.readAllBytes(), US_ASCII)).contains("HTTP/1.1 413 ", "1 MB");
    }
  }

  @Test
  void aBodyShorterThanItsLengthIs400() throws IOException {
    try (Socket socket = service.socket()) {
      socket.getOutputStream().write(head("Content-Length: 1000"));
      socket.getOutputStream().write("{\"instances\":".getBytes(US_ASCII));
      socket.shutdownOutput();
      assertThat(statusLine(socket.getInputStream())).contains(" 400 ");
    }
  }

  @Test
  void whatFollowsABodyIsNoPartOfIt() throws IOException {
    String body = instances(IMAGE, "");
    try (Socket socket = service.socket()) {
      socket.getOutputStream().write(head("Content-Length: " + body.length()));
      socket.getOutputStream().write((body + "and more\r\n\r\n").getBytes(US_ASCII));
      InputStream in = socket.getInputStream();
      assertThat(statusLine(in)).contains(" 200 ");
      String rest = new String(in.readAllBytes(), US_ASCII);
      assertThat(rest).containsPattern("HTTP/1.1 [45]\\d\\d ").contains("{\"error\"");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/openapi.json,200",
    "GET,/healthz,200",
    "GET,/v1/models/tiny,200",
    "POST,/healthz,405"
  })
  void aConnectionWhoseBodyNobodyReadsIsSaidToEnd(String method, String path, int status)
      throws IOException {
    try (Socket socket = service.socket()) {
      String head =
          "%s %s HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n".formatted(method, path);
      socket.getOutputStream().write(head.getBytes(US_ASCII));
      InputStream in = socket.getInputStream();
      assertThat(statusLine(in)).contains(" " + status + " ");
      // Sent after the first line of the answer: the service has not waited for it.
      socket.getOutputStream().write("{}".getBytes(US_ASCII));
      assertThat(new String(in.readAllBytes(), US_ASCII)).containsIgnoringCase("connection: close");
    }
  }

  @Test
  void halfRequestsAndSlowOnesHinderNobody() throws IOException {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        Socket socket = service.socket();
        slow.add(socket);
        byte[] head = head("Content-Length: 100000");
        socket.getOutputStream().write(head, 0, i % 2 == 0 ? head.length : head.length / 2);
        socket.getOutputStream().write(i % 2 == 0 ? new byte[] {'{'} : new byte[0]);
        socket.getOutputStream().flush();
      }
      assertThat(service.get("/healthz").statusCode()).isEqualTo(200);
      assertThat(service.post(PREDICT, instances(IMAGE, "")).statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void whatIsNoHttpIsAnsweredInJson() throws IOException {
    try (Socket socket = service.socket()) {
      socket.getOutputStream().write("HELLO\r\n\r\n".getBytes(US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
      assertThat(answer).startsWith("HTTP/1.1 400").contains("{\"error\":\"");
    }
    HttpResponse<byte[]> long431 =
        service.send(
            HttpRequest.newBuilder(service.at("/v1/models")).header("X", "y".repeat(20_000)));
    assertThat(long431.statusCode()).isEqualTo(431);
    assertThat(error(long431)).isNotBlank();
  }

  @Test
  void aBombIsAnErrorInItsPlace() throws IOException {
    for (int side : new int[] {12_000, 60_000, 2_000_000_000}) {
      byte[] bomb = blackPng(side, Math.min(side, 12_000));
      HttpResponse<byte[]> answer = service.post(PREDICT, instances(bomb, ""));
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(json(answer).at("/predictions/0/error").asText()).contains("pixels");
    }
  }

  /** Headers alone, which say that there are more pixels than anybody has memory for. */
  @ParameterizedTest
  @CsvSource({
    "gif, 474946383961 FFFF FFFF 00 00 00 2C 0000 0000 FFFF FFFF 00 02 00 3B",
    "bmp, 424D 36000000 00000000 36000000 28000000 FFFF0000 FFFF0000 0100 1800 00000000 00000000"
        + " 00000000 00000000 00000000 00000000",
    "jpg, FFD8 FFC0 0011 08 FFFF FFFF 03 01 11 00 02 11 00 03 11 00 FFD9",
    "webp, 52494646 1A000000 57454250 5650384C 0D000000 2F FFFFFF0F 00 00000000 00000000",
    "tif, 49492A00 08000000 0500 0001 0400 01000000 FFFF0000 0101 0400 01000000 FFFF0000"
        + " 0601 0300 01000000 01000000 1101 0400 01000000 08000000 1701 0400 01000000 FFFFFF7F"
        + " 00000000"
  })
  void soIsOneOfAnyOtherFormat(String ending, String hex) {
    byte[] bomb = HexFormat.of().parseHex(hex.replace(" ", ""));
    HttpResponse<byte[]> answer = service.post(PREDICT, instances(bomb, ""));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json(answer).at("/predictions/0/error").asText()).as(ending).contains("pixels");
  }

  /** Who never reads keeps a connection, and neither a worker nor the others' answers. */
  @Test
  void clientsThatNeverReadTheirAnswersHinderNobody() throws IOException {
    String body = instances(IMAGE, "\"layer\":\"all\",\"format\":[\"html\",\"npy\"]");
    String request =
        "POST /v1/models/tiny:explain HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    List<Socket> deaf = new ArrayList<>();
    try {
      for (int i = 0; i < 6; i++) {
        Socket socket = service.socket();
        deaf.add(socket);
        socket.getOutputStream().write(request.getBytes(US_ASCII));
        socket.getOutputStream().flush();
      }
      assertThat(service.get("/healthz").statusCode()).isEqualTo(200);
      assertThat(service.post(PREDICT, instances(IMAGE, "")).statusCode()).isIn(200, 429);
    } finally {
      for (Socket socket : deaf) {
        socket.close();
      }
    }
  }

  @Test
  void aBodyThatTricklesIsEndedWith408() {
    InputStream trickle =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] to, int from, int length) {
            to[from] = 'x';
            try {
              Thread.sleep(5);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return 1;
          }
        };
    BodyReader reader = new BodyReader(1 << 20, Duration.ofMillis(100));
    ByteBudget budget = new ByteBudget(1 << 24);
    assertThatThrownBy(() -> reader.read(() -> trickle, -1, budget.share()))
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.status()).isEqualTo(408));
  }

  @Test
  void fewBytesThatWouldBeManyObjectsAre400() {
    String nested = "[".repeat(1000) + "]".repeat(1000);
    assertThat(service.post(PREDICT, "{\"instances\":" + nested + "}").statusCode()).isEqualTo(400);
    String many = "[" + "[],".repeat(300_000) + "[]]";
    HttpResponse<byte[]> answer = service.post(PREDICT, "{\"instances\":" + many + "}");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(error(answer)).contains("values");
  }

  @Test
  void anEncodedOrEmptyBodyIs400() {
    HttpResponse<byte[]> encoded =
        service.send(
            HttpRequest.newBuilder(service.at(PREDICT))
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofString("x")));
    assertThat(encoded.statusCode()).isEqualTo(400);
    assertThat(service.post(PREDICT, "").statusCode()).isEqualTo(400);
  }

  private static byte[] head(String more) {
    return ("POST "
            + PREDICT
            + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + more
            + "\r\n\r\n")
        .getBytes(US_ASCII);
  }

  /** A PNG of one colour, which is small in bytes. */
  private static byte[] blackPng(int side, int rows) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflated = new DeflaterOutputStream(packed)) {
      byte[] row = new byte[1 + Math.min(side, 12_000) / 8];
      for (int i = 0; i < rows; i++) {
        deflated.write(row);
      }
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    ByteBuffer header = ByteBuffer.allocate(13).putInt(side).putInt(side);
    header.put((byte) 1);
    chunk(png, "IHDR", header.array());
    chunk(png, "IDAT", packed.toByteArray());
    chunk(png, "IEND", new byte[0]);
    return png.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream png, String type, byte[] data)
      throws IOException {
    png.write(ByteBuffer.allocate(4).putInt(data.length).array());
    byte[] name = type.getBytes(US_ASCII);
    png.write(name);
    png.write(data);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    png.write(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }
}
