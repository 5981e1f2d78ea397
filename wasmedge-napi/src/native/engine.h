// One engine: a store with the executor, loader and validator that share its configuration.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "native/log_capture.h"
#include "native/module.h"
#include "native/owned.h"

namespace wasmedge {

class Execution;
class HostModule;
class LinearMemory;
class Owner;

struct EngineOptions {
  std::vector<std::string> addProposals;
  std::vector<std::string> removeProposals;
  bool countInstructions = false;
  bool measureCost = false;
  uint64_t costLimit = UINT64_MAX;
  /** In pages of 64 KiB. */
  std::optional<uint64_t> maxMemoryPages;
};

/** Used by one thread; only `cancel` may be called from others. */
class Engine : public std::enable_shared_from_this<Engine> {
 public:
  /** @throws TypeFailure for a proposal that this version does not know. */
  explicit Engine(const EngineOptions &options);
  ~Engine();
  Engine(const Engine &) = delete;
  Engine &operator=(const Engine &) = delete;

  /** @throws EngineFailure */
  std::shared_ptr<Module> load(const uint8_t *bytes, size_t length);
  /** @throws EngineFailure */
  void validate(Module &module);
  /** Instances made from now on find the module's entities. @throws EngineFailure where the name is taken. */
  void registerModule(const std::shared_ptr<HostModule> &module);
  const std::vector<std::shared_ptr<HostModule>> &registered() const { return registered_; }
  /** The WASI module that was registered, if any. */
  const HostModule *wasi() const;

  WasmEdge_ExecutorContext *executor() const { return executor_.get(); }
  WasmEdge_StoreContext *store() const { return store_.get(); }
  /** Null where nothing is counted. */
  WasmEdge_StatisticsContext *statistics() const { return statistics_.get(); }
  bool measuresCost() const { return measureCost_; }

  /** Makes `cancel` possible; on the engine's own thread. */
  void prepareCancel();
  /** Ends what runs, from any thread; false when nothing runs. */
  bool cancel();
  /** Whether `cancel` was called since the outermost running call began. */
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }

  /** The innermost call that runs. */
  Execution *current() const { return current_; }
  /** How often the guest has called JavaScript. */
  uint64_t callbacks() const { return callbacks_; }
  void countCallback() { ++callbacks_; }

  // References to guest objects and functions are bare pointers in the C API. Once one has left its instance (as a
  // Reference, or through a table or global of the host), nobody knows who still holds it: then instances and the host
  // modules they import are kept until the engine goes.
  void referenceEscaped() { referencesEscaped_ = true; }
  bool referencesEscaped() const { return referencesEscaped_; }
  void retain(ModuleInstancePtr instance, std::vector<std::shared_ptr<HostModule>> hosts);

  /** Everything that goes with the engine on `dispose`. */
  void own(const std::shared_ptr<Owner> &owner);
  void disposeOwned();

  /** Memories with a view in JavaScript are checked whenever JavaScript continues. */
  void watch(const std::shared_ptr<LinearMemory> &memory);
  void revalidateViews();

 private:
  friend class Execution;
  void begin(Execution *execution);
  void end(const Execution *execution);
  /** Takes back a cancellation that came too late to end anything. */
  void drainCancellation();

  bool measureCost_;
  bool referencesEscaped_ = false;
  std::vector<std::shared_ptr<HostModule>> registered_;
  std::vector<std::pair<ModuleInstancePtr, std::vector<std::shared_ptr<HostModule>>>> retained_;
  std::vector<std::weak_ptr<Owner>> owned_;
  std::vector<std::weak_ptr<LinearMemory>> watched_;
  Execution *current_ = nullptr;
  uint64_t callbacks_ = 0;

  ConfigurePtr configure_;
  StatisticsPtr statistics_;
  StorePtr store_;
  LoaderPtr loader_;
  ValidatorPtr validator_;
  ExecutorPtr executor_;

  std::mutex cancelMutex_;
  bool running_ = false;
  std::atomic<bool> cancelled_{false};
  /** An instance with one function that does nothing; see prepareCancel. */
  ModuleInstancePtr noOp_;
  AsyncPtr canceller_;
};

/** One call from the host into the guest, while it runs, on the engine's thread. Calls nest. */
class Execution {
 public:
  explicit Execution(std::shared_ptr<Engine> engine);
  ~Execution();
  Execution(const Execution &) = delete;
  Execution &operator=(const Execution &) = delete;

  Engine &engine() const { return *engine_; }
  Execution *outer() const { return outer_; }
  const std::vector<std::string> &log() { return scope_.lines(); }
  /** A host function threw: its exception is pending in JavaScript and is the reason of the failure that follows. */
  bool hostThrew = false;

  /** `WasmEdge_ExecutorInvoke`; `Interrupted` at once where the outermost call was cancelled already. */
  WasmEdge_Result invoke(const WasmEdge_FunctionInstanceContext *function, const WasmEdge_Value *params,
                         uint32_t paramCount, WasmEdge_Value *results, uint32_t resultCount);
  /** @throws EngineFailure for anything but success; `phase` is that of WasmEdgeError. */
  void check(WasmEdge_Result result, const char *phase);

 private:
  friend class Engine;
  std::shared_ptr<Engine> engine_;
  Execution *outer_ = nullptr;
  LogScope scope_;
};

}  // namespace wasmedge
