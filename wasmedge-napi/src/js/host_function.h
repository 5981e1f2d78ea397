// Host functions that are JavaScript callbacks, recorded or not.
#pragma once

#include <memory>
#include <optional>

#include "js/environment.h"
#include "native/engine.h"
#include "native/instance.h"
#include "native/recorder.h"

namespace wasmedge::js {

class CallbackFunction : public HostFunction {
 public:
  /** `callback` is kept alive by its host module's JavaScript object. */
  CallbackFunction(Environment &environment, const std::shared_ptr<Engine> &engine, std::string displayName,
                   Signature signature, napi_value callback);

  WasmEdge_Result call(const WasmEdge_Value *params, WasmEdge_Value *results) noexcept override;

 protected:
  /**
   * Enters JavaScript. What the callback throws stays pending there; `threw` says that it did. `performed` is given to
   * the callback after the parameters, where it is there.
   */
  WasmEdge_Result enter(const WasmEdge_Value *params, WasmEdge_Value *results, bool &threw,
                        std::optional<bool> performed = std::nullopt) noexcept;

 private:
  void callBack(Engine &engine, const WasmEdge_Value *params, WasmEdge_Value *results, std::optional<bool> performed);
  void takeResults(Engine &engine, napi_value returned, WasmEdge_Value *results) const;

  Environment &environment_;
  /** Alive whenever it calls this. */
  Engine *const engine_;
  const WeakReference callback_;
};

class RecordedFunction final : public CallbackFunction {
 public:
  RecordedFunction(Environment &environment, const std::shared_ptr<Engine> &engine, std::string displayName,
                   Signature signature, napi_value callback, std::shared_ptr<Recorder> recorder, uint16_t index,
                   std::optional<RolePlan> role);

  WasmEdge_Result call(const WasmEdge_Value *params, WasmEdge_Value *results) noexcept override;

 private:
  WasmEdge_Result record(const WasmEdge_Value *params, WasmEdge_Value *results);

  const std::shared_ptr<Recorder> recorder_;
  const uint16_t index_;
  const std::optional<RolePlan> role_;
};

}  // namespace wasmedge::js
