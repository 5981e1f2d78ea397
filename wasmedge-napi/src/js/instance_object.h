#pragma once

#include "js/invoke.h"
#include "js/object.h"
#include "native/instance.h"

namespace wasmedge::js {

/** `Instance` of index.d.ts. */
class InstanceObject final : public ObjectBase {
 public:
  static constexpr ObjectKind kKind = ObjectKind::Instance;
  static constexpr const char *kName = "Instance";
  static std::unique_ptr<ObjectBase> construct(const Call &call) { return notConstructible(call); }
  static void define(Environment &environment, Napi::Object exports);

  explicit InstanceObject(std::shared_ptr<Owner> owner) : ObjectBase(kKind), owner_(std::move(owner)) {}

  napi_value exports(const Call &call);
  napi_value func(const Call &call);
  napi_value memory(const Call &call);
  napi_value table(const Call &call);
  napi_value global(const Call &call);
  napi_value dispose(const Call &call);

 private:
  /** @throws DisposedFailure */
  std::shared_ptr<Instance> instance() const { return std::static_pointer_cast<Instance>(owner_->natives()); }

  std::shared_ptr<Owner> owner_;
};

/** `Func` of index.d.ts. */
class FuncObject final : public ObjectBase {
 public:
  static constexpr ObjectKind kKind = ObjectKind::Func;
  static constexpr const char *kName = "Func";
  static std::unique_ptr<ObjectBase> construct(const Call &call) { return notConstructible(call); }
  static void define(Environment &environment, Napi::Object exports);

  explicit FuncObject(ExportedFunction function) : ObjectBase(kKind), function(std::move(function)) {}

  napi_value type(const Call &call);
  napi_value invoke(const Call &call);

  const ExportedFunction function;
};

}  // namespace wasmedge::js
