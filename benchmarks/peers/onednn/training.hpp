// A step of plain SGD on the cross-entropy, with the statistics of the batch.
#pragma once

#include "layers.hpp"

namespace camjar {

class Training {
 public:
  Training(const ResNet& net, Layers& layers, const memory& images, float rate) : net_(net), l_(layers), p_(layers.p), rate_(rate) {
    std::vector<std::function<void()>> later;
    Unit stem = forward(net.stem, images, true);
    Pool pool = forward_pool(stem.y);
    struct Done {
      std::vector<Unit> branch;
      std::optional<Unit> shortcut;
      memory x, y;
    };
    std::vector<Done> done;
    memory x = pool.y;
    for (const Block& block : net.blocks) {
      Done d;
      d.x = x;
      memory z = x;
      for (size_t i = 0; i < block.branch.size(); i++) {
        d.branch.push_back(forward(block.branch[i], z, i + 1 < block.branch.size()));
        z = d.branch.back().y;
      }
      if (!block.shortcut.empty()) d.shortcut = forward(block.shortcut[0], x, false);
      const memory side = p_.in(d.shortcut ? d.shortcut->y : x, z.get_desc());
      const memory y = d.y = p_.make(z.get_desc());
      p_.add([y, z, side] { add_relu(y, z, side); });
      done.push_back(d);
      x = y;
    }
    memory g = head(x);
    for (size_t b = done.size(); b-- > 0;) {
      const Done& d = done[b];
      const memory dz = p_.make(d.y.get_desc());
      const memory upper = p_.in(g, d.y.get_desc());
      const memory y = d.y;
      p_.add([dz, upper, y] { masked(dz, upper, y); });
      memory into = dz;
      for (size_t i = d.branch.size(); i-- > 0;) into = *backward(d.branch[i], into, true);
      const memory side = d.shortcut ? *backward(*d.shortcut, dz, true) : dz;
      const memory same = p_.in(side, into.get_desc());
      p_.add([into, same] { add(into, same); });
      g = into;
    }
    backward(stem, backward_pool(pool, g), false);
  }

  float loss() const { return loss_; }

 private:
  // A convolution with its norm as it was run forward.
  struct Unit {
    const ConvNorm* what;
    memory x, u, y, weight, scale, shift, mean, variance;
    std::optional<memory> signs;
    dnnl::convolution_forward::primitive_desc conv;
    dnnl::batch_normalization_forward::primitive_desc norm;
  };
  struct Pool {
    memory x, y, chosen;
    dnnl::pooling_forward::primitive_desc pd;
  };

  const ResNet& net_;
  Layers& l_;
  Program& p_;
  float rate_;
  float loss_ = 0;

  Unit forward(const ConvNorm& what, const memory& x, bool relu) {
    Unit unit{&what, x, {}, {}, {}, l_.vector(what.gamma), l_.vector(what.beta), l_.vector(what.mean), l_.vector(what.variance),
              {}, l_.training_conv(what, x), {}};
    p_.note("conv", unit.conv.impl_info_str());
    const memory raw = l_.tensor(what.weight, {what.out, what.in, what.kernel, what.kernel});
    unit.weight = p_.once(raw, unit.conv.weights_desc());
    unit.u = p_.make(unit.conv.dst_desc());
    unit.x = p_.in(x, unit.conv.src_desc());
    p_.add(dnnl::convolution_forward(unit.conv),
           {{DNNL_ARG_SRC, unit.x}, {DNNL_ARG_WEIGHTS, unit.weight}, {DNNL_ARG_DST, unit.u}});
    unit.norm = {{dnnl::prop_kind::forward_training, unit.u.get_desc(), static_cast<float>(kEpsilon), flags(relu)}, p_.engine};
    unit.y = p_.make(unit.u.get_desc());
    std::unordered_map<int, memory> arguments = {
        {DNNL_ARG_SRC, unit.u}, {DNNL_ARG_DST, unit.y}, {DNNL_ARG_SCALE, unit.scale}, {DNNL_ARG_SHIFT, unit.shift},
        {DNNL_ARG_MEAN, unit.mean}, {DNNL_ARG_VARIANCE, unit.variance}};
    if (relu) {
      unit.signs = p_.make(unit.norm.workspace_desc());
      arguments.emplace(DNNL_ARG_WORKSPACE, *unit.signs);
    }
    p_.add(dnnl::batch_normalization_forward(unit.norm), arguments);
    return unit;
  }

  // Changes the unit's parameters, and gives the gradient of its input if it is wanted.
  std::optional<memory> backward(const Unit& unit, const memory& gradient, bool wanted) {
    const memory dy = p_.in(gradient, unit.y.get_desc());
    dnnl::batch_normalization_backward::primitive_desc norm(
        {dnnl::prop_kind::backward, dy.get_desc(), unit.u.get_desc(), static_cast<float>(kEpsilon), flags(unit.signs.has_value())},
        p_.engine, unit.norm);
    const memory du = p_.make(unit.u.get_desc());
    const memory dscale = p_.make(unit.scale.get_desc()), dshift = p_.make(unit.shift.get_desc());
    std::unordered_map<int, memory> arguments = {
        {DNNL_ARG_SRC, unit.u}, {DNNL_ARG_MEAN, unit.mean}, {DNNL_ARG_VARIANCE, unit.variance}, {DNNL_ARG_DIFF_DST, dy},
        {DNNL_ARG_SCALE, unit.scale}, {DNNL_ARG_SHIFT, unit.shift}, {DNNL_ARG_DIFF_SRC, du}, {DNNL_ARG_DIFF_SCALE, dscale}, {DNNL_ARG_DIFF_SHIFT, dshift}};
    if (unit.signs) arguments.emplace(DNNL_ARG_WORKSPACE, *unit.signs);
    p_.add(dnnl::batch_normalization_backward(norm), arguments);

    const ConvNorm& what = *unit.what;
    std::optional<memory> dx;
    if (wanted) dx = l_.conv_backward(what, unit.weight, du, unit.x, false);
    dnnl::convolution_backward_weights::primitive_desc weights(
        {dnnl::algorithm::convolution_direct, unit.x.get_desc().dims()[1] == 3 ? unit.x.get_desc() : any(unit.x.get_desc().dims()),
         any(unit.weight.get_desc().dims()), any(du.get_desc().dims()), {what.stride, what.stride}, {what.pad, what.pad},
         {what.pad, what.pad}}, p_.engine, unit.conv);
    p_.note("conv-weights", weights.impl_info_str());
    const memory dw = p_.make(weights.diff_weights_desc());
    p_.add(dnnl::convolution_backward_weights(weights),
           {{DNNL_ARG_SRC, p_.in(unit.x, weights.src_desc())}, {DNNL_ARG_DIFF_DST, p_.in(du, weights.diff_dst_desc())},
            {DNNL_ARG_DIFF_WEIGHTS, dw}});
    update(unit.weight, dw);
    update(unit.scale, dscale);
    update(unit.shift, dshift);
    return dx;
  }

  void update(const memory& value, const memory& gradient) {
    const memory same = p_.in(gradient, value.get_desc());
    const float rate = rate_;
    p_.add([value, same, rate] { descend(value, same, rate); });
  }

  static dnnl::normalization_flags flags(bool relu) {
    auto both = dnnl::normalization_flags::use_scale | dnnl::normalization_flags::use_shift;
    return relu ? both | dnnl::normalization_flags::fuse_norm_relu : both;
  }

  Pool forward_pool(const memory& x) {
    auto s = x.get_desc().dims();
    Pool pool{x, {}, {},
              {{dnnl::prop_kind::forward_training, dnnl::algorithm::pooling_max, x.get_desc(),
                any({s[0], s[1], (s[2] - 1) / 2 + 1, (s[3] - 1) / 2 + 1}), {2, 2}, {3, 3}, {1, 1}, {1, 1}}, p_.engine}};
    pool.y = p_.make(pool.pd.dst_desc());
    pool.chosen = p_.make(pool.pd.workspace_desc());
    p_.add(dnnl::pooling_forward(pool.pd), {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, pool.y}, {DNNL_ARG_WORKSPACE, pool.chosen}});
    return pool;
  }

  memory backward_pool(const Pool& pool, const memory& gradient) {
    dnnl::pooling_backward::primitive_desc pd({dnnl::algorithm::pooling_max, pool.x.get_desc(), pool.y.get_desc(), {2, 2}, {3, 3},
                                               {1, 1}, {1, 1}}, p_.engine, pool.pd);
    const memory dx = p_.make(pool.x.get_desc());
    p_.add(dnnl::pooling_backward(pd), {{DNNL_ARG_DIFF_DST, p_.in(gradient, pool.y.get_desc())},
                                        {DNNL_ARG_WORKSPACE, pool.chosen}, {DNNL_ARG_DIFF_SRC, dx}});
    return dx;
  }

  // Mean over places, linear layer, loss, and back: the gradient of the last block's output.
  memory head(const memory& x) {
    const memory::dims s = x.get_desc().dims();
    const long n = s[0], classes = net_.classes;
    dnnl::pooling_forward::primitive_desc mean(
        {dnnl::prop_kind::forward_training, dnnl::algorithm::pooling_avg_exclude_padding, x.get_desc(), any({n, s[1], 1, 1}),
         {1, 1}, {s[2], s[3]}, {0, 0}, {0, 0}}, p_.engine);
    const memory pooled = p_.make(mean.dst_desc());
    p_.add(dnnl::pooling_forward(mean), {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, pooled}});
    const memory::dims shape = {classes, net_.features, 1, 1};
    const memory b = l_.vector(net_.bias);
    dnnl::inner_product_forward::primitive_desc linear(
        {dnnl::prop_kind::forward_training, pooled.get_desc(), any(shape), b.get_desc(), plain({n, classes})}, p_.engine);
    const memory w = p_.once(l_.tensor(net_.weight, shape), linear.weights_desc());
    const memory logits = p_.make(linear.dst_desc());
    p_.add(dnnl::inner_product_forward(linear),
           {{DNNL_ARG_SRC, pooled}, {DNNL_ARG_WEIGHTS, w}, {DNNL_ARG_BIAS, b}, {DNNL_ARG_DST, logits}});
    const memory dlogits = p_.make(logits.get_desc());
    p_.add([this, logits, dlogits, n, classes] { cross_entropy(floats(logits), floats(dlogits), n, classes); });

    dnnl::inner_product_backward_data::primitive_desc data({pooled.get_desc(), any(shape), dlogits.get_desc()}, p_.engine, linear);
    const memory dpooled = p_.make(data.diff_src_desc());
    p_.add(dnnl::inner_product_backward_data(data), {{DNNL_ARG_DIFF_DST, dlogits}, {DNNL_ARG_WEIGHTS, p_.in(w, data.weights_desc())},
                                                     {DNNL_ARG_DIFF_SRC, dpooled}});
    dnnl::inner_product_backward_weights::primitive_desc weights(
        {pooled.get_desc(), any(shape), b.get_desc(), dlogits.get_desc()}, p_.engine, linear);
    const memory dw = p_.make(weights.diff_weights_desc()), db = p_.make(b.get_desc());
    p_.add(dnnl::inner_product_backward_weights(weights), {{DNNL_ARG_SRC, pooled}, {DNNL_ARG_DIFF_DST, dlogits},
                                                           {DNNL_ARG_DIFF_WEIGHTS, dw}, {DNNL_ARG_DIFF_BIAS, db}});
    update(w, dw);
    update(b, db);
    dnnl::pooling_backward::primitive_desc spread({dnnl::algorithm::pooling_avg_exclude_padding, x.get_desc(), pooled.get_desc(),
                                                   {1, 1}, {s[2], s[3]}, {0, 0}, {0, 0}}, p_.engine, mean);
    const memory dx = p_.make(x.get_desc());
    p_.add(dnnl::pooling_backward(spread), {{DNNL_ARG_DIFF_DST, dpooled}, {DNNL_ARG_DIFF_SRC, dx}});
    return dx;
  }

  void cross_entropy(const float* logits, float* gradient, long n, long classes) {
    double loss = 0;
    for (long i = 0; i < n; i++) {
      const float* row = logits + i * classes;
      const long label = i * 37 % classes;
      const double largest = *std::max_element(row, row + classes);
      double sum = 0;
      for (long c = 0; c < classes; c++) sum += std::exp(row[c] - largest);
      loss += std::log(sum) + largest - row[label];
      for (long c = 0; c < classes; c++) {
        gradient[i * classes + c] = static_cast<float>((std::exp(row[c] - largest) / sum - (c == label)) / static_cast<double>(n));
      }
    }
    loss_ = static_cast<float>(loss / static_cast<double>(n));
  }
};

}  // namespace camjar
