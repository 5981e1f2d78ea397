#pragma once

#include "js/object.h"
#include "native/recorder.h"

namespace wasmedge::js {

/** `Recorder` of index.d.ts. */
class RecorderObject final : public ObjectBase {
 public:
  static constexpr ObjectKind kKind = ObjectKind::Recorder;
  static constexpr const char *kName = "Recorder";
  static std::unique_ptr<ObjectBase> construct(const Call &call);
  static void define(Environment &environment, Napi::Object exports);

  explicit RecorderObject(std::shared_ptr<Recorder> recorder) : ObjectBase(kKind), recorder_(std::move(recorder)) {}
  /** @throws DisposedFailure */
  const std::shared_ptr<Recorder> &recorder() const;

  napi_value sharedId(const Call &call);
  napi_value setMemory(const Call &call);
  napi_value nextSequence(const Call &call);
  /** `call`, its description taken apart by index.js: function, index, callId, argument, then the parameters. */
  napi_value invoke(const Call &call);
  /** The same with `entering` and `returned` before the parameters. */
  napi_value invokeBetween(const Call &call);
  /** The same as `invoke`, repeated: with the parts of `repeated` before the parameters. */
  napi_value invokeRepeatedly(const Call &call);
  napi_value setArgument(const Call &call);
  napi_value recordBuffer(const Call &call);
  napi_value arm(const Call &call);
  napi_value armAll(const Call &call);
  napi_value isArmed(const Call &call);
  napi_value drain(const Call &call);
  napi_value dispose(const Call &call);

 private:
  std::shared_ptr<Recorder> recorder_;
  uint32_t sharedId_ = 0;
};

// What Recorder and SharedRecorder have in common.
void armFrom(const Call &call, Recorder &recorder);
void armAllFrom(const Call &call, Recorder &recorder);
/** A Uint8Array of whole records, or null. */
napi_value drainToJavaScript(const Call &call, Recorder &recorder);

}  // namespace wasmedge::js
