#pragma once

#include "js/object.h"
#include "native/instance.h"

namespace wasmedge::js {

/** `Memory` of index.d.ts. */
class MemoryObject final : public ObjectBase {
 public:
  static constexpr ObjectKind kKind = ObjectKind::Memory;
  static constexpr const char *kName = "Memory";
  static std::unique_ptr<ObjectBase> construct(const Call &call) { return notConstructible(call); }
  static void define(Environment &environment, Napi::Object exports);

  MemoryObject(std::shared_ptr<Owner> owner, std::shared_ptr<LinearMemory> memory)
      : ObjectBase(kKind), owner_(std::move(owner)), memory_(std::move(memory)) {}
  /** @throws DisposedFailure */
  const std::shared_ptr<LinearMemory> &memory() const;

  napi_value sharedId(const Call &call);
  napi_value pages(const Call &call);
  napi_value byteLength(const Call &call);
  napi_value buffer(const Call &call);
  napi_value isCopy(const Call &call);
  napi_value read(const Call &call);
  napi_value write(const Call &call);
  napi_value grow(const Call &call);

 private:
  /** @throws DisposedFailure */
  MemoryBytes bytes() const { return bytesOf(memory()->context()); }

  std::shared_ptr<Owner> owner_;
  std::shared_ptr<LinearMemory> memory_;
  uint32_t sharedId_ = 0;
};

/** The object for a memory of `owner`; `holder` is the owner's own object, which it keeps alive. */
Napi::Object makeMemory(Environment &environment, const std::shared_ptr<Owner> &owner,
                        WasmEdge_MemoryInstanceContext *context, napi_value holder);

/** `Memory.read` and `SharedMemory.read`: a copy. @throws RangeFailure */
Napi::Value readBytes(const Call &call, const MemoryBytes &bytes);
/** `Memory.write` and `SharedMemory.write`. @throws RangeFailure */
void writeBytes(const Call &call, const MemoryBytes &bytes);

}  // namespace wasmedge::js
