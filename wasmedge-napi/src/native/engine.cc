#include "native/engine.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "native/failures.h"
#include "native/instance.h"
#include "native/proposals.h"

namespace wasmedge {

namespace {

/** (module (func (export "f"))) */
constexpr std::array<uint8_t, 31> kNoOpModule{0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x60,
                                              0x00, 0x00, 0x03, 0x02, 0x01, 0x00, 0x07, 0x05, 0x01, 0x01, 0x66, 0x00,
                                              0x00, 0x0a, 0x04, 0x01, 0x02, 0x00, 0x0b};

template <class Pointer>
Pointer made(Pointer pointer, const char *what) {
  if (!pointer) throw std::runtime_error(std::string("WasmEdge could not make ") + what + ".");
  return pointer;
}

void setProposals(WasmEdge_ConfigureContext *configure, const EngineOptions &options) {
  const auto &known = api().proposals;
  const auto valueOf = [&](const std::string &name) {
    const auto value = proposalValue(known, name);
    if (value) return *value;
    std::string names;
    for (const auto &each : known) names += (names.empty() ? "" : ", ") + each;
    throw TypeFailure("WasmEdge " + api().version + " knows no proposal '" + name + "'; it knows " + names + ".");
  };
  for (const auto &name : kDefaultProposals) api().WasmEdge_ConfigureAddProposal(configure, valueOf(name));
  for (const auto &name : options.addProposals) api().WasmEdge_ConfigureAddProposal(configure, valueOf(name));
  for (const auto &name : options.removeProposals) api().WasmEdge_ConfigureRemoveProposal(configure, valueOf(name));
}

}  // namespace

Engine::Engine(const EngineOptions &options)
    : measureCost_(options.measureCost), configure_(made(api().WasmEdge_ConfigureCreate(), "a configuration")) {
  const Library &library = api();
  auto *configure = configure_.get();
  setProposals(configure, options);
  // Code compiled ahead of time is native code: never run what a module brings along.
  if (library.WasmEdge_ConfigureSetForceInterpreter) library.WasmEdge_ConfigureSetForceInterpreter(configure, true);
  if (options.maxMemoryPages) library.WasmEdge_ConfigureSetMaxMemoryPage(configure, *options.maxMemoryPages);
  library.WasmEdge_ConfigureStatisticsSetInstructionCounting(configure, options.countInstructions);
  library.WasmEdge_ConfigureStatisticsSetCostMeasuring(configure, options.measureCost);
  // With statistics the executor also times each host function, so there are none unless asked for.
  if (options.countInstructions || options.measureCost) {
    statistics_.reset(made(library.WasmEdge_StatisticsCreate(), "statistics"));
  }
  store_.reset(made(library.WasmEdge_StoreCreate(), "a store"));
  loader_.reset(made(library.WasmEdge_LoaderCreate(configure), "a loader"));
  validator_.reset(made(library.WasmEdge_ValidatorCreate(configure), "a validator"));
  executor_.reset(made(library.WasmEdge_ExecutorCreate(configure, statistics_.get()), "an executor"));
  // Not before: making an executor sets the limit to none.
  if (statistics_) library.WasmEdge_StatisticsSetCostLimit(statistics_.get(), options.costLimit);
}

Engine::~Engine() {
  const LogScope scope;
  canceller_.reset();
  noOp_.reset();
  retained_.clear();
  registered_.clear();
}

std::shared_ptr<Module> Engine::load(const uint8_t *bytes, size_t length) {
  if (length > UINT32_MAX) throw RangeFailure("A module of 4 GiB or more cannot be loaded.");
  LogScope scope;
  WasmEdge_ASTModuleContext *ast = nullptr;
  const auto result = api().WasmEdge_LoaderParseFromBytes(
      loader_.get(), &ast, api().WasmEdge_BytesWrap(bytes, static_cast<uint32_t>(length)));
  ASTModulePtr owned(ast);
  if (!api().WasmEdge_ResultOK(result) || !owned) throw EngineFailure("load", result, scope.lines());
  return std::make_shared<Module>(std::move(owned));
}

void Engine::validate(Module &module) {
  LogScope scope;
  const auto result = api().WasmEdge_ValidatorValidate(validator_.get(), module.ast());
  if (!api().WasmEdge_ResultOK(result)) throw EngineFailure("validate", result, scope.lines());
  module.validated = true;
}

void Engine::registerModule(const std::shared_ptr<HostModule> &module) {
  LogScope scope;
  const auto result =
      api().WasmEdge_ExecutorRegisterImport(executor_.get(), store_.get(), module->context.get());
  if (!api().WasmEdge_ResultOK(result)) throw EngineFailure("other", result, scope.lines());
  registered_.push_back(module);
}

const HostModule *Engine::wasi() const {
  const auto found = std::find_if(registered_.begin(), registered_.end(), [](const auto &m) { return m->isWasi; });
  return found == registered_.end() ? nullptr : found->get();
}

// `WasmEdge_AsyncCancel` does nothing but set the executor's stop token, which every loop and function entry of that
// executor tests and takes back. So a handle of an asynchronous call that has long ended serves to cancel any
// synchronous one.
void Engine::prepareCancel() {
  if (canceller_) return;
  const LogScope scope;
  const auto module = load(kNoOpModule.data(), kNoOpModule.size());
  validate(*module);
  WasmEdge_ModuleInstanceContext *instance = nullptr;
  const auto result =
      api().WasmEdge_ExecutorInstantiate(executor_.get(), &instance, store_.get(), module->ast());
  ModuleInstancePtr noOp(instance);
  if (!api().WasmEdge_ResultOK(result) || !noOp) throw EngineFailure("other", result, {});
  const auto *function = api().WasmEdge_ModuleInstanceFindFunction(noOp.get(), wrap("f"));
  AsyncPtr canceller(
      made(api().WasmEdge_ExecutorAsyncInvoke(executor_.get(), function, nullptr, 0), "an asynchronous call"));
  api().WasmEdge_AsyncWait(canceller.get());
  if (statistics_ && !current_) api().WasmEdge_StatisticsClear(statistics_.get());

  const std::lock_guard<std::mutex> lock(cancelMutex_);
  noOp_ = std::move(noOp);
  canceller_ = std::move(canceller);
}

bool Engine::cancel() {
  const std::lock_guard<std::mutex> lock(cancelMutex_);
  if (!running_ || !canceller_) return false;
  cancelled_.store(true, std::memory_order_relaxed);
  api().WasmEdge_AsyncCancel(canceller_.get());
  return true;
}

void Engine::drainCancellation() {
  const LogScope scope;
  const auto *function = api().WasmEdge_ModuleInstanceFindFunction(noOp_.get(), wrap("f"));
  api().WasmEdge_ExecutorInvoke(executor_.get(), function, nullptr, 0, nullptr, 0);
}

void Engine::retain(ModuleInstancePtr instance, std::vector<std::shared_ptr<HostModule>> hosts) {
  retained_.emplace_back(std::move(instance), std::move(hosts));
}

void Engine::own(const std::shared_ptr<Owner> &owner) {
  owned_.erase(std::remove_if(owned_.begin(), owned_.end(), [](const auto &each) { return each.expired(); }),
               owned_.end());
  owned_.push_back(owner);
}

void Engine::disposeOwned() {
  for (const auto &each : std::exchange(owned_, {})) {
    if (const auto owner = each.lock()) owner->dispose();
  }
  registered_.clear();
}

void Engine::watch(const std::shared_ptr<LinearMemory> &memory) {
  watched_.erase(std::remove_if(watched_.begin(), watched_.end(),
                                [&](const auto &each) { return each.expired() || each.lock() == memory; }),
                 watched_.end());
  watched_.push_back(memory);
}

void Engine::revalidateViews() {
  for (const auto &each : watched_) {
    const auto memory = each.lock();
    if (!memory || !memory->view()) continue;
    // Its owner may be disposed, and the view detached with it; else the natives are there.
    const auto owner = memory->owner();
    if (owner && !owner->disposed()) memory->revalidateView();
  }
}

void Engine::begin(Execution *execution) {
  execution->outer_ = std::exchange(current_, execution);
  if (execution->outer_) return;
  const std::lock_guard<std::mutex> lock(cancelMutex_);
  running_ = true;
}

void Engine::end(const Execution *execution) {
  current_ = execution->outer_;
  if (current_) return;
  {
    const std::lock_guard<std::mutex> lock(cancelMutex_);
    running_ = false;
  }
  if (cancelled_.load(std::memory_order_relaxed)) {
    drainCancellation();
    cancelled_.store(false, std::memory_order_relaxed);
  }
}

Execution::Execution(std::shared_ptr<Engine> engine) : engine_(std::move(engine)) { engine_->begin(this); }

Execution::~Execution() { engine_->end(this); }

WasmEdge_Result Execution::invoke(const WasmEdge_FunctionInstanceContext *function, const WasmEdge_Value *params,
                                  uint32_t paramCount, WasmEdge_Value *results, uint32_t resultCount) {
  if (engine_->cancelled()) return {WasmEdge_ErrCode_Interrupted};
  return api().WasmEdge_ExecutorInvoke(engine_->executor(), function, params, paramCount, results, resultCount);
}

void Execution::check(WasmEdge_Result result, const char *phase) {
  const uint32_t code = api().WasmEdge_ResultGetCode(result);
  // `WasmEdge_ResultOK` is also true of a guest that left by proc_exit.
  if (code == WasmEdge_ErrCode_Success) return;
  EngineFailure failure(phase, result, log());
  const HostModule *wasi = engine_->wasi();
  if (code == WasmEdge_ErrCode_Terminated && wasi) {
    failure.exitCode = api().WasmEdge_ModuleInstanceWASIGetExitCode(wasi->context.get());
  }
  throw failure;
}

}  // namespace wasmedge
