#include "js/global_object.h"

#include "js/values.h"

namespace wasmedge::js {

Napi::Object makeGlobal(Environment &environment, const std::shared_ptr<Owner> &owner,
                        WasmEdge_GlobalInstanceContext *global, napi_value holder) {
  const Napi::Object object = makeObject(environment, std::make_unique<GlobalObject>(owner, global));
  environment.keep(object, holder);
  return object;
}

GlobalObject::GlobalObject(std::shared_ptr<Owner> owner, WasmEdge_GlobalInstanceContext *global)
    : ObjectBase(kKind), owner_(std::move(owner)), global_(global) {
  const auto *type = api().WasmEdge_GlobalInstanceGetGlobalType(global);
  const auto valueType = api().WasmEdge_GlobalTypeGetValType(type);
  type_ = {kindOf(valueType), valueType};
  mutable_ = api().WasmEdge_GlobalTypeGetMutability(type) == WasmEdge_Mutability_Var;
}

napi_value GlobalObject::type(const Call &call) { return Napi::String::New(call.env, kindName(type_.kind)); }

napi_value GlobalObject::isMutable(const Call &call) { return Napi::Boolean::New(call.env, mutable_); }

napi_value GlobalObject::value(const Call &call) {
  const auto natives = owner_->natives();
  return toJavaScript(call.environment, *owner_->engine(), type_.kind,
                      api().WasmEdge_GlobalInstanceGetValue(global_));
}

napi_value GlobalObject::setValue(const Call &call) {
  const auto natives = owner_->natives();
  if (!mutable_) throw TypeFailure("The global is not mutable.");
  const auto value = fromJavaScript(call.environment, *owner_->engine(), type_, call[0],
                                    [] { return std::string("The global's value"); });
  LogScope scope;
  const auto result = api().WasmEdge_GlobalInstanceSetValue(global_, value);
  if (!api().WasmEdge_ResultOK(result)) throw EngineFailure("other", result, scope.lines());
  return nullptr;
}

void GlobalObject::define(Environment &environment, Napi::Object exports) {
  ClassDefinition<GlobalObject>()
      .getter<&GlobalObject::type>("type")
      .getter<&GlobalObject::isMutable>("mutable")
      .accessor<&GlobalObject::value, &GlobalObject::setValue>("value")
      .define(environment, exports);
}

}  // namespace wasmedge::js
