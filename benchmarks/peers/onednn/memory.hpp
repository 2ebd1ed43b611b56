// Memories of oneDNN, and the loops that oneDNN has no primitive for.
#pragma once

#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "oneapi/dnnl/dnnl.hpp"

namespace camjar {

using dnnl::memory;

using tag = memory::format_tag;

inline memory::desc plain(const memory::dims& dims) {
  static const tag tags[] = {tag::undef, tag::a, tag::ab, tag::abc, tag::abcd};
  return {dims, memory::data_type::f32, tags[dims.size()]};
}

inline memory::desc any(const memory::dims& dims) {
  return {dims, memory::data_type::f32, tag::any};
}

inline float* floats(const memory& m) { return static_cast<float*>(m.get_data_handle()); }

// Numbers of the buffer, padding included.
inline long size(const memory& m) { return static_cast<long>(m.get_desc().get_size() / sizeof(float)); }

// What a pass does, in order. Everything is made once; a run only executes.
class Program {
 public:
  Program() : engine(dnnl::engine::kind::cpu, 0), stream(engine) {}

  const dnnl::engine engine;
  dnnl::stream stream;

  // Zeroed, so that padded channels stay zero whatever loop reads them.
  memory make(const memory::desc& desc) {
    memory made(desc, engine);
    std::memset(made.get_data_handle(), 0, desc.get_size());
    return made;
  }

  void add(std::function<void()> step) { steps_.push_back(std::move(step)); }

  void add(const dnnl::primitive& primitive, const std::unordered_map<int, memory>& arguments) {
    add([this, primitive, arguments] { primitive.execute(stream, arguments); });
  }

  // The memory in another layout, rearranged each time the pass comes by.
  memory in(const memory& from, const memory::desc& desc) {
    if (from.get_desc() == desc) return from;
    memory to = make(desc);
    add(dnnl::reorder(from, to), {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
    return to;
  }

  // The memory in another layout, rearranged now: for weights that do not change.
  memory once(const memory& from, const memory::desc& desc) {
    if (from.get_desc() == desc) return from;
    memory to = make(desc);
    dnnl::reorder(from, to).execute(stream, const_cast<memory&>(from), to);
    stream.wait();
    return to;
  }

  void run() {
    for (auto& step : steps_) step();
    stream.wait();
  }

  // Each implementation that oneDNN chose, and how often.
  void note(const std::string& kind, const std::string& implementation) { chosen_[kind + " " + implementation]++; }

  std::string chosen() const {
    std::string text;
    for (auto& [name, count] : chosen_) text += (text.empty() ? "" : ", ") + name + " x" + std::to_string(count);
    return text;
  }

 private:
  std::vector<std::function<void()>> steps_;
  std::map<std::string, int> chosen_;
};

// gradient *= output > 0
inline void mask(const memory& gradient, const memory& output) {
  float* g = floats(gradient);
  const float* y = floats(output);
  const long n = size(output);
#pragma omp parallel for simd
  for (long i = 0; i < n; i++) g[i] = y[i] > 0 ? g[i] : 0;
}

// to = from > 0 where of is, else 0
inline void masked(const memory& to, const memory& from, const memory& of) {
  float* t = floats(to);
  const float* f = floats(from);
  const float* y = floats(of);
  const long n = size(to);
#pragma omp parallel for simd
  for (long i = 0; i < n; i++) t[i] = y[i] > 0 ? f[i] : 0;
}

inline void add(const memory& to, const memory& term) {
  float* t = floats(to);
  const float* x = floats(term);
  const long n = size(to);
#pragma omp parallel for simd
  for (long i = 0; i < n; i++) t[i] += x[i];
}

// to = max(a + b, 0)
inline void add_relu(const memory& to, const memory& a, const memory& b) {
  float* t = floats(to);
  const float* x = floats(a);
  const float* y = floats(b);
  const long n = size(to);
#pragma omp parallel for simd
  for (long i = 0; i < n; i++) t[i] = x[i] + y[i] > 0 ? x[i] + y[i] : 0;
}

inline void copy(const memory& to, const memory& from) {
  float* t = floats(to);
  const float* x = floats(from);
  const long n = size(to);
#pragma omp parallel for simd
  for (long i = 0; i < n; i++) t[i] = x[i];
}

// value -= rate * gradient
inline void descend(const memory& value, const memory& gradient, float rate) {
  float* v = floats(value);
  const float* g = floats(gradient);
  const long n = size(value);
#pragma omp parallel for simd
  for (long i = 0; i < n; i++) v[i] -= rate * g[i];
}

}  // namespace camjar
