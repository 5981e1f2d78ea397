// What one JavaScript environment (the main thread's or a worker's) keeps for the binding.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include <napi.h>

namespace wasmedge::js {

/** The classes of index.d.ts. */
enum class ObjectKind {
  Engine,
  Module,
  HostModule,
  Instance,
  Func,
  Memory,
  Table,
  Global,
  Reference,
  Recorder,
  SharedEngine,
  SharedMemory,
  SharedRecorder,
};
constexpr size_t kObjectKinds = 13;

class ObjectBase;

/**
 * Deletes napi references that C++ owners let go. Their destructors run on the thread that kept an engine alive last,
 * which can be another than the environment's.
 */
class ReferenceBin {
 public:
  explicit ReferenceBin(napi_env env) : env_(env), thread_(std::this_thread::get_id()) {}
  void discard(napi_ref reference);
  /** On the environment's thread: deletes what other threads let go. */
  void empty();
  /** When the environment ends; its references end with it. */
  void close();

 private:
  const napi_env env_;
  const std::thread::id thread_;
  std::mutex mutex_;
  bool open_ = true;
  std::vector<napi_ref> discarded_;
};

/** A reference that does not keep its object alive. */
class WeakReference {
 public:
  WeakReference(napi_env env, std::shared_ptr<ReferenceBin> bin, napi_value object);
  ~WeakReference() { bin_->discard(reference_); }
  WeakReference(const WeakReference &) = delete;
  WeakReference &operator=(const WeakReference &) = delete;
  /** Null where the object is gone. */
  napi_value get(napi_env env) const {
    napi_value object = nullptr;
    return napi_get_reference_value(env, reference_, &object) == napi_ok ? object : nullptr;
  }

 private:
  std::shared_ptr<ReferenceBin> bin_;
  napi_ref reference_ = nullptr;
};

struct Environment : std::enable_shared_from_this<Environment> {
  explicit Environment(napi_env env);
  ~Environment();

  /** Makes the environment's data; `napi_set_instance_data` owns it. */
  static Environment &start(napi_env env);
  static Environment &of(napi_env env);

  /**
   * Keeps `value` alive as long as `holder`, by an edge that the collector sees: host functions usually close over the
   * very instance that imports them.
   */
  void keep(napi_value holder, napi_value value);

  const napi_env env;
  const std::shared_ptr<ReferenceBin> bin;
  /** Every living object of our classes. An address that is not here is not ours, whatever wrapped it. */
  std::unordered_map<void *, ObjectKind> objects;
  /** The native that the next constructor call of our own is for: scripts cannot construct such objects. */
  std::unique_ptr<ObjectBase> pending;
  std::array<Napi::FunctionReference, kObjectKinds> constructors;
  /** Whether buffers over the engine's memory are allowed, once that was tried. */
  std::optional<bool> externalBuffers;
  // From index.js.
  Napi::FunctionReference wasmEdgeError;
  Napi::FunctionReference libraryError;
  Napi::FunctionReference disposedError;
  Napi::FunctionReference keepAlive;

 private:
  void end();
};

}  // namespace wasmedge::js
