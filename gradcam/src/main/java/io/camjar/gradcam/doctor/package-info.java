/** What is wrong with a file of weights, as far as that can be measured, and the same in Python. */
@org.jspecify.annotations.NullMarked
package io.camjar.gradcam.doctor;
