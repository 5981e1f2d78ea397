#include "js/shared_objects.h"

#include "js/arguments.h"
#include "js/memory_object.h"
#include "js/recorder_object.h"
#include "native/shared_registry.h"

namespace wasmedge::js {

namespace {

uint32_t idFrom(const Call &call) { return static_cast<uint32_t>(integerFrom(call[0], "The shared id", UINT32_MAX)); }

DisposedFailure gone(const char *what, uint32_t id) {
  return DisposedFailure(std::string("There is no ") + what + " with the shared id " + std::to_string(id) +
                         " any more.");
}

}  // namespace

napi_value attachEngine(const Call &call) {
  const uint32_t id = idFrom(call);
  auto engine = SharedRegistry::engine(id);
  if (!engine) throw gone("engine", id);
  return makeObject(call.environment, std::make_unique<SharedEngineObject>(std::move(engine)));
}

napi_value attachMemory(const Call &call) {
  const uint32_t id = idFrom(call);
  auto memory = SharedRegistry::memory(id);
  if (!memory) throw gone("memory", id);
  return makeObject(call.environment, std::make_unique<SharedMemoryObject>(std::move(memory->first), memory->second));
}

napi_value attachRecorder(const Call &call) {
  const uint32_t id = idFrom(call);
  auto recorder = SharedRegistry::recorder(id);
  if (!recorder) throw gone("recorder", id);
  return makeObject(call.environment, std::make_unique<SharedRecorderObject>(std::move(recorder)));
}

napi_value SharedEngineObject::cancel(const Call &call) {
  if (!engine_) throw DisposedFailure("The shared engine was disposed.");
  return Napi::Boolean::New(call.env, engine_->cancel());
}

napi_value SharedEngineObject::dispose(const Call &) {
  engine_.reset();
  return nullptr;
}

void SharedEngineObject::define(Environment &environment, Napi::Object exports) {
  ClassDefinition<SharedEngineObject>()
      .method<&SharedEngineObject::cancel>("cancel")
      .method<&SharedEngineObject::dispose>("dispose")
      .define(environment, exports);
}

MemoryBytes SharedMemoryObject::bytes() const {
  if (!natives_) throw DisposedFailure("The shared memory was disposed.");
  return bytesOf(memory_);
}

napi_value SharedMemoryObject::byteLength(const Call &call) {
  return Napi::Number::New(call.env, static_cast<double>(bytes().size));
}

napi_value SharedMemoryObject::read(const Call &call) { return readBytes(call, bytes()); }

napi_value SharedMemoryObject::write(const Call &call) {
  writeBytes(call, bytes());
  return nullptr;
}

napi_value SharedMemoryObject::dispose(const Call &) {
  natives_.reset();
  return nullptr;
}

void SharedMemoryObject::define(Environment &environment, Napi::Object exports) {
  ClassDefinition<SharedMemoryObject>()
      .getter<&SharedMemoryObject::byteLength>("byteLength")
      .method<&SharedMemoryObject::read>("read")
      .method<&SharedMemoryObject::write>("write")
      .method<&SharedMemoryObject::dispose>("dispose")
      .define(environment, exports);
}

/** Calls a function of this thread whenever the recording thread has written enough. */
class SharedRecorderObject::Listener {
 public:
  Listener(napi_env env, std::shared_ptr<Recorder> recorder, napi_value callback)
      : env_(env), recorder_(std::move(recorder)) {
    const auto callJs = [](napi_env env, napi_value callback, void *, void *) {
      // Null while the environment ends.
      if (!env || !callback) return;
      napi_value undefined = nullptr;
      napi_get_undefined(env, &undefined);
      napi_call_function(env, undefined, callback, 0, nullptr, nullptr);
    };
    NAPI_THROW_IF_FAILED_VOID(env, napi_create_threadsafe_function(
                                       env, callback, nullptr, Napi::String::New(env, "wasmedge recorder"), 0, 1,
                                       nullptr, nullptr, nullptr, callJs, &function_));
    // It must not keep the thread from ending; and it goes before the function does.
    napi_unref_threadsafe_function(env, function_);
    napi_add_env_cleanup_hook(env, onEnvironmentEnd, this);
    const napi_threadsafe_function function = function_;
    recorder_->stream().setWake([function] { napi_call_threadsafe_function(function, nullptr, napi_tsfn_nonblocking); });
  }
  ~Listener() {
    if (!function_) return;
    napi_remove_env_cleanup_hook(env_, onEnvironmentEnd, this);
    stop();
  }
  Listener(const Listener &) = delete;
  Listener &operator=(const Listener &) = delete;

 private:
  static void onEnvironmentEnd(void *listener) { static_cast<Listener *>(listener)->stop(); }
  void stop() {
    recorder_->stream().setWake(nullptr);
    napi_release_threadsafe_function(std::exchange(function_, nullptr), napi_tsfn_abort);
  }

  const napi_env env_;
  const std::shared_ptr<Recorder> recorder_;
  napi_threadsafe_function function_ = nullptr;
};

SharedRecorderObject::SharedRecorderObject(std::shared_ptr<Recorder> recorder)
    : ObjectBase(kKind), recorder_(std::move(recorder)) {}

SharedRecorderObject::~SharedRecorderObject() = default;

const std::shared_ptr<Recorder> &SharedRecorderObject::recorder() const {
  if (!recorder_) throw DisposedFailure("The shared recorder was disposed.");
  return recorder_;
}

napi_value SharedRecorderObject::arm(const Call &call) {
  armFrom(call, *recorder());
  return nullptr;
}

napi_value SharedRecorderObject::armAll(const Call &call) {
  armAllFrom(call, *recorder());
  return nullptr;
}

napi_value SharedRecorderObject::drain(const Call &call) { return drainToJavaScript(call, *recorder()); }

napi_value SharedRecorderObject::onData(const Call &call) {
  const auto &recorder = this->recorder();
  if (call[0].IsNull()) {
    listener_.reset();
    return nullptr;
  }
  const auto callback = functionFrom(call[0], "The listener");
  listener_.reset();
  listener_ = std::make_unique<Listener>(call.env, recorder, callback);
  return nullptr;
}

napi_value SharedRecorderObject::dispose(const Call &) {
  listener_.reset();
  recorder_.reset();
  return nullptr;
}

void SharedRecorderObject::define(Environment &environment, Napi::Object exports) {
  ClassDefinition<SharedRecorderObject>()
      .method<&SharedRecorderObject::arm>("arm")
      .method<&SharedRecorderObject::armAll>("armAll")
      .method<&SharedRecorderObject::drain>("drain")
      .method<&SharedRecorderObject::onData>("onData")
      .method<&SharedRecorderObject::dispose>("dispose")
      .define(environment, exports);
}

}  // namespace wasmedge::js
