/** ResNets of any depth and width, their stems, blocks, shortcuts and heads. */
@NullMarked
package io.camjar.engine.model.resnet;

import org.jspecify.annotations.NullMarked;
