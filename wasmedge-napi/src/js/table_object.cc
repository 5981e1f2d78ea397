#include "js/table_object.h"

#include "js/arguments.h"
#include "js/values.h"

namespace wasmedge::js {

Napi::Object makeTable(Environment &environment, const std::shared_ptr<Owner> &owner,
                       WasmEdge_TableInstanceContext *table, napi_value holder) {
  const Napi::Object object = makeObject(environment, std::make_unique<TableObject>(owner, table));
  environment.keep(object, holder);
  return object;
}

uint64_t TableObject::elements() const {
  const auto natives = owner_->natives();
  return api().widen(api().WasmEdge_TableInstanceGetSize(table_));
}

uint64_t TableObject::indexFrom(Napi::Value value) const {
  const uint64_t index = integerFrom(value, "The index", kMaxSafeInteger);
  const uint64_t size = elements();
  if (index >= size) {
    throw RangeFailure("The index " + std::to_string(index) + " lies outside the table, which has " +
                       std::to_string(size) + " elements.");
  }
  return index;
}

napi_value TableObject::size(const Call &call) {
  return Napi::Number::New(call.env, static_cast<double>(elements()));
}

napi_value TableObject::get(const Call &call) {
  const uint64_t index = indexFrom(call[0]);
  const auto engine = owner_->engine();
  LogScope scope;
  WasmEdge_Value value{};
  const auto result = api().WasmEdge_TableInstanceGetData(table_, &value, index);
  if (!api().WasmEdge_ResultOK(result)) throw EngineFailure("other", result, scope.lines());
  return toJavaScript(call.environment, *engine, ValueKind::Ref, value);
}

napi_value TableObject::set(const Call &call) {
  const uint64_t index = indexFrom(call[0]);
  const auto engine = owner_->engine();
  const auto elementType = api().WasmEdge_TableTypeGetRefType(api().WasmEdge_TableInstanceGetTableType(table_));
  const auto value = fromJavaScript(call.environment, *engine, {kindOf(elementType), elementType}, call[1],
                                    [] { return std::string("The table's element"); });
  LogScope scope;
  const auto result = api().WasmEdge_TableInstanceSetData(table_, value, index);
  if (!api().WasmEdge_ResultOK(result)) throw EngineFailure("other", result, scope.lines());
  return nullptr;
}

napi_value TableObject::grow(const Call &call) {
  const uint64_t count = integerFrom(call[0], "The number of elements", UINT32_MAX);
  const uint64_t size = elements();
  LogScope scope;
  const auto result = api().WasmEdge_TableInstanceGrow(table_, count);
  if (!api().WasmEdge_ResultOK(result)) {
    throw RangeFailure("The table cannot grow from " + std::to_string(size) + " by " + std::to_string(count) +
                       " elements.");
  }
  return nullptr;
}

void TableObject::define(Environment &environment, Napi::Object exports) {
  ClassDefinition<TableObject>()
      .getter<&TableObject::size>("size")
      .method<&TableObject::get>("get")
      .method<&TableObject::set>("set")
      .method<&TableObject::grow>("grow")
      .define(environment, exports);
}

}  // namespace wasmedge::js
