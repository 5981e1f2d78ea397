// Engines, memories and recorders as other threads see them.
#pragma once

#include "js/object.h"
#include "native/engine.h"
#include "native/instance.h"
#include "native/recorder.h"

namespace wasmedge::js {

/** `SharedEngine` of index.d.ts. */
class SharedEngineObject final : public ObjectBase {
 public:
  static constexpr ObjectKind kKind = ObjectKind::SharedEngine;
  static constexpr const char *kName = "SharedEngine";
  static std::unique_ptr<ObjectBase> construct(const Call &call) { return notConstructible(call); }
  static void define(Environment &environment, Napi::Object exports);

  explicit SharedEngineObject(std::shared_ptr<Engine> engine) : ObjectBase(kKind), engine_(std::move(engine)) {}
  napi_value cancel(const Call &call);
  napi_value dispose(const Call &call);

 private:
  std::shared_ptr<Engine> engine_;
};

/** `SharedMemory` of index.d.ts. */
class SharedMemoryObject final : public ObjectBase {
 public:
  static constexpr ObjectKind kKind = ObjectKind::SharedMemory;
  static constexpr const char *kName = "SharedMemory";
  static std::unique_ptr<ObjectBase> construct(const Call &call) { return notConstructible(call); }
  static void define(Environment &environment, Napi::Object exports);

  SharedMemoryObject(std::shared_ptr<Natives> natives, WasmEdge_MemoryInstanceContext *memory)
      : ObjectBase(kKind), natives_(std::move(natives)), memory_(memory) {}
  napi_value byteLength(const Call &call);
  napi_value read(const Call &call);
  napi_value write(const Call &call);
  napi_value dispose(const Call &call);

 private:
  /** @throws DisposedFailure */
  MemoryBytes bytes() const;

  std::shared_ptr<Natives> natives_;
  WasmEdge_MemoryInstanceContext *memory_;
};

/** `SharedRecorder` of index.d.ts. */
class SharedRecorderObject final : public ObjectBase {
 public:
  static constexpr ObjectKind kKind = ObjectKind::SharedRecorder;
  static constexpr const char *kName = "SharedRecorder";
  static std::unique_ptr<ObjectBase> construct(const Call &call) { return notConstructible(call); }
  static void define(Environment &environment, Napi::Object exports);

  explicit SharedRecorderObject(std::shared_ptr<Recorder> recorder);
  ~SharedRecorderObject() override;
  napi_value arm(const Call &call);
  napi_value armAll(const Call &call);
  napi_value drain(const Call &call);
  napi_value onData(const Call &call);
  napi_value dispose(const Call &call);

 private:
  class Listener;
  /** @throws DisposedFailure */
  const std::shared_ptr<Recorder> &recorder() const;

  std::shared_ptr<Recorder> recorder_;
  std::unique_ptr<Listener> listener_;
};

// The functions of the same names. @throws RangeFailure where nothing has that id any more
napi_value attachEngine(const Call &call);
napi_value attachMemory(const Call &call);
napi_value attachRecorder(const Call &call);

}  // namespace wasmedge::js
