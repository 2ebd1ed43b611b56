// Images in, logits out; and Grad-CAM maps of the stem and the blocks.
#pragma once

#include "layers.hpp"

namespace camjar {

// One forward, and what it left behind.
struct Forward {
  memory logits;
  std::vector<memory> stages;              // the stem after its pool, and each block
  std::vector<std::vector<memory>> inner;  // of each block the outputs inside its branch
};

class Inference {
 public:
  // `kept`: whether activations are wanted afterwards, so that no buffer is written twice.
  Inference(const ResNet& net, Layers& layers, bool kept) : net_(net), l_(layers), p_(layers.p), kept_(kept) {}

  Forward forward(const memory& images) {
    Forward f;
    memory x = pool(l_.conv(net_.stem, images, {}, true));
    f.stages.push_back(x);
    for (const Block& block : net_.blocks) {
      std::vector<memory> inner;
      memory y = x;
      for (size_t i = 0; i + 1 < block.branch.size(); i++) inner.push_back(y = l_.conv(block.branch[i], y, {}, true));
      memory shortcut = x;
      if (!block.shortcut.empty()) {
        shortcut = l_.conv(block.shortcut[0], x, {}, false);
      } else if (kept_) {
        shortcut = p_.make(x.get_desc());
        p_.add([shortcut, x] { copy(shortcut, x); });
      }
      x = l_.conv(block.branch.back(), y, shortcut, true);
      f.stages.push_back(x);
      f.inner.push_back(inner);
    }
    f.logits = head(x);
    return f;
  }

  // The gradient of one class's logit at each stage, from `first` on.
  std::vector<memory> gradients(const Forward& f, long explained, size_t first) {
    std::vector<memory> found(f.stages.size());
    memory g = p_.make(f.stages.back().get_desc());
    spread(g, explained);
    found.back() = g;
    for (size_t b = net_.blocks.size(); b > first; b--) {
      const Block& block = net_.blocks[b - 1];
      const memory x = f.stages[b - 1];
      const memory y = f.stages[b];
      const memory dz = p_.make(y.get_desc());
      p_.add([dz, g, y] { masked(dz, g, y); });
      memory d = dz;
      for (size_t i = block.branch.size(); i-- > 0;) {
        const memory& into = i == 0 ? x : f.inner[b - 1][i - 1];
        d = l_.conv_backward(block.branch[i], weight(block.branch[i]), d, into, true);
        if (i > 0) p_.add([d, into] { mask(d, into); });
      }
      const memory side = block.shortcut.empty()
          ? p_.in(dz, d.get_desc())
          : l_.conv_backward(block.shortcut[0], weight(block.shortcut[0]), dz, x, true);
      p_.add([d, side] { add(d, side); });
      found[b - 1] = g = d;
    }
    return found;
  }

  // The map of a stage: activations weighed by their gradients' means, without ReLU, [N, h, w].
  void map(const memory& activation, const memory& gradient, std::vector<float>& to) {
    const memory::dims s = activation.get_desc().dims();
    to.assign(s[0] * s[2] * s[3], 0);
    const long l = blocked(activation);
    if (l == 0) throw std::runtime_error("oneDNN chose a layout that the maps do not know");
    const memory a = activation;
    const memory g = p_.in(gradient, a.get_desc());
    float* map = to.data();
    p_.add([a, g, map, s, l] {
      const long places = s[2] * s[3], groups = (s[1] + l - 1) / l;
#pragma omp parallel
      for (long n = 0; n < s[0]; n++) {
        const float* an = floats(a) + n * groups * l * places;
        const float* gn = floats(g) + n * groups * l * places;
        static thread_local std::vector<float> means;
        means.assign(groups * l, 0);
        for (long c = 0; c < groups; c++) {
          for (long i = 0; i < places; i++) {
#pragma omp simd
            for (long k = 0; k < l; k++) means[c * l + k] += gn[(c * places + i) * l + k];
          }
        }
        for (float& mean : means) mean /= static_cast<float>(places);
#pragma omp for
        for (long i = 0; i < places; i++) {
          float sum = 0;
          for (long c = 0; c < groups; c++) {
#pragma omp simd reduction(+ : sum)
            for (long k = 0; k < l; k++) sum += means[c * l + k] * an[(c * places + i) * l + k];
          }
          map[n * places + i] = sum;
        }
      }
    });
  }

 private:
  const ResNet& net_;
  Layers& l_;
  Program& p_;
  bool kept_;

  memory pool(const memory& x) {
    auto s = x.get_desc().dims();
    const memory::dims to = {s[0], s[1], (s[2] - 1) / 2 + 1, (s[3] - 1) / 2 + 1};
    dnnl::pooling_forward::primitive_desc pd({dnnl::prop_kind::forward_inference, dnnl::algorithm::pooling_max, x.get_desc(),
                                              any(to), {2, 2}, {3, 3}, {1, 1}, {1, 1}}, p_.engine);
    const memory y = p_.make(pd.dst_desc());
    p_.add(dnnl::pooling_forward(pd), {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, y}});
    return y;
  }

  memory head(const memory& x) {
    auto s = x.get_desc().dims();
    dnnl::pooling_forward::primitive_desc mean(
        {dnnl::prop_kind::forward_inference, dnnl::algorithm::pooling_avg_exclude_padding, x.get_desc(),
         any({s[0], s[1], 1, 1}), {1, 1}, {s[2], s[3]}, {0, 0}, {0, 0}}, p_.engine);
    const memory pooled = p_.make(mean.dst_desc());
    p_.add(dnnl::pooling_forward(mean), {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, pooled}});
    const memory w = l_.tensor(net_.weight, {net_.classes, net_.features, 1, 1});
    const memory b = l_.vector(net_.bias);
    dnnl::inner_product_forward::primitive_desc linear(
        {dnnl::prop_kind::forward_inference, pooled.get_desc(), any(w.get_desc().dims()), b.get_desc(),
         plain({s[0], net_.classes})}, p_.engine);
    const memory logits = p_.make(linear.dst_desc());
    p_.add(dnnl::inner_product_forward(linear),
           {{DNNL_ARG_SRC, pooled}, {DNNL_ARG_WEIGHTS, p_.once(w, linear.weights_desc())}, {DNNL_ARG_BIAS, b},
            {DNNL_ARG_DST, logits}});
    return logits;
  }

  // Through the linear layer and the mean over places: the same number at each place of a channel.
  void spread(const memory& g, long explained) {
    const memory::dims s = g.get_desc().dims();
    const long lanes = blocked(g);
    if (lanes == 0) throw std::runtime_error("oneDNN chose a layout that the maps do not know");
    const float* row = net_.weight.data() + explained * net_.features;
    p_.add([g, s, lanes, row] {
      const long places = s[2] * s[3];
      float* to = floats(g);
      for (long n = 0; n < s[0]; n++) {
        for (long c = 0; c < s[1]; c += lanes) {
          for (long i = 0; i < places; i++) {
            for (long k = 0; k < lanes; k++) *to++ = row[c + k] / static_cast<float>(places);
          }
        }
      }
    });
  }

  memory weight(const ConvNorm& unit) {
    return l_.tensor(unit.folded().first, {unit.out, unit.in, unit.kernel, unit.kernel});
  }

  // Channels that lie side by side: 16 or 8 in oneDNN's blocked layouts, all of them in channels-last, else 0.
  static long blocked(const memory& m) {
    const memory::dims s = m.get_desc().dims();
    if (m.get_desc() == memory::desc(s, memory::data_type::f32, tag::nhwc)) return s[1];
    if (m.get_desc() == memory::desc(s, memory::data_type::f32, tag::nChw16c)) return 16;
    if (m.get_desc() == memory::desc(s, memory::data_type::f32, tag::nChw8c)) return 8;
    return 0;
  }
};

}  // namespace camjar
