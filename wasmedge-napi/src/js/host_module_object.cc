#include "js/host_module_object.h"

#include "js/arguments.h"
#include "js/global_object.h"
#include "js/host_function.h"
#include "js/memory_object.h"
#include "js/record_plan.h"
#include "js/recorder_object.h"
#include "js/table_object.h"
#include "js/values.h"
#include "native/limits.h"

namespace wasmedge::js {

namespace {

struct Sizes {
  uint32_t min;
  std::optional<uint32_t> max;
};

Sizes sizesFrom(Napi::Value value, const char *minName, const char *maxName, uint32_t most) {
  const Napi::Object limits = objectFrom(value, "The limits");
  Sizes sizes{static_cast<uint32_t>(integerFrom(limits.Get(minName), minName, most)), std::nullopt};
  const Napi::Value max = limits.Get(maxName);
  if (!max.IsUndefined()) {
    sizes.max = static_cast<uint32_t>(integerFrom(max, maxName, most));
    if (*sizes.max < sizes.min) throw RangeFailure(std::string(maxName) + " must not be less than " + minName + ".");
  }
  return sizes;
}

/** Elements of a table: the C API has no bound of its own, and allocates them at once. */
constexpr uint32_t kMostElements = 10'000'000;

std::runtime_error notMade(const std::string &what, const std::string &module, const std::string &name) {
  return std::runtime_error("WasmEdge could not make the " + what + " '" + module + "." + name + "'.");
}

}  // namespace

Napi::Object makeHostModule(Environment &environment, const std::shared_ptr<Engine> &engine,
                            std::shared_ptr<HostModule> module) {
  const std::string name = module->name;
  auto owner = std::make_shared<Owner>(engine, std::move(module), "host module '" + name + "'");
  engine->own(owner);
  return makeObject(environment, std::make_unique<HostModuleObject>(std::move(owner), name));
}

napi_value HostModuleObject::name(const Call &call) { return Napi::String::New(call.env, name_); }

napi_value HostModuleObject::addFunction(const Call &call) {
  const auto host = module();
  const auto functionName = stringFrom(call[0], "The function's name");
  auto signature = signatureFromJavaScript(call[1]);
  const auto callback = functionFrom(call[2], "The callback");
  host->addFunction(functionName,
                    std::make_unique<CallbackFunction>(call.environment, owner_->engine(), name_ + "." + functionName,
                                                       std::move(signature), callback));
  call.environment.keep(call.self, callback);
  return nullptr;
}

napi_value HostModuleObject::addRecordedFunction(const Call &call) {
  const auto host = module();
  const auto functionName = stringFrom(call[0], "The function's name");
  auto signature = signatureFromJavaScript(call[1]);
  const auto recorder = unwrap<RecorderObject>(call.environment, call[2], "The recorder").recorder();
  auto plan = recordPlanFrom(call[3], signature);
  const auto callback = functionFrom(call[4], "The callback");
  host->addFunction(functionName, std::make_unique<RecordedFunction>(
                                      call.environment, owner_->engine(), name_ + "." + functionName,
                                      std::move(signature), callback, recorder, plan.index, std::move(plan.role)));
  call.environment.keep(call.self, callback);
  return nullptr;
}

napi_value HostModuleObject::addMemory(const Call &call) {
  const auto host = module();
  const auto memoryName = stringFrom(call[0], "The memory's name");
  const auto sizes = sizesFrom(call[1], "minPages", "maxPages", 65536);
  const LogScope scope;
  const auto type = makeMemoryType(sizes.min, sizes.max);
  auto *memory = type ? api().WasmEdge_MemoryInstanceCreate(type.get()) : nullptr;
  if (!memory) throw notMade("memory", name_, memoryName);
  api().WasmEdge_ModuleInstanceAddMemory(host->context.get(), wrap(memoryName), memory);
  return makeMemory(call.environment, owner_, memory, call.self);
}

napi_value HostModuleObject::addTable(const Call &call) {
  const auto host = module();
  const auto engine = owner_->engine();
  const auto tableName = stringFrom(call[0], "The table's name");
  const auto sizes = sizesFrom(call[1], "min", "max", kMostElements);
  const ValueKind kind = kindFromJavaScript(call[2], "The table's type");
  if (!isReference(kind)) throw TypeFailure("The table's type must be 'funcref' or 'externref'.");
  const LogScope scope;
  const auto type = makeTableType({kind, typeOf(kind)}, sizes.min, sizes.max);
  auto *table = type ? api().WasmEdge_TableInstanceCreate(type.get()) : nullptr;
  if (!table) throw notMade("table", name_, tableName);
  // Guests can put references into it that outlive them.
  engine->referenceEscaped();
  api().WasmEdge_ModuleInstanceAddTable(host->context.get(), wrap(tableName), table);
  return makeTable(call.environment, owner_, table, call.self);
}

napi_value HostModuleObject::addGlobal(const Call &call) {
  const auto host = module();
  const auto engine = owner_->engine();
  const auto globalName = stringFrom(call[0], "The global's name");
  const ValueKind kind = kindFromJavaScript(call[1], "The global's type");
  const bool isMutable = booleanFrom(call[2], "The global's mutability");
  const ValueType valueType{kind, typeOf(kind)};
  const auto value = fromJavaScript(call.environment, *engine, valueType, call[3],
                                    [&] { return "The value of the global '" + globalName + "'"; });
  const LogScope scope;
  const GlobalTypePtr type(api().WasmEdge_GlobalTypeCreate(
      valueType.type, isMutable ? WasmEdge_Mutability_Var : WasmEdge_Mutability_Const));
  auto *global = type ? api().WasmEdge_GlobalInstanceCreate(type.get(), value) : nullptr;
  if (!global) throw notMade("global", name_, globalName);
  if (isReference(kind)) engine->referenceEscaped();
  api().WasmEdge_ModuleInstanceAddGlobal(host->context.get(), wrap(globalName), global);
  return makeGlobal(call.environment, owner_, global, call.self);
}

napi_value HostModuleObject::dispose(const Call &) {
  owner_->dispose();
  return nullptr;
}

void HostModuleObject::define(Environment &environment, Napi::Object exports) {
  ClassDefinition<HostModuleObject>()
      .getter<&HostModuleObject::name>("name")
      .method<&HostModuleObject::addFunction>("addFunction")
      .method<&HostModuleObject::addRecordedFunction>("addRecordedFunction")
      .method<&HostModuleObject::addMemory>("addMemory")
      .method<&HostModuleObject::addTable>("addTable")
      .method<&HostModuleObject::addGlobal>("addGlobal")
      .method<&HostModuleObject::dispose>("dispose")
      .define(environment, exports);
}

}  // namespace wasmedge::js
