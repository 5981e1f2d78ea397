#include "js/values.h"

#include <cmath>

namespace wasmedge::js {

namespace {

void check(napi_status status) {
  if (status != napi_ok) throw PendingException();
}

std::string typeName(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  switch (type) {
    case napi_undefined:
      return "undefined";
    case napi_null:
      return "null";
    case napi_boolean:
      return "a boolean";
    case napi_number:
      return "a number";
    case napi_string:
      return "a string";
    case napi_symbol:
      return "a symbol";
    case napi_function:
      return "a function";
    case napi_bigint:
      return "a bigint";
    default: {
      bool promise = false;
      napi_is_promise(env, value, &promise);
      return promise ? "a promise (host functions are synchronous)" : "an object";
    }
  }
}

TypeFailure wrongType(napi_env env, napi_value value, const Describe &describe, const char *wanted) {
  return TypeFailure(describe() + " must be " + wanted + ", not " + typeName(env, value) + ".");
}

WasmEdge_Value int32FromJavaScript(napi_env env, const ValueType &type, napi_value value, const Describe &describe) {
  double number = 0;
  if (napi_get_value_double(env, value, &number) != napi_ok) {
    throw wrongType(env, value, describe, "a number (i32)");
  }
  if (std::trunc(number) != number) throw TypeFailure(describe() + " must be an integer (i32).");
  // Both readings of 32 bits are taken: pointers are unsigned, the guest's Int is signed.
  if (number < -2147483648.0 || number > 4294967295.0) throw RangeFailure(describe() + " does not fit 32 bits (i32).");
  return makeValue(type, static_cast<uint32_t>(static_cast<int64_t>(number)));
}

WasmEdge_Value int64FromJavaScript(napi_env env, const ValueType &type, napi_value value, const Describe &describe) {
  napi_valuetype actual = napi_undefined;
  napi_typeof(env, value, &actual);
  if (actual != napi_bigint) throw wrongType(env, value, describe, "a bigint (i64)");
  int64_t number = 0;
  bool lossless = false;
  napi_get_value_bigint_int64(env, value, &number, &lossless);
  if (!lossless) {
    uint64_t positive = 0;
    napi_get_value_bigint_uint64(env, value, &positive, &lossless);
    if (!lossless) throw RangeFailure(describe() + " does not fit 64 bits (i64).");
    return makeValue(type, positive);
  }
  return makeValue(type, number);
}

WasmEdge_Value v128FromJavaScript(napi_env env, const ValueType &type, napi_value value, const Describe &describe) {
  const Napi::Value object(env, value);
  if (!object.IsTypedArray() || object.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array ||
      object.As<Napi::TypedArray>().ByteLength() != 16) {
    throw wrongType(env, value, describe, "a Uint8Array of 16 bytes (v128)");
  }
  WasmEdge_Value result{};
  std::memcpy(result.Value, object.As<Napi::Uint8Array>().Data(), 16);
  result.Type = type.type;
  return result;
}

WasmEdge_Value referenceFromJavaScript(Environment &environment, Engine &engine, const ValueType &type,
                                       napi_value value, const Describe &describe) {
  const napi_env env = environment.env;
  const bool nullable = api().WasmEdge_ValTypeIsRefNull(type.type);
  napi_valuetype actual = napi_undefined;
  napi_typeof(env, value, &actual);
  const auto *reference = actual == napi_object ? tryUnwrap<ReferenceObject>(environment, value) : nullptr;
  if (actual != napi_null && !reference) {
    throw wrongType(env, value, describe, (std::string("a Reference (") + kindName(type.kind) + ") or null").c_str());
  }
  if (!reference || reference->null) {
    if (!nullable) throw TypeFailure(describe() + " must not be null.");
    return zeroOf(type);
  }
  const auto owner = reference->engine.lock();
  if (!owner) throw DisposedFailure("The engine of the reference was disposed.");
  if (owner.get() != &engine) throw TypeFailure(describe() + " is a reference of another engine.");
  // The engine does not check what a host function or table gets: a function taken for an object would crash it.
  if (!acceptsReference(type, reference->valueType)) {
    throw TypeFailure(describe() + " must be a reference of type " + kindName(type.kind) + ", not this " +
                      kindName(reference->valueType.kind) + ".");
  }
  // The engine compares the value's type with the parameter's for equality, nullability included.
  WasmEdge_Value given = reference->value;
  given.Type = type.type;
  return given;
}

}  // namespace

napi_value toJavaScript(Environment &environment, Engine &engine, ValueKind kind, const WasmEdge_Value &value) {
  const napi_env env = environment.env;
  napi_value result = nullptr;
  switch (kind) {
    case ValueKind::I32:
      check(napi_create_int32(env, numberIn<int32_t>(value), &result));
      return result;
    case ValueKind::I64:
      check(napi_create_bigint_int64(env, numberIn<int64_t>(value), &result));
      return result;
    case ValueKind::F32:
      check(napi_create_double(env, numberIn<float>(value), &result));
      return result;
    case ValueKind::F64:
      check(napi_create_double(env, numberIn<double>(value), &result));
      return result;
    case ValueKind::V128: {
      auto bytes = Napi::Uint8Array::New(env, 16);
      std::memcpy(bytes.Data(), value.Value, 16);
      return bytes;
    }
    default:
      break;
  }
  auto reference = std::make_unique<ReferenceObject>(engine.weak_from_this(), value);
  if (!reference->null) engine.referenceEscaped();
  return makeObject(environment, std::move(reference));
}

WasmEdge_Value fromJavaScript(Environment &environment, Engine &engine, const ValueType &type, napi_value value,
                              const Describe &describe) {
  const napi_env env = environment.env;
  switch (type.kind) {
    case ValueKind::I32:
      return int32FromJavaScript(env, type, value, describe);
    case ValueKind::I64:
      return int64FromJavaScript(env, type, value, describe);
    case ValueKind::F32:
    case ValueKind::F64: {
      double number = 0;
      if (napi_get_value_double(env, value, &number) != napi_ok) {
        throw wrongType(env, value, describe, type.kind == ValueKind::F32 ? "a number (f32)" : "a number (f64)");
      }
      return type.kind == ValueKind::F32 ? makeValue(type, static_cast<float>(number)) : makeValue(type, number);
    }
    case ValueKind::V128:
      return v128FromJavaScript(env, type, value, describe);
    default:
      return referenceFromJavaScript(environment, engine, type, value, describe);
  }
}

ReferenceObject::ReferenceObject(std::weak_ptr<Engine> engine, const WasmEdge_Value &value)
    : ObjectBase(kKind),
      engine(std::move(engine)),
      value(value),
      valueType{kindOf(value.Type), value.Type},
      null(api().WasmEdge_ValueIsNullRef(value)) {}

napi_value ReferenceObject::type(const Call &call) { return Napi::String::New(call.env, kindName(valueType.kind)); }

napi_value ReferenceObject::isNull(const Call &call) { return Napi::Boolean::New(call.env, null); }

void ReferenceObject::define(Environment &environment, Napi::Object exports) {
  ClassDefinition<ReferenceObject>()
      .getter<&ReferenceObject::type>("type")
      .getter<&ReferenceObject::isNull>("isNull")
      .define(environment, exports);
}

Napi::Object signatureToJavaScript(napi_env env, const Signature &signature) {
  const auto list = [env](const std::vector<ValueType> &types) {
    Napi::Array names = Napi::Array::New(env, types.size());
    for (uint32_t i = 0; i < types.size(); ++i) names.Set(i, kindName(types[i].kind));
    return names;
  };
  Napi::Object object = Napi::Object::New(env);
  object.Set("params", list(signature.params));
  object.Set("results", list(signature.results));
  return object;
}

ValueKind kindFromJavaScript(Napi::Value value, const char *what, bool allowRef) {
  if (value.IsString()) {
    const std::string name = value.As<Napi::String>();
    for (uint8_t i = 0; i <= static_cast<uint8_t>(allowRef ? ValueKind::Ref : ValueKind::ExternRef); ++i) {
      if (name == kindName(static_cast<ValueKind>(i))) return static_cast<ValueKind>(i);
    }
    throw TypeFailure(std::string(what) + " cannot be '" + name +
                      "': the host provides i32, i64, f32, f64, v128, funcref and externref.");
  }
  throw TypeFailure(std::string(what) + " must be the name of a value type, such as 'i32'.");
}

Signature signatureFromJavaScript(Napi::Value value) {
  if (!value.IsObject()) throw TypeFailure("The function's type must be {params: […], results: […]}.");
  const auto list = [&](const char *name) {
    const Napi::Value names = value.As<Napi::Object>().Get(name);
    if (!names.IsArray()) throw TypeFailure(std::string("The function's ") + name + " must be an array.");
    const Napi::Array array = names.As<Napi::Array>();
    std::vector<ValueType> types;
    for (uint32_t i = 0; i < array.Length(); ++i) {
      const ValueKind kind = kindFromJavaScript(array.Get(i), name);
      types.push_back({kind, typeOf(kind)});
    }
    return types;
  };
  return {list("params"), list("results")};
}

}  // namespace wasmedge::js
