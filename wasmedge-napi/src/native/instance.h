// Instances and host modules, and what JavaScript's objects hold of them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "native/engine.h"
#include "native/linear_memory.h"
#include "native/owned.h"

namespace wasmedge {

/** A module instance of the C API. Who holds it keeps the memories, tables, globals and functions in it alive. */
struct Natives {
  virtual ~Natives() = default;
  ModuleInstancePtr context;
};

/** A function that the host provides. */
class HostFunction {
 public:
  HostFunction(std::string displayName, Signature signature)
      : displayName(std::move(displayName)), signature(std::move(signature)) {}
  virtual ~HostFunction() = default;
  virtual WasmEdge_Result call(const WasmEdge_Value *params, WasmEdge_Value *results) noexcept = 0;
  /** `module.name`, for messages. */
  const std::string displayName;
  const Signature signature;
};

struct HostModule : Natives {
  /** @throws EngineFailure where the C API makes none. */
  explicit HostModule(std::string name);
  HostModule(std::string name, ModuleInstancePtr wasi);
  ~HostModule() override { context.reset(); }

  void addFunction(const std::string &functionName, std::unique_ptr<HostFunction> function);

  std::string name;
  bool isWasi = false;

 private:
  std::vector<std::unique_ptr<HostFunction>> functions_;
};

struct Instance : Natives {
  /** @throws EngineFailure; a host function's exception leaves `execution.hostThrew` set. */
  Instance(Execution &execution, const std::shared_ptr<Engine> &engine, const Module &module);
  ~Instance() override;

  std::shared_ptr<Engine> engine;
  /** What it imports points into these. */
  std::vector<std::shared_ptr<HostModule>> hosts;
  std::vector<ExportInfo> exports;
};

/**
 * What JavaScript's objects of one instance or host module share: its natives, until one of them or the engine is
 * disposed. Used on the engine's thread only.
 */
class Owner : public std::enable_shared_from_this<Owner> {
 public:
  Owner(std::shared_ptr<Engine> engine, std::shared_ptr<Natives> natives, std::string what);
  ~Owner();
  Owner(const Owner &) = delete;
  Owner &operator=(const Owner &) = delete;

  /** @throws DisposedFailure */
  std::shared_ptr<Natives> natives() const;
  /** @throws DisposedFailure */
  std::shared_ptr<Engine> engine() const;
  bool disposed() const { return natives_ == nullptr; }
  void dispose();

  /** The one LinearMemory of a memory in these natives. */
  std::shared_ptr<LinearMemory> memory(WasmEdge_MemoryInstanceContext *context);

 private:
  std::shared_ptr<Engine> engine_;
  std::shared_ptr<Natives> natives_;
  std::string what_;
  std::map<WasmEdge_MemoryInstanceContext *, std::shared_ptr<LinearMemory>> memories_;
};

}  // namespace wasmedge
