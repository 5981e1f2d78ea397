#pragma once

#include <optional>

#include <napi.h>

#include "native/recorder.h"
#include "native/values.h"

namespace wasmedge::js {

struct RecordPlan {
  uint16_t index;
  std::optional<RolePlan> role;
};

/** `RecordPlan` of index.d.ts, checked against the import's signature. @throws TypeFailure, RangeFailure */
RecordPlan recordPlanFrom(Napi::Value value, const Signature &signature);

/** The policy that index.d.ts calls `name`. @throws TypeFailure */
SizePolicy sizePolicyFrom(const std::string &name);

}  // namespace wasmedge::js
