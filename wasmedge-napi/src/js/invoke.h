// Calling an exported function: shared by Func.call and Recorder.call.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "js/values.h"
#include "native/engine.h"
#include "native/instance.h"

namespace wasmedge::js {

/** What a Func object stands for. Its instance may be disposed meanwhile. */
struct ExportedFunction {
  std::shared_ptr<Owner> owner;
  const WasmEdge_FunctionInstanceContext *context;
  std::string name;
  Signature signature;
};

/** A fixed number of values, without allocation for the usual few. */
class ValueArray {
 public:
  explicit ValueArray(size_t count) : count_(static_cast<uint32_t>(count)) {
    if (count > few_.size()) many_ = std::make_unique<WasmEdge_Value[]>(count);
  }
  WasmEdge_Value *data() { return many_ ? many_.get() : few_.data(); }
  uint32_t count() const { return count_; }

 private:
  uint32_t count_;
  std::array<WasmEdge_Value, 8> few_;
  std::unique_ptr<WasmEdge_Value[]> many_;
};

/** One call of an exported function, from JavaScript's parameters to JavaScript's results. */
class Invocation {
 public:
  /** @throws DisposedFailure, TypeFailure, RangeFailure: before anything ran. */
  Invocation(Environment &environment, const ExportedFunction &function, const napi_value *params, size_t count);

  const WasmEdge_Value *params() { return params_.data(); }
  /** Replaces a parameter: of the i32 and i64 that are call ids. */
  void setParam(uint32_t at, int64_t integer);
  const WasmEdge_Value *results() { return results_.data(); }
  /** Runs it. Then `finish` must be called. */
  WasmEdge_Result run(Execution &execution);
  /** The results. @throws PendingException for what a host function threw, EngineFailure for any other failure. */
  Napi::Value finish(Execution &execution, WasmEdge_Result result);
  const std::shared_ptr<Engine> &engine() const { return engine_; }

 private:
  Environment &environment_;
  const ExportedFunction &function_;
  // Both stay alive while the call runs, whatever is disposed meanwhile.
  std::shared_ptr<Engine> engine_;
  std::shared_ptr<Natives> natives_;
  ValueArray params_;
  ValueArray results_;
};

/** JavaScript's array of these values. */
Napi::Value resultsToJavaScript(Environment &environment, Engine &engine, const std::vector<ValueType> &types,
                                const WasmEdge_Value *values);

}  // namespace wasmedge::js
