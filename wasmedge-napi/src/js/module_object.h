#pragma once

#include "js/object.h"
#include "native/module.h"

namespace wasmedge::js {

/** `Module` of index.d.ts. */
class ModuleObject final : public ObjectBase {
 public:
  static constexpr ObjectKind kKind = ObjectKind::Module;
  static constexpr const char *kName = "Module";
  static std::unique_ptr<ObjectBase> construct(const Call &call) { return notConstructible(call); }
  static void define(Environment &environment, Napi::Object exports);

  explicit ModuleObject(std::shared_ptr<Module> module) : ObjectBase(kKind), module_(std::move(module)) {}
  /** @throws DisposedFailure */
  const std::shared_ptr<Module> &module() const;

  napi_value imports(const Call &call);
  napi_value exports(const Call &call);
  napi_value dispose(const Call &call);

 private:
  std::shared_ptr<Module> module_;
};

/** `ExportType[]` of index.d.ts. */
Napi::Array exportsToJavaScript(napi_env env, const std::vector<ExportInfo> &exports);

}  // namespace wasmedge::js
