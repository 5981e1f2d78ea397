#include "native/limits.h"

namespace wasmedge {

namespace {

LimitPtr limitContext(uint32_t min, std::optional<uint32_t> max) {
  return LimitPtr(max ? api().WasmEdge_LimitCreateWithMax(min, *max, false, false)
                      : api().WasmEdge_LimitCreate(min, false));
}

WasmEdge_Limit limitValue(uint32_t min, std::optional<uint32_t> max) {
  return {max.has_value(), false, min, max.value_or(min)};
}

}  // namespace

MemoryTypePtr makeMemoryType(uint32_t minPages, std::optional<uint32_t> maxPages) {
  const auto create = api().WasmEdge_MemoryTypeCreate;
  if (api().hasWideSizes()) {
    const LimitPtr limit = limitContext(minPages, maxPages);
    return MemoryTypePtr(reinterpret_cast<WasmEdge_MemoryTypeCreate_t>(create)(limit.get()));
  }
  return MemoryTypePtr(reinterpret_cast<WasmEdge_MemoryTypeCreateByValue_t>(create)(limitValue(minPages, maxPages)));
}

TableTypePtr makeTableType(const ValueType &element, uint32_t min, std::optional<uint32_t> max) {
  const auto create = api().WasmEdge_TableTypeCreate;
  if (api().hasWideSizes()) {
    const LimitPtr limit = limitContext(min, max);
    return TableTypePtr(reinterpret_cast<WasmEdge_TableTypeCreate_t>(create)(element.type, limit.get()));
  }
  return TableTypePtr(
      reinterpret_cast<WasmEdge_TableTypeCreateByValue_t>(create)(element.type, limitValue(min, max)));
}

}  // namespace wasmedge
