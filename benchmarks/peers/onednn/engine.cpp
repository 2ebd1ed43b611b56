// oneDNN as an engine of the comparison: speaks the protocol of io.camjar.benchmarks.protocol.EngineServer on its standard streams.
//
//     engine MODELS auto|winograd
//
// `auto` takes oneDNN's own choice of convolutions, which is direct; `winograd` takes Winograd's where it is faster in a trial.
// The report names each implementation that ran.

#include <iostream>
#include <memory>

#include "inference.hpp"
#include "training.hpp"

namespace camjar {

constexpr long kExplained = 281;
constexpr float kRate = 0.001f;
constexpr int kComparedSteps = 3;

class Task {
 public:
  Task(const std::string& models, Winograd winograd, const std::string& kind, const std::string& network, long side, long batch)
      : net_(Tensors(models, network).resnet()), layers_(program_, winograd) {
    const memory images = program_.make(plain({batch, 3, side, side}));
    std::ifstream file(models + "/pictures-" + std::to_string(side) + ".f32", std::ios::binary);
    file.read(static_cast<char*>(images.get_data_handle()), batch * 3 * side * side * static_cast<long>(sizeof(float)));
    if (!file) throw std::runtime_error("too few images of side " + std::to_string(side) + " in " + models);
    if (kind == "train-step") {
      training_ = std::make_unique<Training>(net_, layers_, images, kRate);
      return;
    }
    const bool all = kind == "gradcam-all";
    if (!all && kind != "gradcam-last" && kind != "forward") throw std::runtime_error("does not do " + kind);
    Inference inference(net_, layers_, all);
    const Forward forward = inference.forward(images);
    if (kind == "forward") {
      logits_ = forward.logits;
      return;
    }
    const size_t first = all ? 0 : forward.stages.size() - 1;
    const std::vector<memory> gradients = inference.gradients(forward, kExplained, first);
    maps_.resize(forward.stages.size() - first);
    for (size_t i = first; i < forward.stages.size(); i++) inference.map(forward.stages[i], gradients[i], maps_[i - first]);
  }

  void run() { program_.run(); }

  std::vector<float> answer() {
    std::vector<float> numbers;
    if (training_) {
      for (int i = 0; i < kComparedSteps; i++) {
        run();
        numbers.push_back(training_->loss());
      }
      return numbers;
    }
    run();
    if (logits_) numbers.assign(floats(*logits_), floats(*logits_) + size(*logits_));
    for (auto& map : maps_) numbers.insert(numbers.end(), map.begin(), map.end());
    return numbers;
  }

  std::string chosen() const { return program_.chosen(); }

 private:
  ResNet net_;
  Program program_;
  Layers layers_;
  std::optional<memory> logits_;
  std::vector<std::vector<float>> maps_;
  std::unique_ptr<Training> training_;
};

std::string answer(const std::string& line, const std::string& models, Winograd winograd, std::unique_ptr<Task>& task) {
  std::istringstream words(line);
  std::string request, title;
  words >> request;
  std::ostringstream text;
  if (request == "prepare") {
    long side = 0, batch = 0;
    words >> title >> side >> batch;
    const size_t slash = title.find('/');
    if (slash == std::string::npos) throw std::runtime_error("does not do " + title);
    task.reset();
    task = std::make_unique<Task>(models, winograd, title.substr(0, slash), title.substr(slash + 1), side, batch);
    text << "prepared\t" << (winograd == Winograd::never ? "oneDNN's own choice, direct" : "Winograd where it is faster in a trial")
         << '\t';
    text.precision(9);
    bool first = true;
    for (float number : task->answer()) text << (first ? "" : " ") << number, first = false;
  } else if (request == "run") {
    long count = 0;
    words >> count;
    if (!task) throw std::runtime_error("nothing is prepared");
    text << "ran\t";
    for (long i = 0; i < count; i++) {
      const auto start = std::chrono::steady_clock::now();
      task->run();
      text << (i > 0 ? " " : "")
           << std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - start).count();
    }
  } else if (request == "report") {
    text << "reported\t" << (task ? task->chosen() : "");
  } else {
    throw std::runtime_error("unknown request " + line);
  }
  return text.str();
}

}  // namespace camjar

int main(int count, char** arguments) {
  if (count != 3) {
    std::cerr << "usage: engine MODELS auto|winograd\n";
    return 2;
  }
  const auto winograd = std::string(arguments[2]) == "winograd" ? camjar::Winograd::where_faster : camjar::Winograd::never;
  const dnnl_version_t* version = dnnl_version();
  std::cout << "engine\tonednn-" << version->major << '.' << version->minor << '.' << version->patch
            << (winograd == camjar::Winograd::never ? "" : "-winograd") << std::endl;
  std::unique_ptr<camjar::Task> task;
  for (std::string line; std::getline(std::cin, line) && line != "quit";) {
    try {
      std::cout << camjar::answer(line, arguments[1], winograd, task) << std::endl;
    } catch (const std::exception& e) {
      std::cout << "failed\t" << e.what() << std::endl;
    }
  }
  return 0;
}
