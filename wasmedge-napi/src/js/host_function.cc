#include "js/host_function.h"

#include "js/values.h"

namespace wasmedge::js {

namespace {

/** Handles made in it go with it: a guest may cross many times within one call. */
class HandleScope {
 public:
  explicit HandleScope(napi_env env) : env_(env) { napi_open_handle_scope(env, &scope_); }
  ~HandleScope() { napi_close_handle_scope(env_, scope_); }
  HandleScope(const HandleScope &) = delete;
  HandleScope &operator=(const HandleScope &) = delete;

 private:
  napi_env env_;
  napi_handle_scope scope_ = nullptr;
};

constexpr WasmEdge_Result kFailed{WasmEdge_ErrCode_RuntimeError};
constexpr WasmEdge_Result kInterrupted{WasmEdge_ErrCode_Interrupted};
constexpr WasmEdge_Result kSuccess{WasmEdge_ErrCode_Success};

}  // namespace

CallbackFunction::CallbackFunction(Environment &environment, const std::shared_ptr<Engine> &engine,
                                   std::string displayName, Signature signature, napi_value callback)
    : HostFunction(std::move(displayName), std::move(signature)),
      environment_(environment),
      engine_(engine.get()),
      callback_(environment.env, environment.bin, callback) {}

WasmEdge_Result CallbackFunction::call(const WasmEdge_Value *params, WasmEdge_Value *results) noexcept {
  bool threw = false;
  return enter(params, results, threw);
}

WasmEdge_Result CallbackFunction::enter(const WasmEdge_Value *params, WasmEdge_Value *results, bool &threw,
                                        std::optional<bool> performed) noexcept {
  Execution *execution = engine_->current();
  engine_->countCallback();
  if (engine_->cancelled()) return kInterrupted;
  const LogPause pause;
  const HandleScope scope(environment_.env);
  try {
    callBack(*engine_, params, results, performed);
  } catch (...) {
    rethrowInJavaScript(environment_);
    threw = true;
    if (execution) execution->hostThrew = true;
    return kFailed;
  }
  // A cancellation during the callback ends the guest here, at the latest.
  return engine_->cancelled() ? kInterrupted : kSuccess;
}

void CallbackFunction::callBack(Engine &engine, const WasmEdge_Value *params, WasmEdge_Value *results,
                                std::optional<bool> performed) {
  const napi_env env = environment_.env;
  engine.revalidateViews();
  const auto &types = signature.params;
  const size_t count = types.size() + (performed ? 1 : 0);
  constexpr size_t kFew = 8;
  napi_value few[kFew];
  std::vector<napi_value> many(count > kFew ? count : 0);
  napi_value *args = count > kFew ? many.data() : few;
  for (size_t i = 0; i < types.size(); ++i) {
    const ValueKind kind = isReference(types[i].kind) ? kindOf(params[i].Type) : types[i].kind;
    args[i] = toJavaScript(environment_, engine, kind, params[i]);
  }
  if (performed) napi_get_boolean(env, *performed, &args[types.size()]);
  const napi_value callback = callback_.get(env);
  if (!callback) throw DisposedFailure("The host function " + displayName + " was collected.");
  napi_value undefined = nullptr;
  napi_get_undefined(env, &undefined);
  napi_value returned = nullptr;
  if (napi_call_function(env, undefined, callback, count, args, &returned) != napi_ok) throw PendingException();
  takeResults(engine, returned, results);
}

void CallbackFunction::takeResults(Engine &engine, napi_value returned, WasmEdge_Value *results) const {
  const napi_env env = environment_.env;
  const auto &types = signature.results;
  if (types.empty()) {
    bool promise = false;
    napi_is_promise(env, returned, &promise);
    if (promise) {
      throw TypeFailure("The host function " + displayName +
                        " returned a promise: host functions are synchronous, the guest does not wait.");
    }
    return;
  }
  const auto describe = [&] { return "The result of the host function " + displayName; };
  bool isArray = false;
  napi_is_array(env, returned, &isArray);
  if (!isArray && types.size() == 1) {
    results[0] = fromJavaScript(environment_, engine, types[0], returned, describe);
    return;
  }
  uint32_t length = 0;
  if (isArray) napi_get_array_length(env, returned, &length);
  if (length != types.size()) {
    throw TypeFailure(describe() + " must be an array of " + std::to_string(types.size()) + " values.");
  }
  for (uint32_t i = 0; i < length; ++i) {
    napi_value element = nullptr;
    if (napi_get_element(env, returned, i, &element) != napi_ok) throw PendingException();
    results[i] = fromJavaScript(environment_, engine, types[i], element, [&] {
      return "Result " + std::to_string(i + 1) + " of the host function " + displayName;
    });
  }
}

RecordedFunction::RecordedFunction(Environment &environment, const std::shared_ptr<Engine> &engine,
                                   std::string displayName, Signature signature, napi_value callback,
                                   std::shared_ptr<Recorder> recorder, uint16_t index, std::optional<RolePlan> role)
    : CallbackFunction(environment, engine, std::move(displayName), std::move(signature), callback),
      recorder_(std::move(recorder)),
      index_(index),
      role_(std::move(role)) {}

WasmEdge_Result RecordedFunction::call(const WasmEdge_Value *params, WasmEdge_Value *results) noexcept {
  try {
    return record(params, results);
  } catch (const std::bad_alloc &) {
    return kFailed;
  }
}

WasmEdge_Result RecordedFunction::record(const WasmEdge_Value *params, WasmEdge_Value *results) {
  if (role_ && !recorder_->isArmed(index_) && recorder_->performRole(index_, *role_, signature.params, params)) {
    for (size_t i = 0; i < signature.results.size(); ++i) results[i] = zeroOf(signature.results[i]);
    return kSuccess;
  }
  recorder_->enterImport(index_, signature.params, params);
  std::optional<bool> performed;
  if (role_ && role_->beforeCallback) performed = recorder_->performEnteredRole(*role_, signature.params, params);
  bool threw = false;
  const WasmEdge_Result result = enter(params, results, threw, performed);
  const bool returned = result.Code == kSuccess.Code;
  recorder_->leaveImport(index_, threw, signature.results, returned ? results : nullptr);
  return result;
}

}  // namespace wasmedge::js
