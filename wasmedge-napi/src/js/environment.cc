#include "js/environment.h"

#include "js/object.h"

namespace wasmedge::js {

void ReferenceBin::discard(napi_ref reference) {
  if (!reference) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!open_) return;
  if (std::this_thread::get_id() == thread_) {
    napi_delete_reference(env_, reference);
  } else {
    discarded_.push_back(reference);
  }
}

void ReferenceBin::empty() {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (napi_ref reference : std::exchange(discarded_, {})) napi_delete_reference(env_, reference);
}

void ReferenceBin::close() {
  const std::lock_guard<std::mutex> lock(mutex_);
  open_ = false;
}

WeakReference::WeakReference(napi_env env, std::shared_ptr<ReferenceBin> bin, napi_value object)
    : bin_(std::move(bin)) {
  bin_->empty();
  NAPI_THROW_IF_FAILED_VOID(env, napi_create_reference(env, object, 0, &reference_));
}

Environment::Environment(napi_env env) : env(env), bin(std::make_shared<ReferenceBin>(env)) {}

Environment::~Environment() = default;

Environment &Environment::start(napi_env env) {
  // Objects hold the environment too: their finalizers may run after its end.
  auto data = std::make_unique<std::shared_ptr<Environment>>(std::make_shared<Environment>(env));
  Environment &environment = **data;
  const auto end = [](napi_env, void *owned, void *) {
    const std::unique_ptr<std::shared_ptr<Environment>> data(static_cast<std::shared_ptr<Environment> *>(owned));
    (*data)->end();
  };
  NAPI_THROW_IF_FAILED(env, napi_set_instance_data(env, data.get(), end, nullptr), environment);
  data.release();  // NOLINT: owned by the environment
  return environment;
}

void Environment::end() {
  bin->close();
  for (auto &constructor : constructors) constructor.Reset();
  wasmEdgeError.Reset();
  libraryError.Reset();
  disposedError.Reset();
  keepAlive.Reset();
}

Environment &Environment::of(napi_env env) {
  void *data = nullptr;
  napi_get_instance_data(env, &data);
  return **static_cast<std::shared_ptr<Environment> *>(data);
}

void Environment::keep(napi_value holder, napi_value value) { keepAlive.Call({holder, value}); }

}  // namespace wasmedge::js
