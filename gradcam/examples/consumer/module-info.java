/** For the module path: camjar's jars are automatic modules, what they need stays on the class path. */
module consumer {
  requires java.desktop;
  requires io.camjar.engine;
  requires io.camjar.weights;
  requires io.camjar.gradcam;
}
