// How the classes of index.d.ts are made of C++ objects.
//
// Unlike Napi::ObjectWrap, a receiver or argument is taken for ours only if its address is among the environment's
// living objects with the right kind: `Object.getOwnPropertyDescriptor(Memory.prototype, 'pages').get.call(engine)` is a
// TypeError and not a crash.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "js/environment.h"
#include "js/errors.h"

namespace wasmedge::js {

/** The native side of one JavaScript object, which owns it. */
class ObjectBase {
 public:
  explicit ObjectBase(ObjectKind kind) : kind(kind) {}
  virtual ~ObjectBase() = default;
  ObjectBase(const ObjectBase &) = delete;
  ObjectBase &operator=(const ObjectBase &) = delete;
  const ObjectKind kind;
};

/** One call of a method, getter, setter or constructor. */
class Call {
 public:
  Call(napi_env env, napi_callback_info info) : env(env), environment(Environment::of(env)) {
    napi_get_cb_info(env, info, &count_, few_, &self, nullptr);
    args_ = few_;
    if (count_ > kFew) {
      many_.resize(count_);
      napi_get_cb_info(env, info, &count_, many_.data(), nullptr, nullptr);
      args_ = many_.data();
    }
  }
  size_t count() const { return count_; }
  const napi_value *args() const { return args_; }
  /** Undefined where there is none. */
  Napi::Value operator[](size_t index) const {
    return index < count_ ? Napi::Value(env, args_[index]) : Napi::Env(env).Undefined();
  }

  const napi_env env;
  Environment &environment;
  napi_value self = nullptr;

 private:
  static constexpr size_t kFew = 12;
  napi_value few_[kFew];
  std::vector<napi_value> many_;
  const napi_value *args_;
  size_t count_ = kFew;
};

/** Runs `body`, whose C++ exceptions become JavaScript's. */
template <class Body>
napi_value guarded(Environment &environment, Body &&body) noexcept {
  try {
    return body();
  } catch (...) {
    rethrowInJavaScript(environment);
    return nullptr;
  }
}

/** The native of `value` if that is an object of class T, else null. */
template <class T>
T *tryUnwrap(const Environment &environment, napi_value value) {
  void *data = nullptr;
  if (napi_unwrap(environment.env, value, &data) != napi_ok) return nullptr;
  const auto found = environment.objects.find(data);
  if (found == environment.objects.end() || found->second != T::kKind) return nullptr;
  return static_cast<T *>(static_cast<ObjectBase *>(data));
}

/** The native of `value`. @throws TypeFailure that says what `what` must be. */
template <class T>
T &unwrap(const Environment &environment, napi_value value, const char *what) {
  T *object = tryUnwrap<T>(environment, value);
  if (!object) throw TypeFailure(std::string(what) + " must be an object of class " + T::kName + ".");
  return *object;
}

template <class T>
T &receiver(const Call &call) {
  return unwrap<T>(call.environment, call.self, "The receiver");
}

/** Makes a JavaScript object of class T around `native`. */
template <class T>
Napi::Object makeObject(Environment &environment, std::unique_ptr<T> native) {
  environment.pending = std::move(native);
  const auto constructor = environment.constructors[static_cast<size_t>(T::kKind)].Value();
  napi_value object = nullptr;
  const napi_status status = napi_new_instance(environment.env, constructor, 0, nullptr, &object);
  environment.pending.reset();
  if (status != napi_ok) throw Napi::Error::New(environment.env);
  return Napi::Object(environment.env, object);
}

/** Ties `native` to `object`, which deletes it when collected. */
void wrapObject(Environment &environment, napi_value object, std::unique_ptr<ObjectBase> native);

/** Defines class T, which has: kKind, kName, and `construct(const Call &)`, null for what scripts cannot construct. */
template <class T>
class ClassDefinition {
 public:
  template <napi_value (T::*Method)(const Call &)>
  ClassDefinition &method(const char *name) {
    add(name, &run<Method>, nullptr, nullptr);
    return *this;
  }
  template <napi_value (T::*Get)(const Call &)>
  ClassDefinition &getter(const char *name) {
    add(name, nullptr, &run<Get>, nullptr);
    return *this;
  }
  template <napi_value (T::*Get)(const Call &), napi_value (T::*Set)(const Call &)>
  ClassDefinition &accessor(const char *name) {
    add(name, nullptr, &run<Get>, &run<Set>);
    return *this;
  }

  void define(Environment &environment, Napi::Object exports) {
    napi_value constructor = nullptr;
    NAPI_THROW_IF_FAILED_VOID(environment.env,
                              napi_define_class(environment.env, T::kName, NAPI_AUTO_LENGTH, &construct, nullptr,
                                                properties_.size(), properties_.data(), &constructor));
    environment.constructors[static_cast<size_t>(T::kKind)] =
        Napi::Persistent(Napi::Function(environment.env, constructor));
    exports.Set(T::kName, constructor);
  }

 private:
  template <napi_value (T::*Method)(const Call &)>
  static napi_value run(napi_env env, napi_callback_info info) {
    const Call call(env, info);
    return guarded(call.environment, [&] { return (receiver<T>(call).*Method)(call); });
  }

  static napi_value construct(napi_env env, napi_callback_info info) {
    const Call call(env, info);
    return guarded(call.environment, [&]() -> napi_value {
      std::unique_ptr<ObjectBase> native = std::move(call.environment.pending);
      if (!native || native->kind != T::kKind) native = T::construct(call);
      if (!native) throw TypeFailure(std::string(T::kName) + " cannot be constructed by scripts.");
      wrapObject(call.environment, call.self, std::move(native));
      return call.self;
    });
  }

  void add(const char *name, napi_callback method, napi_callback getter, napi_callback setter) {
    const auto attributes = method ? napi_default_method : napi_default_jsproperty;
    properties_.push_back({name, nullptr, method, getter, setter, nullptr,
                           static_cast<napi_property_attributes>(attributes), nullptr});
  }

  std::vector<napi_property_descriptor> properties_;
};

/** For classes whose objects only we make. */
inline std::unique_ptr<ObjectBase> notConstructible(const Call &) { return nullptr; }

}  // namespace wasmedge::js
