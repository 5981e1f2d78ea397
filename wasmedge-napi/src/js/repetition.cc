#include "js/repetition.h"

#include "js/arguments.h"

namespace wasmedge::js {

namespace {

std::vector<uint32_t> callIdParamsFrom(Napi::Value value, const std::vector<ValueType> &params) {
  const Napi::Array given = arrayFrom(value, "callIdParams");
  std::vector<uint32_t> indices;
  for (uint32_t i = 0; i < given.Length(); ++i) {
    const auto index = static_cast<uint32_t>(integerFrom(given.Get(i), "A parameter's index", UINT32_MAX));
    if (index >= params.size()) throw RangeFailure("There is no parameter " + std::to_string(index) + ".");
    const ValueKind kind = params[index].kind;
    if (kind != ValueKind::I32 && kind != ValueKind::I64) {
      throw TypeFailure("Parameter " + std::to_string(index) + " cannot hold the callId: it is no integer.");
    }
    indices.push_back(index);
  }
  return indices;
}

}  // namespace

Repetition::Repetition(const Call &call, size_t at, const std::vector<ValueType> &params)
    : count(static_cast<uint32_t>(integerFrom(call[at], "count", UINT32_MAX))),
      callIdParams(callIdParamsFrom(call[at + 1], params)) {
  if (count == 0) throw RangeFailure("count must be at least 1.");
  void *data = nullptr;
  size_t length = 0;
  napi_typedarray_type type{};
  if (napi_get_typedarray_info(call.env, call[at + 2], &type, &length, &data, nullptr, nullptr) != napi_ok ||
      type != napi_int32_array) {
    throw TypeFailure("words must be an Int32Array.");
  }
  const auto word = [&](size_t argument, const char *what) {
    const uint64_t index = integerFrom(call[argument], what, UINT32_MAX);
    if (index >= length) throw RangeFailure(std::string(what) + " must be the index of one of the words.");
    return reinterpret_cast<Word *>(static_cast<int32_t *>(data) + index);
  };
  watched_ = word(at + 3, "watched");
  int64_t expected = 0;
  if (napi_get_value_int64(call.env, call[at + 4], &expected) != napi_ok) {
    throw TypeFailure("expected must be a number.");
  }
  expected_ = static_cast<int32_t>(expected);
  sequence_ = word(at + 5, "sequence");
}

}  // namespace wasmedge::js
