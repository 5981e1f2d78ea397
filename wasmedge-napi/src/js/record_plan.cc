#include "js/record_plan.h"

#include <algorithm>
#include <array>

#include "js/arguments.h"
#include "native/failures.h"

namespace wasmedge::js {

namespace {

/** The index of a parameter that holds a pointer, size or call id: an i32 or i64. */
uint32_t paramFrom(Napi::Value value, const char *what, const Signature &signature) {
  const size_t count = signature.params.size();
  if (count == 0) throw RangeFailure(std::string(what) + ": the import has no parameters.");
  const auto index = static_cast<uint32_t>(integerFrom(value, what, count - 1));
  const ValueKind kind = signature.params[index].kind;
  if (kind != ValueKind::I32 && kind != ValueKind::I64) {
    throw TypeFailure(std::string(what) + ": parameter " + std::to_string(index) + " is an " + kindName(kind) +
                      ", not an i32 or i64.");
  }
  return index;
}

RolePlan roleFrom(Napi::Object role, const Signature &signature) {
  const std::string kind = stringFrom(role.Get("kind"), "role.kind");
  RolePlan plan{};
  plan.pointer = paramFrom(role.Get("pointer"), "role.pointer", signature);
  if (!role.Get("callId").IsUndefined()) plan.callId = paramFrom(role.Get("callId"), "role.callId", signature);
  const Napi::Value beforeCallback = role.Get("beforeCallback");
  if (!beforeCallback.IsUndefined() && !beforeCallback.IsBoolean()) {
    throw TypeFailure("role.beforeCallback must be a boolean.");
  }
  plan.beforeCallback = beforeCallback.ToBoolean();
  const Napi::Value size = role.Get("size");

  if (kind == "storeArgument") {
    plan.kind = RolePlan::Kind::StoreArgument;
    if (!size.IsUndefined()) plan.size = paramFrom(size, "role.size", signature);
    return plan;
  }
  if (kind != "returnResult") throw TypeFailure("role.kind must be 'storeArgument' or 'returnResult'.");
  plan.kind = RolePlan::Kind::ReturnResult;
  const Napi::Object policy = objectFrom(size, "role.size");
  plan.policy = sizePolicyFrom(stringFrom(policy.Get("kind"), "role.size.kind"));
  if (plan.policy == SizePolicy::Host || plan.policy >= SizePolicy::ElementsI8) {
    throw TypeFailure("role.size.kind cannot be '" + stringFrom(policy.Get("kind"), "role.size.kind") + "'.");
  }
  if (plan.policy == SizePolicy::Param) plan.size = paramFrom(policy.Get("param"), "role.size.param", signature);
  if (plan.policy == SizePolicy::Fixed) {
    plan.fixedBytes = integerFrom(policy.Get("bytes"), "role.size.bytes", UINT32_MAX);
  }
  return plan;
}

}  // namespace

SizePolicy sizePolicyFrom(const std::string &name) {
  static const std::array<const char *, 16> kNames = {
      "host",         "param",        "u32le-prefix", "nul",          "fixed",        "unknown",
      "elements-i8",  "elements-u8",  "elements-i16", "elements-u16", "elements-i32", "elements-u32",
      "elements-i64", "elements-u64", "elements-f32", "elements-f64"};
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found != kNames.end()) return static_cast<SizePolicy>(found - kNames.begin());
  throw TypeFailure("'" + name + "' is no size policy: use param, u32le-prefix, nul, fixed or unknown.");
}

RecordPlan recordPlanFrom(Napi::Value value, const Signature &signature) {
  const Napi::Object object = objectFrom(value, "The record plan");
  RecordPlan plan{static_cast<uint16_t>(integerFrom(object.Get("index"), "index", kMaxImports - 1)), std::nullopt};
  const Napi::Value role = object.Get("role");
  if (role.IsUndefined()) return plan;
  plan.role = roleFrom(objectFrom(role, "role"), signature);
  for (const auto &result : signature.results) {
    if (isReference(result.kind)) throw TypeFailure("An import with a role cannot return a reference.");
  }
  return plan;
}

}  // namespace wasmedge::js
