#pragma once

#include "js/object.h"
#include "native/engine.h"

namespace wasmedge::js {

/** `Engine` of index.d.ts. */
class EngineObject final : public ObjectBase {
 public:
  static constexpr ObjectKind kKind = ObjectKind::Engine;
  static constexpr const char *kName = "Engine";
  static std::unique_ptr<ObjectBase> construct(const Call &call);
  static void define(Environment &environment, Napi::Object exports);

  explicit EngineObject(std::shared_ptr<Engine> engine) : ObjectBase(kKind), engine_(std::move(engine)) {}

  napi_value sharedId(const Call &call);
  napi_value load(const Call &call);
  napi_value validate(const Call &call);
  napi_value createHostModule(const Call &call);
  napi_value createWasi(const Call &call);
  napi_value registerModule(const Call &call);
  napi_value instantiate(const Call &call);
  napi_value instructionCount(const Call &call);
  napi_value cost(const Call &call);
  napi_value costLimit(const Call &call);
  napi_value setCostLimit(const Call &call);
  napi_value resetStatistics(const Call &call);
  napi_value dispose(const Call &call);

 private:
  /** @throws DisposedFailure */
  const std::shared_ptr<Engine> &engine() const;

  std::shared_ptr<Engine> engine_;
  uint64_t costLimit_ = UINT64_MAX;
  uint32_t sharedId_ = 0;
};

}  // namespace wasmedge::js
