#include "js/recorder_object.h"

#include <cmath>

#include "js/arguments.h"
#include "js/instance_object.h"
#include "js/invoke.h"
#include "js/memory_object.h"
#include "js/record_plan.h"
#include "js/repetition.h"
#include "native/shared_registry.h"

namespace wasmedge::js {

namespace {

constexpr size_t kDefaultWakeBytes = 64 * 1024;
constexpr size_t kDefaultMaxPendingBytes = 64 * 1024 * 1024;

/** `callId`: a number or bigint. */
int64_t callIdFrom(napi_env env, napi_value value) {
  double number = 0;
  if (napi_get_value_double(env, value, &number) == napi_ok) {
    if (std::trunc(number) != number) throw TypeFailure("callId must be an integer.");
    if (std::fabs(number) > static_cast<double>(kMaxSafeInteger)) {
      throw RangeFailure("callId is too large for a number: give it as a bigint.");
    }
    return static_cast<int64_t>(number);
  }
  int64_t integer = 0;
  bool lossless = false;
  if (napi_get_value_bigint_int64(env, value, &integer, &lossless) != napi_ok) {
    throw TypeFailure("callId must be a number or a bigint.");
  }
  return integer;
}

/** Closes the recorder's call whatever way it ends. */
class OpenCall {
 public:
  OpenCall(Recorder &recorder, uint16_t index, const std::vector<ValueType> &results)
      : recorder_(recorder), index_(index), results_(results) {}
  ~OpenCall() { recorder_.endCall(index_, status_, results_, values_); }
  OpenCall(const OpenCall &) = delete;
  OpenCall &operator=(const OpenCall &) = delete;

  void end(WasmEdge_Result result, const WasmEdge_Value *values) {
    switch (api().WasmEdge_ResultGetCode(result)) {
      case WasmEdge_ErrCode_Success:
        status_ = CallStatus::Returned;
        values_ = values;
        break;
      case WasmEdge_ErrCode_Terminated:
        status_ = CallStatus::Exited;
        break;
      case WasmEdge_ErrCode_Interrupted:
        status_ = CallStatus::Cancelled;
        break;
      default:
        break;
    }
  }

 private:
  Recorder &recorder_;
  const uint16_t index_;
  const std::vector<ValueType> &results_;
  CallStatus status_ = CallStatus::Trapped;
  const WasmEdge_Value *values_ = nullptr;
};

}  // namespace

std::unique_ptr<ObjectBase> RecorderObject::construct(const Call &call) {
  size_t wakeBytes = kDefaultWakeBytes;
  size_t maxPendingBytes = kDefaultMaxPendingBytes;
  if (!call[0].IsUndefined()) {
    const Napi::Object options = objectFrom(call[0], "The recorder's options");
    const auto bytes = [&](const char *name, size_t &target) {
      const Napi::Value value = options.Get(name);
      if (!value.IsUndefined()) target = static_cast<size_t>(integerFrom(value, name, UINT32_MAX));
    };
    bytes("wakeBytes", wakeBytes);
    bytes("maxPendingBytes", maxPendingBytes);
  }
  return std::make_unique<RecorderObject>(std::make_shared<Recorder>(wakeBytes, maxPendingBytes));
}

const std::shared_ptr<Recorder> &RecorderObject::recorder() const {
  if (!recorder_) throw DisposedFailure("The recorder was disposed.");
  return recorder_;
}

napi_value RecorderObject::sharedId(const Call &call) {
  if (sharedId_ == 0) sharedId_ = SharedRegistry::add(std::weak_ptr<Recorder>(recorder()));
  return Napi::Number::New(call.env, sharedId_);
}

napi_value RecorderObject::setMemory(const Call &call) {
  recorder()->setMemory(unwrap<MemoryObject>(call.environment, call[0], "The memory").memory());
  return nullptr;
}

napi_value RecorderObject::nextSequence(const Call &call) {
  return Napi::Number::New(call.env, recorder()->nextSequence());
}

namespace {

/** Where a JavaScript function is given: calls it. False where it returned false. @throws PendingException */
bool consent(napi_env env, napi_value function, size_t count, const napi_value *args) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, function, &type);
  if (type != napi_function) return true;
  napi_value undefined = nullptr;
  napi_get_undefined(env, &undefined);
  napi_value answer = nullptr;
  if (napi_call_function(env, undefined, function, count, args, &answer) != napi_ok) throw PendingException();
  bool goesOn = true;
  return napi_get_value_bool(env, answer, &goesOn) != napi_ok || goesOn;
}

napi_value emptyArray(napi_env env) {
  napi_value array = nullptr;
  napi_create_array_with_length(env, 0, &array);
  return array;
}

/** The parameters with which all ways to make a recorded call begin. */
struct RecordedCall {
  const ExportedFunction &function;
  uint16_t index;
  int64_t callId;
  std::optional<std::vector<uint8_t>> argument;
};

RecordedCall recordedCallFrom(const Call &call) {
  const auto &function = unwrap<FuncObject>(call.environment, call[0], "The function").function;
  const auto index = static_cast<uint16_t>(integerFrom(call[1], "index", kMaxImports - 1));
  const int64_t callId = callIdFrom(call.env, call[2]);
  std::optional<std::vector<uint8_t>> argument;
  if (!call[3].IsUndefined()) argument = bytesFrom(call[3], "argument").copy();
  return {function, index, callId, std::move(argument)};
}

/** Runs what `invocation` describes as a call of its own. */
WasmEdge_Result runRecorded(Recorder &recorder, Invocation &invocation, Execution &execution, RecordedCall call) {
  const auto &[params, results] = call.function.signature;
  recorder.beginCall(call.index, call.callId, std::move(call.argument), params, invocation.params());
  OpenCall open(recorder, call.index, results);
  const WasmEdge_Result result = invocation.run(execution);
  open.end(result, invocation.results());
  return result;
}

}  // namespace

napi_value RecorderObject::invoke(const Call &call) {
  // Holds it: a host function may dispose this object.
  const auto recorder = this->recorder();
  RecordedCall recorded = recordedCallFrom(call);
  constexpr size_t kDescribed = 4;
  Invocation invocation(call.environment, recorded.function, call.args() + kDescribed, call.count() - kDescribed);
  Execution execution(invocation.engine());
  const WasmEdge_Result result = runRecorded(*recorder, invocation, execution, std::move(recorded));
  return invocation.finish(execution, result);
}

napi_value RecorderObject::invokeRepeatedly(const Call &call) {
  const auto recorder = this->recorder();
  const RecordedCall first = recordedCallFrom(call);
  constexpr size_t kDescribed = 4 + Repetition::kArguments;
  const Repetition repetition(call, 4, first.function.signature.params);
  Invocation invocation(call.environment, first.function, call.args() + kDescribed, call.count() - kDescribed);
  const Engine &engine = *invocation.engine();
  const uint64_t callbacks = engine.callbacks();
  const uint64_t memorySize = recorder->memorySize();
  for (uint32_t made = 1;; ++made) {
    const int64_t callId = first.callId + (made - 1);
    for (const uint32_t at : repetition.callIdParams) invocation.setParam(at, callId);
    repetition.tell(recorder->nextSequence());
    Execution execution(invocation.engine());
    const WasmEdge_Result result =
        runRecorded(*recorder, invocation, execution, {first.function, first.index, callId, first.argument});
    const bool isPlain = api().WasmEdge_ResultGetCode(result) == WasmEdge_ErrCode_Success &&
                         engine.callbacks() == callbacks && recorder->memorySize() == memorySize;
    if (!isPlain || made == repetition.count || repetition.isInterrupted()) return invocation.finish(execution, result);
  }
}

napi_value RecorderObject::invokeBetween(const Call &call) {
  const auto recorder = this->recorder();
  auto [function, index, callId, argument] = recordedCallFrom(call);
  constexpr size_t kDescribed = 6;
  Invocation invocation(call.environment, function, call.args() + kDescribed, call.count() - kDescribed);
  recorder->beginCall(index, callId, std::move(argument), function.signature.params, invocation.params());
  OpenCall open(*recorder, index, function.signature.results);
  const auto cancelled = [&] {
    open.end({WasmEdge_ErrCode_Interrupted}, nullptr);
    return emptyArray(call.env);
  };
  if (!consent(call.env, call[4], 0, nullptr)) return cancelled();
  Napi::Value returned;
  {
    Execution execution(invocation.engine());
    const WasmEdge_Result result = invocation.run(execution);
    // Only what `check` lets pass counts as returned.
    if (api().WasmEdge_ResultGetCode(result) != WasmEdge_ErrCode_Success) open.end(result, nullptr);
    returned = invocation.finish(execution, result);
  }
  const napi_value args[] = {returned};
  if (!consent(call.env, call[5], 1, args)) return cancelled();
  open.end({WasmEdge_ErrCode_Success}, invocation.results());
  return returned;
}

napi_value RecorderObject::setArgument(const Call &call) {
  const auto sequence = static_cast<uint32_t>(integerFrom(call[0], "The sequence", kNoSequence - 1));
  if (!recorder()->setArgument(sequence, bytesFrom(call[1], "The argument").copy())) {
    throw RangeFailure("No call with sequence " + std::to_string(sequence) + " is open.");
  }
  return nullptr;
}

napi_value RecorderObject::recordBuffer(const Call &call) {
  const Napi::Object buffer = objectFrom(call[0], "The buffer");
  BufferNote note{};
  note.sequence = static_cast<uint32_t>(integerFrom(buffer.Get("sequence"), "sequence", kNoSequence));
  const std::string direction = stringFrom(buffer.Get("direction"), "direction");
  if (direction != "argument" && direction != "result") {
    throw TypeFailure("direction must be 'argument' or 'result'.");
  }
  note.isResult = direction == "result";
  note.address = integerFrom(buffer.Get("address"), "address", kMaxSafeInteger);
  note.size = integerFrom(buffer.Get("size"), "size", UINT32_MAX);
  note.captured = integerFrom(buffer.Get("captured"), "captured", note.size);
  note.policy = sizePolicyFrom(stringFrom(buffer.Get("policy"), "policy"));
  const Napi::Value edited = buffer.Get("edited");
  note.edited = !edited.IsUndefined() && booleanFrom(edited, "edited");
  const Napi::Value byExport = buffer.Get("byExport");
  note.byExport = !byExport.IsUndefined() && booleanFrom(byExport, "byExport");
  const Napi::Value bytes = buffer.Get("bytes");
  if (!bytes.IsUndefined()) {
    const auto given = bytesFrom(bytes, "bytes");
    if (given.length != note.captured) throw RangeFailure("captured must be the number of bytes that are given.");
    recorder()->noteBytes(note, given.data);
    return nullptr;
  }
  switch (recorder()->noteBuffer(note)) {
    case Recorder::NoteProblem::None:
      break;
    case Recorder::NoteProblem::NoMemory:
      throw RangeFailure("The recorder has no memory to capture from: call setMemory first.");
    case Recorder::NoteProblem::Outside:
      throw RangeFailure(std::to_string(note.captured) + " bytes at " + std::to_string(note.address) +
                         " lie outside memory: they cannot be captured.");
  }
  return nullptr;
}

void armFrom(const Call &call, Recorder &recorder) {
  const auto index = static_cast<uint32_t>(integerFrom(call[0], "The import's index", kMaxImports - 1));
  recorder.arm(index, booleanFrom(call[1], "armed"));
}

void armAllFrom(const Call &call, Recorder &recorder) { recorder.armAll(booleanFrom(call[0], "armed")); }

napi_value drainToJavaScript(const Call &call, Recorder &recorder) {
  auto batch = recorder.stream().take();
  if (batch.size() == 0) return Napi::Env(call.env).Null();
  auto bytes = Napi::Uint8Array::New(call.env, batch.size());
  batch.copyTo(bytes.Data());
  recorder.stream().recycle(std::move(batch));
  return bytes;
}

napi_value RecorderObject::arm(const Call &call) {
  armFrom(call, *recorder());
  return nullptr;
}

napi_value RecorderObject::armAll(const Call &call) {
  armAllFrom(call, *recorder());
  return nullptr;
}

napi_value RecorderObject::isArmed(const Call &call) {
  const auto index = static_cast<uint32_t>(integerFrom(call[0], "The import's index", kMaxImports - 1));
  return Napi::Boolean::New(call.env, recorder()->isArmed(index));
}

napi_value RecorderObject::drain(const Call &call) { return drainToJavaScript(call, *recorder()); }

napi_value RecorderObject::dispose(const Call &) {
  recorder_.reset();
  return nullptr;
}

void RecorderObject::define(Environment &environment, Napi::Object exports) {
  ClassDefinition<RecorderObject>()
      .getter<&RecorderObject::sharedId>("sharedId")
      .method<&RecorderObject::setMemory>("setMemory")
      .getter<&RecorderObject::nextSequence>("nextSequence")
      .method<&RecorderObject::invoke>("invoke")
      .method<&RecorderObject::invokeBetween>("invokeBetween")
      .method<&RecorderObject::invokeRepeatedly>("invokeRepeatedly")
      .method<&RecorderObject::setArgument>("setArgument")
      .method<&RecorderObject::recordBuffer>("recordBuffer")
      .method<&RecorderObject::arm>("arm")
      .method<&RecorderObject::armAll>("armAll")
      .method<&RecorderObject::isArmed>("isArmed")
      .method<&RecorderObject::drain>("drain")
      .method<&RecorderObject::dispose>("dispose")
      .define(environment, exports);
}

}  // namespace wasmedge::js
