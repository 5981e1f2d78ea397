#include "js/engine_object.h"

#include "js/arguments.h"
#include "js/host_module_object.h"
#include "js/instance_object.h"
#include "js/module_object.h"
#include "js/wasi.h"
#include "native/shared_registry.h"

namespace wasmedge::js {

namespace {

std::vector<std::string> namesFrom(Napi::Value value, const char *what) {
  std::vector<std::string> names;
  const Napi::Array array = arrayFrom(value, what);
  for (uint32_t i = 0; i < array.Length(); ++i) names.push_back(stringFrom(array.Get(i), what));
  return names;
}

EngineOptions optionsFrom(Napi::Value value) {
  EngineOptions options;
  if (value.IsUndefined()) return options;
  const Napi::Object object = objectFrom(value, "The engine's options");
  const auto option = [&](const char *name, auto take) {
    const Napi::Value given = object.Get(name);
    if (!given.IsUndefined()) take(given);
  };
  option("addProposals", [&](Napi::Value v) { options.addProposals = namesFrom(v, "addProposals"); });
  option("removeProposals", [&](Napi::Value v) { options.removeProposals = namesFrom(v, "removeProposals"); });
  option("countInstructions", [&](Napi::Value v) { options.countInstructions = booleanFrom(v, "countInstructions"); });
  option("costLimit", [&](Napi::Value v) {
    options.costLimit = bigintFrom(v, "costLimit");
    options.measureCost = true;
  });
  option("measureCost", [&](Napi::Value v) { options.measureCost = booleanFrom(v, "measureCost"); });
  option("maxMemoryPages", [&](Napi::Value v) { options.maxMemoryPages = integerFrom(v, "maxMemoryPages", 65536); });
  return options;
}

}  // namespace

std::unique_ptr<ObjectBase> EngineObject::construct(const Call &call) {
  const EngineOptions options = optionsFrom(call[0]);
  auto object = std::make_unique<EngineObject>(std::make_shared<Engine>(options));
  object->costLimit_ = options.costLimit;
  return object;
}

const std::shared_ptr<Engine> &EngineObject::engine() const {
  if (!engine_) throw DisposedFailure("The engine was disposed.");
  return engine_;
}

napi_value EngineObject::sharedId(const Call &call) {
  engine()->prepareCancel();
  if (sharedId_ == 0) sharedId_ = SharedRegistry::add(std::weak_ptr<Engine>(engine()));
  return Napi::Number::New(call.env, sharedId_);
}

napi_value EngineObject::load(const Call &call) {
  const auto bytes = bytesFrom(call[0], "The module's bytes");
  auto module = engine()->load(bytes.data, bytes.length);
  return makeObject(call.environment, std::make_unique<ModuleObject>(std::move(module)));
}

napi_value EngineObject::validate(const Call &call) {
  engine()->validate(*unwrap<ModuleObject>(call.environment, call[0], "The module").module());
  return nullptr;
}

napi_value EngineObject::createHostModule(const Call &call) {
  const auto name = stringFrom(call[0], "The host module's name");
  return makeHostModule(call.environment, engine(), std::make_shared<HostModule>(name));
}

napi_value EngineObject::createWasi(const Call &call) {
  return makeHostModule(call.environment, engine(), wasiModuleFrom(call[0]));
}

napi_value EngineObject::registerModule(const Call &call) {
  auto &host = unwrap<HostModuleObject>(call.environment, call[0], "The module");
  const auto module = host.module();
  if (host.owner()->engine() != engine()) {
    throw TypeFailure("The host module '" + module->name + "' was made by another engine.");
  }
  engine()->registerModule(module);
  // Its callbacks live as long as whatever may call them: the engine's object, then its instances' objects.
  call.environment.keep(call.self, call[0]);
  return nullptr;
}

napi_value EngineObject::instantiate(const Call &call) {
  const auto module = unwrap<ModuleObject>(call.environment, call[0], "The module").module();
  const auto engine = this->engine();
  if (!module->validated) engine->validate(*module);
  std::shared_ptr<Instance> instance;
  {
    Execution execution(engine);
    try {
      instance = std::make_shared<Instance>(execution, engine, *module);
    } catch (const EngineFailure &) {
      engine->revalidateViews();
      if (execution.hostThrew) throw PendingException();
      throw;
    }
    engine->revalidateViews();
  }
  auto owner = std::make_shared<Owner>(engine, std::move(instance), "instance");
  engine->own(owner);
  const Napi::Object object = makeObject(call.environment, std::make_unique<InstanceObject>(std::move(owner)));
  call.environment.keep(object, call.self);
  return object;
}

napi_value EngineObject::instructionCount(const Call &call) {
  const auto *statistics = engine()->statistics();
  return Napi::BigInt::New(call.env, statistics ? api().WasmEdge_StatisticsGetInstrCount(statistics) : uint64_t{0});
}

napi_value EngineObject::cost(const Call &call) {
  const auto *statistics = engine()->statistics();
  return Napi::BigInt::New(call.env, statistics ? api().WasmEdge_StatisticsGetTotalCost(statistics) : uint64_t{0});
}

napi_value EngineObject::costLimit(const Call &call) {
  engine();
  return Napi::BigInt::New(call.env, costLimit_);
}

napi_value EngineObject::setCostLimit(const Call &call) {
  const uint64_t limit = bigintFrom(call[0], "costLimit");
  if (!engine()->measuresCost()) {
    throw TypeFailure("This engine measures no cost: make it with {measureCost: true} to set a cost limit.");
  }
  api().WasmEdge_StatisticsSetCostLimit(engine()->statistics(), limit);
  costLimit_ = limit;
  return nullptr;
}

napi_value EngineObject::resetStatistics(const Call &) {
  if (engine()->statistics()) api().WasmEdge_StatisticsClear(engine()->statistics());
  return nullptr;
}

napi_value EngineObject::dispose(const Call &) {
  if (const auto engine = std::exchange(engine_, nullptr)) engine->disposeOwned();
  return nullptr;
}

void EngineObject::define(Environment &environment, Napi::Object exports) {
  ClassDefinition<EngineObject>()
      .getter<&EngineObject::sharedId>("sharedId")
      .method<&EngineObject::load>("load")
      .method<&EngineObject::validate>("validate")
      .method<&EngineObject::createHostModule>("createHostModule")
      .method<&EngineObject::createWasi>("createWasi")
      .method<&EngineObject::registerModule>("register")
      .method<&EngineObject::instantiate>("instantiate")
      .getter<&EngineObject::instructionCount>("instructionCount")
      .getter<&EngineObject::cost>("cost")
      .accessor<&EngineObject::costLimit, &EngineObject::setCostLimit>("costLimit")
      .method<&EngineObject::resetStatistics>("resetStatistics")
      .method<&EngineObject::dispose>("dispose")
      .define(environment, exports);
}

}  // namespace wasmedge::js
