package io.camjar.weights.names.wiring;

import io.camjar.weights.names.part.NaturalOrder;
import io.camjar.weights.names.part.Part;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Convolutions under one module whose shapes are those of a residual block.
 *
 * @param path the innermost module that holds them
 * @param convs the convolutions
 * @param bottleneck whether it is 1x1, 3x3, 1x1 instead of two 3x3
 */
record WiredBlock(String path, List<Part> convs, boolean bottleneck) {

  /** What a convolution does in a block. */
  enum Role {
    FIRST("conv1", "bn1"),
    SECOND("conv2", "bn2"),
    THIRD("conv3", "bn3"),
    SHORTCUT("downsample.0", "downsample.1");

    final String conv;
    final String norm;

    Role(String conv, String norm) {
      this.conv = conv;
      this.norm = norm;
    }
  }

  /** The block that these convolutions are, if their shapes fit one in at least one way. */
  static Optional<WiredBlock> of(Collection<Part> convs) {
    if (convs.size() < 2 || convs.size() > 4) {
      return Optional.empty();
    }
    long wide = convs.stream().filter(conv -> conv.isConv(3)).count();
    long pointwise = convs.stream().filter(conv -> conv.isConv(1)).count();
    boolean basic = wide == 2 && pointwise <= 1;
    boolean bottleneck = wide == 1 && (pointwise == 2 || pointwise == 3);
    if ((!basic && !bottleneck) || wide + pointwise != convs.size()) {
      return Optional.empty();
    }
    String path = Part.common(convs.stream().map(Part::path).toList());
    WiredBlock block = new WiredBlock(path, List.copyOf(convs), bottleneck);
    return block.assignments().isEmpty() ? Optional.empty() : Optional.of(block);
  }

  /** Channels that it takes in. */
  long in() {
    return assignments().get(0).get(Role.FIRST).in();
  }

  /** Channels that it puts out. */
  long out() {
    return assignments().get(0).get(bottleneck ? Role.THIRD : Role.SECOND).out();
  }

  /** Whether a convolution stands in the shortcut. */
  boolean hasShortcut() {
    return convs.size() == (bottleneck ? 4 : 3);
  }

  /** Every way to give the convolutions their roles that their shapes allow. */
  List<Map<Role, Part>> assignments() {
    List<Role> roles = new ArrayList<>(List.of(Role.FIRST, Role.SECOND));
    if (bottleneck) {
      roles.add(Role.THIRD);
    }
    if (hasShortcut()) {
      roles.add(Role.SHORTCUT);
    }
    List<Map<Role, Part>> found = new ArrayList<>();
    assign(roles, new HashMap<>(), found);
    return found;
  }

  private void assign(List<Role> roles, Map<Role, Part> given, List<Map<Role, Part>> found) {
    if (given.size() == roles.size()) {
      if (fits(given)) {
        found.add(Map.copyOf(given));
      }
      return;
    }
    Role next = roles.get(given.size());
    for (Part conv : convs) {
      if (!given.containsValue(conv) && conv.isConv(kernel(next))) {
        given.put(next, conv);
        assign(roles, given, found);
        given.remove(next);
      }
    }
  }

  private int kernel(Role role) {
    boolean wide = bottleneck ? role == Role.SECOND : role != Role.SHORTCUT;
    return wide ? 3 : 1;
  }

  private boolean fits(Map<Role, Part> given) {
    Part first = given.get(Role.FIRST);
    Part second = given.get(Role.SECOND);
    Part last = given.getOrDefault(Role.THIRD, second);
    Part shortcut = given.get(Role.SHORTCUT);
    boolean chained =
        second.in() == first.out()
            && second.out() == first.out()
            && (last == second || last.in() == second.out());
    boolean joined =
        shortcut == null
            ? first.in() == last.out()
            : shortcut.in() == first.in() && shortcut.out() == last.out();
    return chained && joined;
  }

  /** The path of one of its convolutions below the block. */
  String below(Part conv) {
    return path.isEmpty() ? conv.path() : conv.path().substring(path.length() + 1);
  }

  /**
   * The roles of its convolutions: the only way that the shapes allow, or the one that agrees with
   * how other blocks, whose shapes leave no choice, name theirs.
   *
   * @param names paths below a block, as other blocks have them
   */
  Optional<Map<Role, Part>> roles(Map<Role, Set<String>> names) {
    List<Map<Role, Part>> ways = assignments();
    if (ways.size() == 1) {
      return Optional.of(ways.get(0));
    }
    List<Map<Role, Part>> named =
        ways.stream()
            .filter(way -> way.entrySet().stream().allMatch(e -> known(e, names)))
            .toList();
    if (named.size() == 1) {
      return Optional.of(named.get(0));
    }
    // The branch's convolutions are siblings; the shortcut's name is of another form.
    List<Map<Role, Part>> alike = ways.stream().filter(this::branchIsAlike).toList();
    return alike.size() == 1 ? Optional.of(alike.get(0)) : ordered(alike);
  }

  private static boolean known(Map.Entry<Role, Part> given, Map<Role, Set<String>> names) {
    return names.getOrDefault(given.getKey(), Set.of()).stream()
        .anyMatch(name -> Part.isWithin(reversed(given.getValue().path()), reversed(name)));
  }

  /** The parts of a path from the last to the first, to compare the ends of paths. */
  private static String reversed(String path) {
    List<String> parts = new ArrayList<>(List.of(path.split("\\.")));
    java.util.Collections.reverse(parts);
    return String.join(".", parts);
  }

  private boolean branchIsAlike(Map<Role, Part> way) {
    List<String> forms =
        way.entrySet().stream()
            .filter(e -> e.getKey() != Role.SHORTCUT)
            .map(e -> NaturalOrder.form(below(e.getValue())))
            .distinct()
            .toList();
    Part shortcut = way.get(Role.SHORTCUT);
    return forms.size() == 1
        && (shortcut == null || !forms.contains(NaturalOrder.form(below(shortcut))));
  }

  /** Where shapes allow any order of the branch, numbers in the names decide. */
  private static Optional<Map<Role, Part>> ordered(List<Map<Role, Part>> ways) {
    return ways.stream()
        .filter(
            way -> {
              List<String> paths =
                  way.entrySet().stream()
                      .filter(e -> e.getKey() != Role.SHORTCUT)
                      .sorted(Map.Entry.comparingByKey())
                      .map(e -> e.getValue().path())
                      .toList();
              return paths.equals(paths.stream().sorted(NaturalOrder.COMPARATOR).toList());
            })
        .findFirst();
  }
}
