#include "native/values.h"

#include <stdexcept>

namespace wasmedge {

const char *kindName(ValueKind kind) {
  switch (kind) {
    case ValueKind::I32:
      return "i32";
    case ValueKind::I64:
      return "i64";
    case ValueKind::F32:
      return "f32";
    case ValueKind::F64:
      return "f64";
    case ValueKind::V128:
      return "v128";
    case ValueKind::FuncRef:
      return "funcref";
    case ValueKind::ExternRef:
      return "externref";
    case ValueKind::Ref:
      break;
  }
  return "ref";
}

namespace {

/** The heap type lies in the fourth byte of WasmEdge_ValType, in every version: checked by a test. */
uint8_t heapTypeOf(WasmEdge_ValType type) { return type.Data[3]; }

}  // namespace

ValueKind kindOf(WasmEdge_ValType type) {
  if (api().WasmEdge_ValTypeIsI32(type)) return ValueKind::I32;
  if (api().WasmEdge_ValTypeIsI64(type)) return ValueKind::I64;
  if (api().WasmEdge_ValTypeIsF32(type)) return ValueKind::F32;
  if (api().WasmEdge_ValTypeIsF64(type)) return ValueKind::F64;
  if (api().WasmEdge_ValTypeIsV128(type)) return ValueKind::V128;
  // `IsFuncRef` is also true of every type that the module defines, structures included.
  if (api().WasmEdge_ValTypeIsFuncRef(type)) {
    return heapTypeOf(type) == WasmEdge_TypeCode_TypeIndex ? ValueKind::Ref : ValueKind::FuncRef;
  }
  if (api().WasmEdge_ValTypeIsExternRef(type)) return ValueKind::ExternRef;
  return ValueKind::Ref;
}

WasmEdge_ValType typeOf(ValueKind kind) {
  switch (kind) {
    case ValueKind::I32:
      return api().WasmEdge_ValTypeGenI32();
    case ValueKind::I64:
      return api().WasmEdge_ValTypeGenI64();
    case ValueKind::F32:
      return api().WasmEdge_ValTypeGenF32();
    case ValueKind::F64:
      return api().WasmEdge_ValTypeGenF64();
    case ValueKind::V128:
      return api().WasmEdge_ValTypeGenV128();
    case ValueKind::FuncRef:
      return api().WasmEdge_ValTypeGenFuncRef();
    case ValueKind::ExternRef:
      return api().WasmEdge_ValTypeGenExternRef();
    case ValueKind::Ref:
      break;
  }
  throw std::invalid_argument("the C API cannot name this reference type");
}

bool acceptsReference(const ValueType &wanted, const ValueType &actual) {
  if (wanted.kind != actual.kind) return false;
  if (wanted.kind != ValueKind::Ref) return true;
  const uint8_t want = heapTypeOf(wanted.type);
  const uint8_t got = heapTypeOf(actual.type);
  const bool isEq = got == WasmEdge_TypeCode_EqRef || got == WasmEdge_TypeCode_I31Ref || got == WasmEdge_TypeCode_StructRef || got == WasmEdge_TypeCode_ArrayRef;
  if (want == WasmEdge_TypeCode_AnyRef) return got == WasmEdge_TypeCode_AnyRef || isEq;
  if (want == WasmEdge_TypeCode_EqRef) return isEq;
  // A module's own type is only known by its index there, which says nothing elsewhere.
  return want == got && want != WasmEdge_TypeCode_TypeIndex;
}

Signature signatureOf(const WasmEdge_FunctionTypeContext *type) {
  const auto list = [type](uint32_t length, auto get) {
    std::vector<WasmEdge_ValType> types(length);
    if (length > 0) get(type, types.data(), length);
    std::vector<ValueType> values;
    values.reserve(length);
    for (const WasmEdge_ValType &valueType : types) values.push_back({kindOf(valueType), valueType});
    return values;
  };
  return {list(api().WasmEdge_FunctionTypeGetParametersLength(type), api().WasmEdge_FunctionTypeGetParameters),
          list(api().WasmEdge_FunctionTypeGetReturnsLength(type), api().WasmEdge_FunctionTypeGetReturns)};
}

WasmEdge_Value zeroOf(const ValueType &type) {
  WasmEdge_Value value{};
  value.Type = type.type;
  if (isReference(type.kind)) std::memcpy(value.Value, type.type.Data, sizeof type.type.Data);
  return value;
}

}  // namespace wasmedge
