#include "js/errors.h"

#include <new>

#include "native/library.h"

namespace wasmedge::js {

namespace {

Napi::Object makeError(const EngineFailure &failure, Environment &environment) {
  const napi_env env = environment.env;
  Napi::Object fields = Napi::Object::New(env);
  fields.Set("phase", failure.phase);
  fields.Set("code", failure.code);
  fields.Set("engineMessage", failure.engineMessage);
  if (failure.byteOffset) fields.Set("byteOffset", static_cast<double>(*failure.byteOffset));
  Napi::Array log = Napi::Array::New(env);
  for (const auto &line : failure.log) log.Set(log.Length(), line);
  fields.Set("log", log);
  fields.Set("interrupted", failure.interrupted());
  fields.Set("costLimitExceeded", failure.costLimitExceeded());
  if (failure.exitCode) fields.Set("exitCode", *failure.exitCode);
  return environment.wasmEdgeError.New({Napi::String::New(env, failure.sentence()), fields});
}

Napi::Object makeError(const LibraryFailure &failure, Environment &environment) {
  const napi_env env = environment.env;
  return environment.libraryError.New({Napi::String::New(env, failure.what()), Napi::String::New(env, failure.code),
                                       Napi::String::New(env, failure.path)});
}

Napi::Object makeError(const DisposedFailure &failure, Environment &environment) {
  return environment.disposedError.New({Napi::String::New(environment.env, failure.what())});
}

void rethrow(Environment &environment) {
  const napi_env env = environment.env;
  try {
    throw;
  } catch (const PendingException &) {
  } catch (const Napi::Error &error) {
    error.ThrowAsJavaScriptException();
  } catch (const EngineFailure &failure) {
    napi_throw(env, makeError(failure, environment));
  } catch (const LibraryFailure &failure) {
    napi_throw(env, makeError(failure, environment));
  } catch (const DisposedFailure &failure) {
    napi_throw(env, makeError(failure, environment));
  } catch (const TypeFailure &failure) {
    napi_throw_type_error(env, nullptr, failure.what());
  } catch (const RangeFailure &failure) {
    napi_throw_range_error(env, nullptr, failure.what());
  } catch (const std::bad_alloc &) {
    napi_throw_range_error(env, nullptr, "There is not enough memory.");
  } catch (const std::exception &failure) {
    napi_throw_error(env, nullptr, failure.what());
  }
}

}  // namespace

void rethrowInJavaScript(Environment &environment) noexcept {
  try {
    rethrow(environment);
  } catch (const Napi::Error &error) {
    // Making the error failed: then that is what JavaScript gets to see.
    error.ThrowAsJavaScriptException();
  }
}

}  // namespace wasmedge::js
