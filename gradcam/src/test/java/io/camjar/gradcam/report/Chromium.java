package io.camjar.gradcam.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A headless Chromium with one page, driven over its DevTools protocol; needs nothing but it. */
public final class Chromium implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SECONDS = 60;

  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger lastId = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private String session = "";
  private CompletableFuture<Void> loaded = new CompletableFuture<>();

  private Chromium(Process process, String address) {
    this.process = process;
    this.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(address), new Listener())
            .join();
  }

  /** Where the browser is installed, if it is. */
  public static Optional<Path> find() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(
            folder ->
                Stream.of("chromium", "chromium-browser", "google-chrome")
                    .map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Starts the browser with its profile in {@code folder}. */
  public static Chromium start(Path binary, Path folder) throws IOException {
    ProcessBuilder command =
        new ProcessBuilder(
            binary.toString(),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--hide-scrollbars",
            "--remote-debugging-port=0",
            "--user-data-dir=" + folder,
            "about:blank");
    // Its sockets too, so that nothing is left behind.
    command.environment().put("TMPDIR", Files.createDirectories(folder).toString());
    Process process = command.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    BufferedReader errors = process.errorReader(StandardCharsets.UTF_8);
    String marker = "DevTools listening on ";
    for (String line = errors.readLine(); line != null; line = errors.readLine()) {
      if (line.startsWith(marker)) {
        drain(errors);
        Chromium browser = new Chromium(process, line.substring(marker.length()));
        browser.attach();
        return browser;
      }
    }
    process.destroyForcibly();
    throw new IOException(binary + " ended before it listened");
  }

  /** A full pipe would stop the browser. */
  private static void drain(BufferedReader errors) {
    Thread reader = new Thread(() -> errors.lines().forEach(line -> {}), "chromium-stderr");
    reader.setDaemon(true);
    reader.start();
  }

  private void attach() {
    ObjectNode blank = JSON.createObjectNode().put("url", "about:blank");
    String target = send("Target.createTarget", blank).get("targetId").asText();
    ObjectNode attach = JSON.createObjectNode().put("targetId", target).put("flatten", true);
    session = send("Target.attachToTarget", attach).get("sessionId").asText();
    for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
      send(domain + ".enable", JSON.createObjectNode());
    }
  }

  /** Opens a page in a window of the given size. */
  public void open(URI page, int width, int height, boolean mobile, String scheme) {
    ObjectNode screen = JSON.createObjectNode();
    screen.put("width", width).put("height", height);
    screen.put("deviceScaleFactor", mobile ? 2 : 1).put("mobile", mobile);
    send("Emulation.setDeviceMetricsOverride", screen);
    send("Emulation.setTouchEmulationEnabled", JSON.createObjectNode().put("enabled", mobile));
    ObjectNode media = JSON.createObjectNode().put("media", "");
    media.putArray("features").addObject().put("name", "prefers-color-scheme").put("value", scheme);
    send("Emulation.setEmulatedMedia", media);
    requests.clear();
    complaints.clear();
    evaluate("window.leaving = true");
    loaded = new CompletableFuture<>();
    send("Page.navigate", JSON.createObjectNode().put("url", page.toString()));
    await(loaded);
    // The event may be that of the page before, late.
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!evaluate("!window.leaving && document.readyState === 'complete'").asBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(page + " does not load");
      }
    }
    // A report starts when its image is decoded, which may be after the page has loaded.
    evaluate(
        "document.getElementById('picture')?.decode().catch(() => {})"
            + ".then(() => new Promise(resolve => setTimeout(resolve)))");
  }

  /** The value of a JavaScript expression, promises awaited. */
  public JsonNode evaluate(String expression) {
    ObjectNode call = JSON.createObjectNode().put("expression", expression);
    call.put("awaitPromise", true).put("returnByValue", true);
    JsonNode answer = send("Runtime.evaluate", call);
    if (answer.has("exceptionDetails")) {
      throw new IllegalStateException(answer.get("exceptionDetails").toString());
    }
    return answer.get("result").path("value");
  }

  /** Moves the mouse to a place in the window. */
  void pointAt(double x, double y) {
    ObjectNode event = JSON.createObjectNode().put("type", "mouseMoved").put("x", x).put("y", y);
    send("Input.dispatchMouseEvent", event);
  }

  /** Taps a place in the window with a finger. */
  void tapAt(double x, double y) {
    ObjectNode touch = JSON.createObjectNode().put("type", "touchStart");
    touch.putArray("touchPoints").addObject().put("x", x).put("y", y);
    send("Input.dispatchTouchEvent", touch);
    ObjectNode lift = JSON.createObjectNode().put("type", "touchEnd");
    lift.putArray("touchPoints");
    send("Input.dispatchTouchEvent", lift);
  }

  /** Presses and releases a key by its name in the DOM. */
  public void press(String key) {
    ObjectNode event = JSON.createObjectNode().put("key", key);
    send("Input.dispatchKeyEvent", event.deepCopy().put("type", "rawKeyDown"));
    send("Input.dispatchKeyEvent", event.put("type", "keyUp"));
  }

  /** A PNG of the whole page. */
  public byte[] screenshot() {
    ObjectNode call = JSON.createObjectNode().put("captureBeyondViewport", true);
    return Base64.getDecoder().decode(send("Page.captureScreenshot", call).get("data").asText());
  }

  /** The page as it would be printed, a PDF. */
  byte[] print() {
    ObjectNode call = JSON.createObjectNode().put("preferCSSPageSize", true);
    return Base64.getDecoder().decode(send("Page.printToPDF", call).get("data").asText());
  }

  /** The page on paper of another size in inches. */
  byte[] print(double width, double height) {
    ObjectNode call = JSON.createObjectNode().put("paperWidth", width).put("paperHeight", height);
    return Base64.getDecoder().decode(send("Page.printToPDF", call).get("data").asText());
  }

  /** What the page is printed on: the body's background under the printer's style. */
  String printedBackground() {
    send("Emulation.setEmulatedMedia", JSON.createObjectNode().put("media", "print"));
    String color = evaluate("getComputedStyle(document.body).backgroundColor").asText();
    send("Emulation.setEmulatedMedia", JSON.createObjectNode().put("media", ""));
    return color;
  }

  /** Addresses asked for since the page was opened, those inside the page left out. */
  public List<String> requests() {
    return requests.stream().filter(address -> !address.startsWith("data:")).toList();
  }

  /** Errors and warnings of the console, and exceptions nobody caught, since it was opened. */
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  private JsonNode send(String method, ObjectNode parameters) {
    int id = lastId.incrementAndGet();
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", parameters);
    if (!session.isEmpty()) {
      message.put("sessionId", session);
    }
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    socket.sendText(message.toString(), true).join();
    JsonNode reply = await(answer);
    if (reply.has("error")) {
      throw new IllegalStateException(method + ": " + reply.get("error"));
    }
    return reply.path("result");
  }

  private static <T> T await(CompletableFuture<T> future) {
    return future.orTimeout(SECONDS, TimeUnit.SECONDS).join();
  }

  private void receive(JsonNode message) {
    if (message.has("id")) {
      answers.remove(message.get("id").asInt()).complete(message);
      return;
    }
    JsonNode details = message.path("params");
    switch (message.path("method").asText()) {
      case "Page.loadEventFired" -> loaded.complete(null);
      case "Network.requestWillBeSent" -> requests.add(details.at("/request/url").asText());
      case "Runtime.exceptionThrown" -> complaints.add(details.get("exceptionDetails").toString());
      case "Log.entryAdded" -> complaints.add(details.at("/entry/text").asText());
      case "Runtime.consoleAPICalled" -> complaints.add(details.get("args").toString());
      default -> {
        // Other events tell nothing that a test asks.
      }
    }
  }

  @Override
  public void close() {
    // Its helpers too, which write to the profile for a while after the browser has ended.
    List<ProcessHandle> helpers = process.descendants().toList();
    process.destroy();
    end(process.toHandle());
    helpers.forEach(Chromium::end);
  }

  /** Waits for the end of a process, and brings it about if it does not come. */
  private static void end(ProcessHandle process) {
    try {
      process.onExit().get(SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      process.destroyForcibly();
      process.onExit().join();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Puts messages together that arrive in parts. */
  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        String message = text.toString();
        text.setLength(0);
        try {
          receive(JSON.readTree(message));
        } catch (IOException e) {
          complaints.add("not JSON: " + message);
        }
      }
      webSocket.request(1);
      return CompletableFuture.completedFuture(null);
    }
  }
}
