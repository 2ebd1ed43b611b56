// ResNets as torchvision defines them: which convolutions there are, and their parameters.
#pragma once

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "memory.hpp"

namespace camjar {

constexpr double kEpsilon = 1e-5;

// A convolution without bias and the batch norm behind it.
struct ConvNorm {
  long in, out, kernel, stride, pad;
  std::vector<float> weight;  // [out, in, kernel, kernel]
  std::vector<float> gamma, beta, mean, variance;

  // Weights and bias of the one convolution that both are once statistics are fixed.
  std::pair<std::vector<float>, std::vector<float>> folded() const {
    std::vector<float> w(weight.size()), b(out);
    const size_t row = weight.size() / out;
    for (long o = 0; o < out; o++) {
      const double scale = gamma[o] / std::sqrt(variance[o] + kEpsilon);
      for (size_t i = 0; i < row; i++) w[o * row + i] = static_cast<float>(weight[o * row + i] * scale);
      b[o] = static_cast<float>(beta[o] - mean[o] * scale);
    }
    return {w, b};
  }
};

struct Block {
  std::vector<ConvNorm> branch;    // two (basic) or three (bottleneck)
  std::vector<ConvNorm> shortcut;  // one where the shape changes, else none
};

struct ResNet {
  ConvNorm stem;
  std::vector<Block> blocks;
  long classes, features;
  std::vector<float> weight, bias;  // of the linear layer, [classes, features]
};

// NAME.f32 holds all tensors one after the other, NAME.names a line for each: name, then its sides.
class Tensors {
 public:
  Tensors(const std::string& folder, const std::string& network) {
    std::ifstream names(folder + "/" + network + ".names");
    std::ifstream numbers(folder + "/" + network + ".f32", std::ios::binary);
    if (!names || !numbers) throw std::runtime_error("no " + network + ".names and .f32 in " + folder);
    for (std::string line; std::getline(names, line);) {
      std::istringstream words(line);
      std::string name;
      words >> name;
      memory::dims sides;
      long count = 1;
      for (long side; words >> side;) sides.push_back(side), count *= side;
      std::vector<float> values(count);
      numbers.read(reinterpret_cast<char*>(values.data()), count * static_cast<long>(sizeof(float)));
      if (!numbers) throw std::runtime_error(network + ".f32 ends before " + name);
      tensors_.emplace(name, std::make_pair(sides, values));
    }
  }

  bool has(const std::string& name) const { return tensors_.count(name) > 0; }
  const memory::dims& sides(const std::string& name) const { return tensors_.at(name).first; }
  const std::vector<float>& values(const std::string& name) const { return tensors_.at(name).second; }

  ConvNorm unit(const std::string& conv, const std::string& norm, long stride) const {
    const auto& s = sides(conv + ".weight");
    return {s[1], s[0], s[2], stride, s[2] / 2, values(conv + ".weight"), values(norm + ".weight"),
            values(norm + ".bias"), values(norm + ".running_mean"), values(norm + ".running_var")};
  }

  ResNet resnet() const {
    ResNet net;
    net.stem = unit("conv1", "bn1", 2);
    for (int layer = 1; layer <= 4; layer++) {
      for (int i = 0;; i++) {
        const std::string path = "layer" + std::to_string(layer) + "." + std::to_string(i);
        if (!has(path + ".conv1.weight")) break;
        const bool bottleneck = has(path + ".conv3.weight");
        const long stride = layer > 1 && i == 0 ? 2 : 1;
        Block block;
        for (int c = 1; c <= (bottleneck ? 3 : 2); c++) {
          const std::string n = std::to_string(c);
          block.branch.push_back(unit(path + ".conv" + n, path + ".bn" + n, c == (bottleneck ? 2 : 1) ? stride : 1));
        }
        if (has(path + ".downsample.0.weight")) {
          block.shortcut.push_back(unit(path + ".downsample.0", path + ".downsample.1", stride));
        }
        net.blocks.push_back(block);
      }
    }
    net.classes = sides("fc.weight")[0];
    net.features = sides("fc.weight")[1];
    net.weight = values("fc.weight");
    net.bias = values("fc.bias");
    return net;
  }

 private:
  std::map<std::string, std::pair<memory::dims, std::vector<float>>> tensors_;
};

}  // namespace camjar
