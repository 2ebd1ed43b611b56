package io.camjar.gradcam.serve.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.camjar.gradcam.method.CamMethods;
import io.camjar.gradcam.report.HtmlReport;
import io.camjar.gradcam.serve.models.ModelRepository;
import io.camjar.gradcam.serve.protocol.Json;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** What comes from the jar: the page to drop an image on, and the description of all addresses. */
final class StaticPages {
  /** The page shows reports of its own service, whose scripts are inside them. */
  private static final String POLICY =
      "default-src 'none'; connect-src 'self'; img-src data: blob:; style-src 'unsafe-inline';"
          + " script-src 'unsafe-inline'; frame-src 'self' blob:; base-uri 'none'; form-action"
          + " 'none'; frame-ancestors 'none'";

  private final ModelRepository models;

  StaticPages(ModelRepository models) {
    this.models = models;
  }

  void index(Context ctx) throws IOException {
    ObjectNode data = Json.object();
    models.names().forEach(data.putArray("models")::add);
    CamMethods.names().stream()
        .filter(name -> CamMethods.named(name).onlyLayer() == null)
        .forEach(data.putArray("methods")::add);
    String json = data.toString().replace("<", "\\u003c");
    ctx.header("Content-Security-Policy", POLICY);
    Responses.send(
        ctx,
        200,
        "text/html; charset=utf-8",
        text("page.html")
            .replace("@STYLE@", HtmlReport.style() + "\n" + text("page.css"))
            .replace("@SCRIPT@", text("page.js"))
            .replace("@DATA@", json)
            .getBytes(StandardCharsets.UTF_8));
  }

  void openApi(Context ctx) throws IOException {
    Responses.send(ctx, 200, Responses.JSON, text("openapi.json").getBytes(StandardCharsets.UTF_8));
  }

  private static String text(String name) {
    try (InputStream in =
        StaticPages.class.getResourceAsStream("/io/camjar/gradcam/serve/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
