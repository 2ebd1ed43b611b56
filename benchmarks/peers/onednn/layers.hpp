// The primitives of a ResNet, each added to a program.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include "resnet.hpp"

namespace camjar {

// Which of oneDNN's algorithms convolutions may take.
enum class Winograd { never, where_faster };

class Layers {
 public:
  Layers(Program& program, Winograd winograd) : p(program), winograd_(winograd) {}

  Program& p;

  memory vector(const std::vector<float>& values) { return tensor(values, {static_cast<long>(values.size())}); }

  memory tensor(const std::vector<float>& values, const memory::dims& sides) {
    memory made = p.make(plain(sides));
    std::memcpy(made.get_data_handle(), values.data(), values.size() * sizeof(float));
    return made;
  }

  // Inference: the folded convolution. It adds to `sum` where that is given, in place, and ends in ReLU if asked.
  memory conv(const ConvNorm& unit, const memory& x, std::optional<memory> sum, bool relu) {
    auto [w, b] = unit.folded();
    dnnl::post_ops after;
    if (sum) after.append_sum(1);
    if (relu) after.append_eltwise(1, dnnl::algorithm::eltwise_relu, 0, 0);
    dnnl::primitive_attr attributes;
    attributes.set_post_ops(after);
    const memory weight = tensor(w, {unit.out, unit.in, unit.kernel, unit.kernel});
    const memory bias = vector(b);
    const memory::desc source = unit.in == 3 ? x.get_desc() : any(x.get_desc().dims());
    auto pd = fastest<dnnl::convolution_forward>("conv", unit, x, [&](dnnl::algorithm how) {
      return dnnl::convolution_forward::primitive_desc(
          {dnnl::prop_kind::forward_inference, how, source, any(weight.get_desc().dims()), bias.get_desc(),
           sum ? sum->get_desc() : any(out(unit, x)), {unit.stride, unit.stride}, {unit.pad, unit.pad}, {unit.pad, unit.pad}},
          attributes, p.engine);
    });
    const memory y = sum ? *sum : p.make(pd.dst_desc());
    p.add(dnnl::convolution_forward(pd),
          {{DNNL_ARG_SRC, p.in(x, pd.src_desc())}, {DNNL_ARG_WEIGHTS, p.once(weight, pd.weights_desc())},
           {DNNL_ARG_BIAS, bias}, {DNNL_ARG_DST, y}});
    return y;
  }

  // The gradient of a convolution's input; `like` has its shape and the layout that is wanted.
  memory conv_backward(const ConvNorm& unit, const memory& weight, const memory& gradient, const memory& like, bool fixed) {
    auto forward = training_conv(unit, like);
    auto pd = fastest<dnnl::convolution_backward_data>("conv-data", unit, like, [&](dnnl::algorithm how) {
      return dnnl::convolution_backward_data::primitive_desc(
          {how, any(like.get_desc().dims()), any(weight.get_desc().dims()), any(gradient.get_desc().dims()),
           {unit.stride, unit.stride}, {unit.pad, unit.pad}, {unit.pad, unit.pad}},
          p.engine, how == dnnl::algorithm::convolution_direct ? forward : training_conv(unit, like, how));
    });
    const memory dx = p.make(pd.diff_src_desc());
    const memory w = fixed ? p.once(weight, pd.weights_desc()) : p.in(weight, pd.weights_desc());
    p.add(dnnl::convolution_backward_data(pd),
          {{DNNL_ARG_DIFF_DST, p.in(gradient, pd.diff_dst_desc())}, {DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_DIFF_SRC, dx}});
    return p.in(dx, like.get_desc());
  }

  // The forward in training, which all backward primitives refer to.
  dnnl::convolution_forward::primitive_desc training_conv(
      const ConvNorm& unit, const memory& x, dnnl::algorithm how = dnnl::algorithm::convolution_direct) {
    const memory::desc source = unit.in == 3 ? x.get_desc() : any(x.get_desc().dims());
    return {{dnnl::prop_kind::forward_training, how, source, any({unit.out, unit.in, unit.kernel, unit.kernel}),
             any(out(unit, x)), {unit.stride, unit.stride}, {unit.pad, unit.pad}, {unit.pad, unit.pad}},
            p.engine};
  }

  static memory::dims out(const ConvNorm& unit, const memory& x) {
    const auto s = x.get_desc().dims();
    auto side = [&](long n) { return (n + 2 * unit.pad - unit.kernel) / unit.stride + 1; };
    return {s[0], unit.out, side(s[2]), side(s[3])};
  }

  // Takes direct convolution, or Winograd's where it is allowed, there and faster in a trial on this shape.
  template <class Primitive, class Make>
  typename Primitive::primitive_desc fastest(const std::string& kind, const ConvNorm& unit, const memory& x, Make make) {
    auto direct = make(dnnl::algorithm::convolution_direct);
    auto best = direct;
    if (winograd_ == Winograd::where_faster && unit.kernel == 3 && unit.stride == 1) {
      try {
        auto other = make(dnnl::algorithm::convolution_winograd);
        std::ostringstream key;
        key << kind << ' ' << unit.in << ' ' << unit.out << ' ' << x.get_desc().dims()[2];
        auto known = faster_.find(key.str());
        if (known == faster_.end()) {
          known = faster_.emplace(key.str(), milliseconds<Primitive>(other) < milliseconds<Primitive>(direct)).first;
        }
        if (known->second) best = other;
      } catch (const dnnl::error&) {
        // This processor, or this shape, has no Winograd.
      }
    }
    p.note(kind, best.impl_info_str());
    return best;
  }

 private:
  Winograd winograd_;
  std::map<std::string, bool> faster_;

  // Median of seven runs with the weights out of the cache, as they are when other layers ran in between.
  template <class Primitive>
  double milliseconds(const typename Primitive::primitive_desc& pd) {
    std::unordered_map<int, memory> arguments;
    for (int argument : {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_BIAS, DNNL_ARG_DST, DNNL_ARG_DIFF_SRC, DNNL_ARG_DIFF_DST}) {
      const memory::desc desc = pd.query_md(dnnl::query::exec_arg_md, argument);
      if (desc.get_size() > 0) arguments.emplace(argument, p.make(desc));
    }
    Primitive primitive(pd);
    std::vector<float> other(16 << 20);
    std::vector<double> times;
    for (int i = 0; i < 8; i++) {
      for (float& value : other) value += 1;
      const auto start = std::chrono::steady_clock::now();
      primitive.execute(p.stream, arguments);
      p.stream.wait();
      times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    }
    std::sort(times.begin() + 1, times.end());
    return times[4];
  }
};

}  // namespace camjar
