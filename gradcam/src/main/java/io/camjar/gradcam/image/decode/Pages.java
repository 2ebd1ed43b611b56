package io.camjar.gradcam.image.decode;

import io.camjar.gradcam.image.samples.Refusal;

/** Which of a file's images is read. */
final class Pages {
  private Pages() {}

  /**
   * Refuses a page that there is not.
   *
   * @param word what the format calls one
   * @param page the one asked for, from 1
   */
  static void check(String word, int page, int pages) {
    if (page > pages) {
      throw new Refusal(
          "has %d %s%s, but number %d was asked for"
              .formatted(pages, word, pages == 1 ? "" : "s", page),
          pages == 1 ? "leave --page out" : "give --page a number from 1 to " + pages);
    }
  }
}
