#include "native/failures.h"

#include "native/library.h"
#include "native/log_capture.h"

namespace wasmedge {

EngineFailure::EngineFailure(const char *phase, WasmEdge_Result result, std::vector<std::string> log)
    : phase(phase),
      code(api().WasmEdge_ResultGetCode(result)),
      engineMessage(api().WasmEdge_ResultGetMessage(result)),
      log(std::move(log)),
      byteOffset(byteOffsetIn(this->log)) {}

std::string EngineFailure::sentence() const {
  if (exitCode) return "The guest exited with code " + std::to_string(*exitCode) + ".";
  if (interrupted()) return "The guest was cancelled.";
  if (costLimitExceeded()) return "The guest exceeded its cost limit.";
  const std::string in = phase;
  std::string text = in == "load"          ? "The module cannot be loaded: "
                     : in == "validate"    ? "The module is not valid: "
                     : in == "instantiate" ? "The module cannot be instantiated: "
                     : in == "execute"     ? "The guest failed: "
                                           : "WasmEdge failed: ";
  text += engineMessage;
  if (byteOffset) text += ", at byte " + std::to_string(*byteOffset) + " of the module";
  return text + ".";
}

}  // namespace wasmedge
