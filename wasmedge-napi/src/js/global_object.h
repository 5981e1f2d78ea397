#pragma once

#include "js/object.h"
#include "native/instance.h"
#include "native/values.h"

namespace wasmedge::js {

/** `Global` of index.d.ts. */
class GlobalObject final : public ObjectBase {
 public:
  static constexpr ObjectKind kKind = ObjectKind::Global;
  static constexpr const char *kName = "Global";
  static std::unique_ptr<ObjectBase> construct(const Call &call) { return notConstructible(call); }
  static void define(Environment &environment, Napi::Object exports);

  GlobalObject(std::shared_ptr<Owner> owner, WasmEdge_GlobalInstanceContext *global);

  napi_value type(const Call &call);
  napi_value isMutable(const Call &call);
  napi_value value(const Call &call);
  napi_value setValue(const Call &call);

 private:
  std::shared_ptr<Owner> owner_;
  WasmEdge_GlobalInstanceContext *global_;
  ValueType type_;
  bool mutable_;
};

/** As makeMemory. */
Napi::Object makeGlobal(Environment &environment, const std::shared_ptr<Owner> &owner,
                        WasmEdge_GlobalInstanceContext *global, napi_value holder);

}  // namespace wasmedge::js
