package io.camjar.weights.torch;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Which of the networks in a file was taken, and who said so.
 *
 * @param keys the keys that lead to it, outermost first; empty if the file is the network
 * @param origin who chose it
 * @param others the keys of the networks that were not taken, joined by dots
 * @param reason why the rule took it; empty if no rule was asked
 * @param apart linear layers under other keys, which are no part of it
 */
public record KeyChoice(
    List<String> keys, Origin origin, List<String> others, String reason, List<Apart> apart) {

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
  }

  /** The only network of a file. */
  public static KeyChoice only(List<String> keys) {
    return new KeyChoice(keys, Origin.ONLY, List.of(), "", List.of());
  }

  /** The same with the layers that stand apart. */
  KeyChoice with(List<Apart> layers) {
    return new KeyChoice(keys, origin, others, reason, layers);
  }

  /** The keys joined by dots, as {@code --key} takes them. */
  public String key() {
    return String.join(".", keys);
  }

  /** One sentence for the reader if something was passed over; otherwise empty. */
  public String remark() {
    if (others.isEmpty()) {
      return "";
    }
    String rest = others.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
    String why =
        origin == Origin.CALLER ? "as --key says" : reason + "; --key takes another: " + rest;
    return "of " + (others.size() + 1) + " networks in it, '" + key() + "' is taken, " + why;
  }
}
