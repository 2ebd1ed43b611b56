package io.camjar.engine.gpu;

import io.camjar.engine.CamjarException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Tests that need an OpenCL device, be it the CPU through pocl; skipped with the reason without.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OnDevice.Condition.class)
public @interface OnDevice {

  /** Looks for a device. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      try {
        return ConditionEvaluationResult.enabled(new DeviceCatalog().describe("opencl"));
      } catch (CamjarException e) {
        return ConditionEvaluationResult.disabled(e.getMessage());
      }
    }
  }
}
