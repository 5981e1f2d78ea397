// C++ exceptions become JavaScript's.
#pragma once

#include "js/environment.h"
#include "native/failures.h"

namespace wasmedge::js {

/** Thrown where a JavaScript exception is pending already and only has to be passed on. */
struct PendingException {};

/** Makes the C++ exception that is being handled pending in JavaScript, as the error of index.d.ts that it stands for. */
void rethrowInJavaScript(Environment &environment) noexcept;

}  // namespace wasmedge::js
