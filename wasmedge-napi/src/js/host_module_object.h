#pragma once

#include "js/object.h"
#include "native/instance.h"

namespace wasmedge::js {

/** `HostModule` of index.d.ts. */
class HostModuleObject final : public ObjectBase {
 public:
  static constexpr ObjectKind kKind = ObjectKind::HostModule;
  static constexpr const char *kName = "HostModule";
  static std::unique_ptr<ObjectBase> construct(const Call &call) { return notConstructible(call); }
  static void define(Environment &environment, Napi::Object exports);

  HostModuleObject(std::shared_ptr<Owner> owner, std::string name)
      : ObjectBase(kKind), owner_(std::move(owner)), name_(std::move(name)) {}
  const std::shared_ptr<Owner> &owner() const { return owner_; }
  /** @throws DisposedFailure */
  std::shared_ptr<HostModule> module() const { return std::static_pointer_cast<HostModule>(owner_->natives()); }

  napi_value name(const Call &call);
  napi_value addFunction(const Call &call);
  napi_value addRecordedFunction(const Call &call);
  napi_value addMemory(const Call &call);
  napi_value addTable(const Call &call);
  napi_value addGlobal(const Call &call);
  napi_value dispose(const Call &call);

 private:
  std::shared_ptr<Owner> owner_;
  std::string name_;
};

Napi::Object makeHostModule(Environment &environment, const std::shared_ptr<Engine> &engine,
                            std::shared_ptr<HostModule> module);

}  // namespace wasmedge::js
