// Types of values and of functions.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "native/library.h"

namespace wasmedge {

/** In the order of the type bytes in the recorder's value lists (records.d.ts). */
enum class ValueKind : uint8_t { I32, I64, F32, F64, V128, FuncRef, ExternRef, Ref };

/** As index.d.ts spells it: `i32`, `funcref`, … */
const char *kindName(ValueKind kind);
inline bool isReference(ValueKind kind) { return kind >= ValueKind::FuncRef; }

/** References to types that the module defines are `Ref`, also those to its function types. */
ValueKind kindOf(WasmEdge_ValType type);
/** The type that the C API gives to host functions and globals. `Ref` has none: std::invalid_argument. */
WasmEdge_ValType typeOf(ValueKind kind);

struct ValueType {
  ValueKind kind;
  WasmEdge_ValType type;
};
struct Signature {
  std::vector<ValueType> params;
  std::vector<ValueType> results;
};
/**
 * Whether a host may put a non-null reference of type `actual` where `wanted` stands. The C API itself only tells
 * functions from anything else, and would take an array for a structure.
 */
bool acceptsReference(const ValueType &wanted, const ValueType &actual);

Signature signatureOf(const WasmEdge_FunctionTypeContext *type);

/** The number in a value: `T` of the value's own width, low bytes first (the C API's layout on little-endian machines). */
template <class T>
T numberIn(const WasmEdge_Value &value) {
  T number;
  std::memcpy(&number, value.Value, sizeof number);
  return number;
}
template <class T>
WasmEdge_Value makeValue(const ValueType &type, T number) {
  WasmEdge_Value value{};
  std::memcpy(value.Value, &number, sizeof number);
  value.Type = type.type;
  return value;
}
/** The null reference of a type: 8 bytes of type, then a null pointer. For numbers: zero. */
WasmEdge_Value zeroOf(const ValueType &type);

}  // namespace wasmedge
