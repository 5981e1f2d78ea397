// What goes wrong below JavaScript. js/errors.h turns these into its errors.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "native/abi.h"

namespace wasmedge {

/** A use after `dispose()`. */
class DisposedFailure : public std::runtime_error {
 public:
  explicit DisposedFailure(const std::string &what) : std::runtime_error(what) {}
};
/** An argument of the wrong type or shape: TypeError. */
class TypeFailure : public std::runtime_error {
 public:
  explicit TypeFailure(const std::string &what) : std::runtime_error(what) {}
};
/** An argument outside what is there: RangeError. */
class RangeFailure : public std::runtime_error {
 public:
  explicit RangeFailure(const std::string &what) : std::runtime_error(what) {}
};
/** The engine reported a failure: WasmEdgeError. */
class EngineFailure : public std::exception {
 public:
  EngineFailure(const char *phase, abi::WasmEdge_Result result, std::vector<std::string> log);
  const char *what() const noexcept override { return engineMessage.c_str(); }
  bool interrupted() const { return code == abi::WasmEdge_ErrCode_Interrupted; }
  bool costLimitExceeded() const { return code == abi::WasmEdge_ErrCode_CostLimitExceeded; }
  /** One sentence for people. */
  std::string sentence() const;

  /** As WasmEdgeError has it: `load`, `validate`, … */
  const char *phase;
  /** 24 bits of `WasmEdge_ResultGetCode`. */
  uint32_t code;
  std::string engineMessage;
  std::vector<std::string> log;
  std::optional<uint64_t> byteOffset;
  std::optional<uint32_t> exitCode;
};

}  // namespace wasmedge
