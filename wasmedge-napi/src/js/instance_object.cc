#include "js/instance_object.h"

#include "js/arguments.h"
#include "js/global_object.h"
#include "js/memory_object.h"
#include "js/module_object.h"
#include "js/table_object.h"

namespace wasmedge::js {

namespace {

RangeFailure noExport(const Instance &instance, WasmEdge_ExternalType kind, const std::string &name) {
  constexpr size_t kListed = 10;
  const std::string what = externalKindName(kind);
  std::string names;
  size_t count = 0;
  for (const auto &each : instance.exports) {
    if (each.kind != kind || ++count > kListed) continue;
    names += (names.empty() ? "" : ", ") + each.name;
  }
  if (count > kListed) names += ", … (" + std::to_string(count) + " in all)";
  return RangeFailure("The module exports no " + what + " '" + name + "'" +
                      (count == 0 ? ", and no " + what + " at all." : "; it exports " + names + "."));
}

/** Finds an export. @throws RangeFailure */
template <class Entity>
Entity *find(const Instance &instance, WasmEdge_ExternalType kind, const std::string &name,
             Entity *(*look)(const WasmEdge_ModuleInstanceContext *, WasmEdge_String)) {
  Entity *entity = look(instance.context.get(), wrap(name));
  if (!entity) throw noExport(instance, kind, name);
  return entity;
}

}  // namespace

napi_value InstanceObject::exports(const Call &call) { return exportsToJavaScript(call.env, instance()->exports); }

napi_value InstanceObject::func(const Call &call) {
  const auto instance = this->instance();
  const auto name = stringFrom(call[0], "The export's name");
  const auto *function =
      find(*instance, WasmEdge_ExternalType_Function, name, api().WasmEdge_ModuleInstanceFindFunction);
  const auto *type = api().WasmEdge_FunctionInstanceGetFunctionType(function);
  const Napi::Object object = makeObject(
      call.environment, std::make_unique<FuncObject>(ExportedFunction{owner_, function, name, signatureOf(type)}));
  call.environment.keep(object, call.self);
  return object;
}

napi_value InstanceObject::memory(const Call &call) {
  const auto name = stringFrom(call[0], "The export's name");
  return makeMemory(
      call.environment, owner_,
      find(*instance(), WasmEdge_ExternalType_Memory, name, api().WasmEdge_ModuleInstanceFindMemory), call.self);
}

napi_value InstanceObject::table(const Call &call) {
  const auto name = stringFrom(call[0], "The export's name");
  return makeTable(call.environment, owner_,
                   find(*instance(), WasmEdge_ExternalType_Table, name, api().WasmEdge_ModuleInstanceFindTable),
                   call.self);
}

napi_value InstanceObject::global(const Call &call) {
  const auto name = stringFrom(call[0], "The export's name");
  return makeGlobal(
      call.environment, owner_,
      find(*instance(), WasmEdge_ExternalType_Global, name, api().WasmEdge_ModuleInstanceFindGlobal), call.self);
}

napi_value InstanceObject::dispose(const Call &) {
  owner_->dispose();
  return nullptr;
}

void InstanceObject::define(Environment &environment, Napi::Object exports) {
  ClassDefinition<InstanceObject>()
      .getter<&InstanceObject::exports>("exports")
      .method<&InstanceObject::func>("func")
      .method<&InstanceObject::memory>("memory")
      .method<&InstanceObject::table>("table")
      .method<&InstanceObject::global>("global")
      .method<&InstanceObject::dispose>("dispose")
      .define(environment, exports);
}

napi_value FuncObject::type(const Call &call) { return signatureToJavaScript(call.env, function.signature); }

napi_value FuncObject::invoke(const Call &call) {
  Invocation invocation(call.environment, function, call.args(), call.count());
  Execution execution(invocation.engine());
  return invocation.finish(execution, invocation.run(execution));
}

void FuncObject::define(Environment &environment, Napi::Object exports) {
  ClassDefinition<FuncObject>()
      .getter<&FuncObject::type>("type")
      .method<&FuncObject::invoke>("call")
      .define(environment, exports);
}

}  // namespace wasmedge::js
