package io.camjar.gradcam.doctor;

/**
 * One of the common mistakes, tested.
 *
 * @param mistake which: {@code unit}, {@code channel-order}, {@code resize}, {@code statistics},
 *     {@code labels}
 * @param verdict {@code fine}: nothing speaks for it; {@code suspicious}, {@code wrong}, or {@code
 *     untested}
 * @param measured what was measured, and what to try, in one or two sentences; why it was not
 *     tested
 */
public record MistakeCheck(String mistake, String verdict, String measured) {
  static final String FINE = "fine";
  static final String SUSPICIOUS = "suspicious";
  static final String WRONG = "wrong";
  static final String UNTESTED = "untested";

  static MistakeCheck untested(String mistake, String why) {
    return new MistakeCheck(mistake, UNTESTED, why);
  }
}
