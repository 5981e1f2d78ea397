#include "js/module_object.h"

#include "js/values.h"

namespace wasmedge::js {

const std::shared_ptr<Module> &ModuleObject::module() const {
  if (!module_) throw DisposedFailure("The module was disposed.");
  return module_;
}

napi_value ModuleObject::imports(const Call &call) {
  const auto &imports = module()->imports();
  Napi::Array array = Napi::Array::New(call.env, imports.size());
  for (uint32_t i = 0; i < imports.size(); ++i) {
    Napi::Object object = Napi::Object::New(call.env);
    object.Set("module", imports[i].module);
    object.Set("name", imports[i].name);
    object.Set("kind", externalKindName(imports[i].kind));
    if (imports[i].signature) object.Set("type", signatureToJavaScript(call.env, *imports[i].signature));
    array.Set(i, object);
  }
  return array;
}

napi_value ModuleObject::exports(const Call &call) { return exportsToJavaScript(call.env, module()->exports()); }

napi_value ModuleObject::dispose(const Call &) {
  module_.reset();
  return nullptr;
}

Napi::Array exportsToJavaScript(napi_env env, const std::vector<ExportInfo> &exports) {
  Napi::Array array = Napi::Array::New(env, exports.size());
  for (uint32_t i = 0; i < exports.size(); ++i) {
    Napi::Object object = Napi::Object::New(env);
    object.Set("name", exports[i].name);
    object.Set("kind", externalKindName(exports[i].kind));
    if (exports[i].signature) object.Set("type", signatureToJavaScript(env, *exports[i].signature));
    if (exports[i].valueKind) object.Set("valueType", kindName(*exports[i].valueKind));
    if (exports[i].isMutable) object.Set("mutable", *exports[i].isMutable);
    array.Set(i, object);
  }
  return array;
}

void ModuleObject::define(Environment &environment, Napi::Object exports) {
  ClassDefinition<ModuleObject>()
      .getter<&ModuleObject::imports>("imports")
      .getter<&ModuleObject::exports>("exports")
      .method<&ModuleObject::dispose>("dispose")
      .define(environment, exports);
}

}  // namespace wasmedge::js
