#pragma once

#include <memory>

#include <napi.h>

#include "native/instance.h"

namespace wasmedge::js {

/**
 * A `wasi_snapshot_preview1` with the arguments, variables and folders that `options` names, and nothing of this process
 * but its standard streams. WasmEdge's socket functions are in it, so that modules that import them load, but refuse.
 */
std::shared_ptr<HostModule> wasiModuleFrom(Napi::Value options);

}  // namespace wasmedge::js
