// What the binary gives to index.js.
#include "js/arguments.h"
#include "js/engine_object.h"
#include "js/global_object.h"
#include "js/host_module_object.h"
#include "js/instance_object.h"
#include "js/memory_object.h"
#include "js/module_object.h"
#include "js/recorder_object.h"
#include "js/shared_objects.h"
#include "js/table_object.h"
#include "js/values.h"
#include "native/library.h"

namespace wasmedge::js {

namespace {

/** `start({WasmEdgeError, LibraryError, DisposedError, keepAlive})`: what index.js contributes. */
napi_value start(const Call &call) {
  const Napi::Object given = objectFrom(call[0], "The classes");
  const auto take = [&](const char *name) { return Napi::Persistent(functionFrom(given.Get(name), name)); };
  call.environment.wasmEdgeError = take("WasmEdgeError");
  call.environment.libraryError = take("LibraryError");
  call.environment.disposedError = take("DisposedError");
  call.environment.keepAlive = take("keepAlive");
  return nullptr;
}

napi_value loadLibrary(const Call &call) {
  const Library &library = Library::load(cStringFrom(call[0], "The library's path"));
  Napi::Object info = Napi::Object::New(call.env);
  info.Set("path", library.path);
  info.Set("version", library.version);
  info.Set("major", library.major);
  info.Set("minor", library.minor);
  info.Set("patch", library.patch);
  Napi::Array proposals = Napi::Array::New(call.env);
  for (const auto &name : library.proposals) proposals.Set(proposals.Length(), name);
  info.Set("proposals", proposals);
  return info;
}

template <napi_value (*Function)(const Call &)>
napi_value run(napi_env env, napi_callback_info info) {
  const Call call(env, info);
  return guarded(call.environment, [&] { return Function(call); });
}

template <napi_value (*Function)(const Call &)>
void defineFunction(Napi::Env env, Napi::Object exports, const char *name) {
  napi_value function = nullptr;
  NAPI_THROW_IF_FAILED_VOID(
      env, napi_create_function(env, name, NAPI_AUTO_LENGTH, run<Function>, nullptr, &function));
  exports.Set(name, function);
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  Environment &environment = Environment::start(env);
  defineFunction<start>(env, exports, "start");
  defineFunction<loadLibrary>(env, exports, "loadLibrary");
  defineFunction<attachEngine>(env, exports, "attachEngine");
  defineFunction<attachMemory>(env, exports, "attachMemory");
  defineFunction<attachRecorder>(env, exports, "attachRecorder");
  EngineObject::define(environment, exports);
  ModuleObject::define(environment, exports);
  HostModuleObject::define(environment, exports);
  InstanceObject::define(environment, exports);
  FuncObject::define(environment, exports);
  MemoryObject::define(environment, exports);
  TableObject::define(environment, exports);
  GlobalObject::define(environment, exports);
  ReferenceObject::define(environment, exports);
  RecorderObject::define(environment, exports);
  SharedEngineObject::define(environment, exports);
  SharedMemoryObject::define(environment, exports);
  SharedRecorderObject::define(environment, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(wasmedge_napi, initialize)

}  // namespace wasmedge::js
