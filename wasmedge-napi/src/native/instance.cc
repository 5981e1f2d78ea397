#include "native/instance.h"

#include "native/failures.h"

namespace wasmedge {

namespace {

WasmEdge_Result enterHostFunction(void *data, const WasmEdge_CallingFrameContext *, const WasmEdge_Value *params,
                                  WasmEdge_Value *results) {
  return static_cast<HostFunction *>(data)->call(params, results);
}

std::vector<WasmEdge_ValType> typesOf(const std::vector<ValueType> &values) {
  std::vector<WasmEdge_ValType> types;
  for (const auto &value : values) types.push_back(value.type);
  return types;
}

}  // namespace

HostModule::HostModule(std::string name) : name(std::move(name)) {
  context.reset(api().WasmEdge_ModuleInstanceCreate(wrap(this->name)));
  if (!context) throw std::runtime_error("WasmEdge could not make the host module '" + this->name + "'.");
}

HostModule::HostModule(std::string name, ModuleInstancePtr wasi) : name(std::move(name)), isWasi(true) {
  context = std::move(wasi);
}

void HostModule::addFunction(const std::string &functionName, std::unique_ptr<HostFunction> function) {
  const auto params = typesOf(function->signature.params);
  const auto results = typesOf(function->signature.results);
  const FunctionTypePtr type(
      api().WasmEdge_FunctionTypeCreate(params.data(), static_cast<uint32_t>(params.size()), results.data(),
                                        static_cast<uint32_t>(results.size())));
  auto *instance =
      type ? api().WasmEdge_FunctionInstanceCreate(type.get(), enterHostFunction, function.get(), 0) : nullptr;
  if (!instance) throw std::runtime_error("WasmEdge could not make the function '" + function->displayName + "'.");
  functions_.push_back(std::move(function));
  // The module owns it from here.
  api().WasmEdge_ModuleInstanceAddFunction(context.get(), wrap(functionName), instance);
}

Instance::Instance(Execution &execution, const std::shared_ptr<Engine> &engine, const Module &module)
    : engine(engine), hosts(engine->registered()), exports(module.exports()) {
  WasmEdge_ModuleInstanceContext *made = nullptr;
  const auto result =
      api().WasmEdge_ExecutorInstantiate(engine->executor(), &made, engine->store(), module.ast());
  context.reset(made);
  execution.check(result, "instantiate");
  if (!context) throw std::runtime_error("WasmEdge made no instance, and gave no reason.");
}

Instance::~Instance() {
  const LogScope scope;
  if (engine->referencesEscaped() && context) {
    engine->retain(std::move(context), std::move(hosts));
  }
  context.reset();
}

Owner::Owner(std::shared_ptr<Engine> engine, std::shared_ptr<Natives> natives, std::string what)
    : engine_(std::move(engine)), natives_(std::move(natives)), what_(std::move(what)) {}

Owner::~Owner() { dispose(); }

std::shared_ptr<Natives> Owner::natives() const {
  if (!natives_) throw DisposedFailure("The " + what_ + ", or its engine, was disposed.");
  return natives_;
}

std::shared_ptr<Engine> Owner::engine() const {
  if (!engine_) throw DisposedFailure("The " + what_ + ", or its engine, was disposed.");
  return engine_;
}

void Owner::dispose() {
  for (const auto &[context, memory] : memories_) memory->detachView();
  memories_.clear();
  natives_.reset();
  engine_.reset();
}

std::shared_ptr<LinearMemory> Owner::memory(WasmEdge_MemoryInstanceContext *context) {
  auto &memory = memories_[context];
  if (!memory) memory = std::make_shared<LinearMemory>(weak_from_this(), context);
  return memory;
}

}  // namespace wasmedge
