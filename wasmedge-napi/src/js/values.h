// Values of the guest as JavaScript values, and back.
#pragma once

#include <functional>

#include "js/object.h"
#include "native/engine.h"
#include "native/values.h"

namespace wasmedge::js {

/** `Reference` of index.d.ts. */
class ReferenceObject final : public ObjectBase {
 public:
  static constexpr ObjectKind kKind = ObjectKind::Reference;
  static constexpr const char *kName = "Reference";
  static std::unique_ptr<ObjectBase> construct(const Call &call) { return notConstructible(call); }
  static void define(Environment &environment, Napi::Object exports);

  ReferenceObject(std::weak_ptr<Engine> engine, const WasmEdge_Value &value);
  napi_value type(const Call &call);
  napi_value isNull(const Call &call);

  const std::weak_ptr<Engine> engine;
  const WasmEdge_Value value;
  const ValueType valueType;
  const bool null;
};

/** @throws PendingException */
napi_value toJavaScript(Environment &environment, Engine &engine, ValueKind kind, const WasmEdge_Value &value);

/** Says which value is wrong: `parameter 1 of greet`. Only called for a message. */
using Describe = std::function<std::string()>;

/**
 * Checks and converts. Where a reference is wanted, null stands for the null reference.
 * @throws TypeFailure, RangeFailure
 */
WasmEdge_Value fromJavaScript(Environment &environment, Engine &engine, const ValueType &type, napi_value value,
                              const Describe &describe);

/** `{params: […], results: […]}` */
Napi::Object signatureToJavaScript(napi_env env, const Signature &signature);
/** The kind that `value` names. @throws TypeFailure; for `ref`, which the C API cannot make, unless `allowRef`. */
ValueKind kindFromJavaScript(Napi::Value value, const char *what, bool allowRef = false);
Signature signatureFromJavaScript(Napi::Value value);

}  // namespace wasmedge::js
