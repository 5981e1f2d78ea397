#include "js/object.h"

namespace wasmedge::js {

void wrapObject(Environment &environment, napi_value object, std::unique_ptr<ObjectBase> native) {
  const auto finalize = [](napi_env, void *data, void *hint) {
    const std::unique_ptr<std::shared_ptr<Environment>> environment(static_cast<std::shared_ptr<Environment> *>(hint));
    (*environment)->objects.erase(data);
    const std::unique_ptr<ObjectBase> native(static_cast<ObjectBase *>(data));
  };
  auto hint = std::make_unique<std::shared_ptr<Environment>>(environment.shared_from_this());
  void *data = native.get();
  NAPI_THROW_IF_FAILED_VOID(environment.env,
                            napi_wrap(environment.env, object, data, finalize, hint.get(), nullptr));
  // The JavaScript object owns both from here.
  environment.objects.emplace(data, native->kind);
  hint.release();    // NOLINT
  native.release();  // NOLINT
}

}  // namespace wasmedge::js
