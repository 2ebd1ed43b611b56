/** The ResNet family and its heads as trees of layers; a layer's path is its PyTorch key. */
@NullMarked
package io.camjar.engine.model;

import org.jspecify.annotations.NullMarked;
