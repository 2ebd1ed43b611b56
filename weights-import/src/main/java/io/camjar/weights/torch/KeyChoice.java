package io.camjar.weights.torch;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which of the networks in a file was taken, and who said so.
 *
 * @param keys the keys that lead to it, outermost first; empty if the file is the network
 * @param origin who chose it
 * @param others the keys of the networks that were not taken, joined by dots
 * @param reason why the rule took it; empty if no rule was asked
 * @param apart linear layers under other keys, which are no part of it
 * @param nameless the keys of averages of the weights that are lists of tensors without names
 * @param dicts the keys of dicts alone with which Python reaches a dict of the tensors; empty if it
 *     takes more, such as an attribute or several dicts
 */
public record KeyChoice(
    List<String> keys,
    Origin origin,
    List<String> others,
    String reason,
    List<Apart> apart,
    List<String> nameless,
    Optional<List<String>> dicts) {

  /** Who chose. */
  public enum Origin {
    /** There is only one network. */
    ONLY,
    /** The rule for several networks. */
    RULE,
    /** The caller, with {@code --key}. */
    CALLER
  }

  public KeyChoice {
    keys = List.copyOf(keys);
    others = List.copyOf(others);
    apart = List.copyOf(apart);
    nameless = List.copyOf(nameless);
  }

  /** A choice in a file that has nothing else. */
  public KeyChoice(List<String> keys, Origin origin, List<String> others, String reason) {
    this(keys, origin, others, reason, List.of(), List.of(), Optional.of(keys));
  }

  /** The only network of a file. */
  public static KeyChoice only(List<String> keys) {
    return new KeyChoice(keys, Origin.ONLY, List.of(), "");
  }

  /** The same with the layers that stand apart, and such averages. */
  KeyChoice with(List<Apart> layers, List<String> averages) {
    return new KeyChoice(keys, origin, others, reason, layers, averages, dicts);
  }

  /** The same, reached by the keys of dicts alone or not. */
  KeyChoice reachedBy(Optional<List<String>> way) {
    return new KeyChoice(keys, origin, others, reason, apart, nameless, way);
  }

  /** The keys joined by dots, as {@code --key} takes them. */
  public String key() {
    return String.join(".", keys);
  }

  /** One sentence for the reader if something was passed over; otherwise empty. */
  public String remark() {
    if (others.isEmpty()) {
      return unnamed();
    }
    String rest = others.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
    String why =
        origin == Origin.CALLER ? "as --key says" : reason + "; --key takes another: " + rest;
    String taken =
        "of " + (others.size() + 1) + " networks in it, '" + key() + "' is taken, " + why;
    return nameless.isEmpty() ? taken : taken + "; " + unnamed();
  }

  private String unnamed() {
    return nameless.isEmpty()
        ? ""
        : "'"
            + String.join("', '", nameless)
            + "' holds an average of the weights as tensors without names, which is not taken";
  }
}
