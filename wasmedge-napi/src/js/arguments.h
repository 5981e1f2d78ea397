// Arguments and options from JavaScript. Each throws TypeFailure or RangeFailure, naming `what`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <napi.h>

namespace wasmedge::js {

std::string stringFrom(Napi::Value value, const char *what);
/** A string for the C API, which ends at the first NUL: so there may be none. */
std::string cStringFrom(Napi::Value value, const std::string &what);
bool booleanFrom(Napi::Value value, const char *what);
/** An integer from 0 to `max`. */
uint64_t integerFrom(Napi::Value value, const char *what, uint64_t max);
/** A bigint from 0 to 2⁶⁴ − 1. */
uint64_t bigintFrom(Napi::Value value, const char *what);
Napi::Object objectFrom(Napi::Value value, const char *what);
Napi::Array arrayFrom(Napi::Value value, const char *what);
Napi::Function functionFrom(Napi::Value value, const char *what);

/** A Uint8Array's bytes, where they lie. */
struct ByteSpan {
  const uint8_t *data;
  size_t length;
  std::vector<uint8_t> copy() const { return std::vector<uint8_t>(data, data + length); }
};
ByteSpan bytesFrom(Napi::Value value, const char *what);

/** Bytes that an `ArrayBuffer` can have, and that JavaScript can count: 2⁵³ − 1. */
constexpr uint64_t kMaxSafeInteger = 9007199254740991;

}  // namespace wasmedge::js
