package io.camjar.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

class CompilerDirectivesTests {
  @BeforeAll
  static void kernels() {
    Kernels.active();
  }

  @Test
  @EnabledForJreRange(max = JRE.JAVA_24)
  void keepTheQuickCompilerFromTheLargestTiles() throws Exception {
    assertThat(CompilerDirectives.command("compilerDirectivesPrint"))
        .containsPattern(
            "(?s)matching: io/camjar/engine/kernel/simd/Tiles\\.any1\\*\\s+"
                + "c1 directives:\\s+inline: -\\s+Enable:true Exclude:true "
                + ".*?c2 directives:\\s+inline: -\\s+Enable:false ");
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_25)
  void areNotGivenWhereThatCompilerIsAbleToCompileThem() throws Exception {
    assertThat(CompilerDirectives.command("compilerDirectivesPrint")).doesNotContain("Tiles.any");
  }
}
