#include "js/arguments.h"

#include <cmath>

#include "native/failures.h"

namespace wasmedge::js {

std::string stringFrom(Napi::Value value, const char *what) {
  if (!value.IsString()) throw TypeFailure(std::string(what) + " must be a string.");
  return value.As<Napi::String>();
}

std::string cStringFrom(Napi::Value value, const std::string &what) {
  std::string text = stringFrom(value, what.c_str());
  if (text.find('\0') != std::string::npos) throw TypeFailure(what + " must not contain a NUL character.");
  return text;
}

bool booleanFrom(Napi::Value value, const char *what) {
  if (!value.IsBoolean()) throw TypeFailure(std::string(what) + " must be a boolean.");
  return value.As<Napi::Boolean>();
}

uint64_t integerFrom(Napi::Value value, const char *what, uint64_t max) {
  double number = 0;
  if (napi_get_value_double(value.Env(), value, &number) != napi_ok) {
    throw TypeFailure(std::string(what) + " must be a number.");
  }
  if (std::isnan(number) || std::trunc(number) != number) throw TypeFailure(std::string(what) + " must be an integer.");
  if (number < 0 || number > static_cast<double>(max)) {
    throw RangeFailure(std::string(what) + " must be from 0 to " + std::to_string(max) + ".");
  }
  return static_cast<uint64_t>(number);
}

uint64_t bigintFrom(Napi::Value value, const char *what) {
  if (!value.IsBigInt()) throw TypeFailure(std::string(what) + " must be a bigint.");
  bool lossless = false;
  const uint64_t number = value.As<Napi::BigInt>().Uint64Value(&lossless);
  if (!lossless) throw RangeFailure(std::string(what) + " must be from 0 to 2**64 - 1.");
  return number;
}

Napi::Object objectFrom(Napi::Value value, const char *what) {
  if (!value.IsObject() || value.IsFunction()) throw TypeFailure(std::string(what) + " must be an object.");
  return value.As<Napi::Object>();
}

Napi::Array arrayFrom(Napi::Value value, const char *what) {
  if (!value.IsArray()) throw TypeFailure(std::string(what) + " must be an array.");
  return value.As<Napi::Array>();
}

Napi::Function functionFrom(Napi::Value value, const char *what) {
  if (!value.IsFunction()) throw TypeFailure(std::string(what) + " must be a function.");
  return value.As<Napi::Function>();
}

ByteSpan bytesFrom(Napi::Value value, const char *what) {
  void *data = nullptr;
  size_t length = 0;
  napi_typedarray_type type{};
  const auto status = napi_get_typedarray_info(value.Env(), value, &type, &length, &data, nullptr, nullptr);
  if (status != napi_ok || type != napi_uint8_array) throw TypeFailure(std::string(what) + " must be a Uint8Array.");
  return {static_cast<const uint8_t *>(data), length};
}

}  // namespace wasmedge::js
