#include "js/wasi.h"

#include <filesystem>

#include "js/arguments.h"
#include "native/failures.h"

namespace wasmedge::js {

namespace {

/** `errno` of WASI preview 1 for what is not supported. */
constexpr int32_t kNotSupported = 58;

/** Stands in for a function that would reach the network: the launch configuration names no sockets. */
class RefusingFunction final : public HostFunction {
 public:
  using HostFunction::HostFunction;
  WasmEdge_Result call(const WasmEdge_Value *, WasmEdge_Value *results) noexcept override {
    for (size_t i = 0; i < signature.results.size(); ++i) results[i] = makeValue(signature.results[i], kNotSupported);
    return {WasmEdge_ErrCode_Success};
  }
};

void refuseSockets(HostModule &wasi) {
  auto *context = wasi.context.get();
  std::vector<WasmEdge_String> names(api().WasmEdge_ModuleInstanceListFunctionLength(context));
  api().WasmEdge_ModuleInstanceListFunction(context, names.data(), static_cast<uint32_t>(names.size()));
  std::vector<std::string> sockets;
  for (const auto &name : names) {
    std::string text = textOf(name);
    if (text.rfind("sock_", 0) == 0) sockets.push_back(std::move(text));
  }
  for (const auto &name : sockets) {
    const auto *function = api().WasmEdge_ModuleInstanceFindFunction(context, wrap(name));
    wasi.addFunction(name, std::make_unique<RefusingFunction>(
                               wasi.name + "." + name,
                               signatureOf(api().WasmEdge_FunctionInstanceGetFunctionType(function))));
  }
}

std::vector<std::string> argsFrom(Napi::Value value) {
  std::vector<std::string> args;
  if (value.IsUndefined()) return args;
  const Napi::Array array = arrayFrom(value, "args");
  for (uint32_t i = 0; i < array.Length(); ++i) {
    args.push_back(cStringFrom(array.Get(i), "args[" + std::to_string(i) + "]"));
  }
  return args;
}

/** `name` and value pairs of a JavaScript object of strings. */
std::vector<std::pair<std::string, std::string>> pairsFrom(Napi::Value value, const std::string &what) {
  std::vector<std::pair<std::string, std::string>> pairs;
  if (value.IsUndefined()) return pairs;
  const Napi::Object object = objectFrom(value, what.c_str());
  const Napi::Array names = object.GetPropertyNames();
  for (uint32_t i = 0; i < names.Length(); ++i) {
    const std::string name = cStringFrom(names.Get(i), "A name in " + what);
    pairs.emplace_back(name, cStringFrom(object.Get(name), what + "['" + name + "']"));
  }
  return pairs;
}

std::vector<std::string> envFrom(Napi::Value value) {
  std::vector<std::string> env;
  for (const auto &[name, text] : pairsFrom(value, "env")) {
    if (name.empty() || name.find('=') != std::string::npos) {
      throw TypeFailure("env['" + name + "']: a variable's name must not be empty or contain '='.");
    }
    env.push_back(name + "=" + text);
  }
  return env;
}

std::vector<std::string> preopensFrom(Napi::Value value) {
  std::vector<std::string> preopens;
  for (const auto &[guest, host] : pairsFrom(value, "preopens")) {
    // WasmEdge takes them as one string, guest:host, and cuts it at each colon.
    if (guest.find(':') != std::string::npos || host.find(':') != std::string::npos) {
      throw RangeFailure("preopens['" + guest + "']: WasmEdge cannot open a path with a colon in it: " + host + ".");
    }
    std::error_code ignored;
    if (!std::filesystem::is_directory(host, ignored)) {
      throw RangeFailure("preopens['" + guest + "']: there is no folder " + host + ".");
    }
    preopens.push_back(guest + ":" + host);
  }
  return preopens;
}

std::vector<const char *> pointersTo(const std::vector<std::string> &strings) {
  std::vector<const char *> pointers;
  for (const auto &string : strings) pointers.push_back(string.c_str());
  return pointers;
}

}  // namespace

std::shared_ptr<HostModule> wasiModuleFrom(Napi::Value options) {
  const Napi::Object object =
      options.IsUndefined() ? Napi::Object::New(options.Env()) : objectFrom(options, "The WASI options");
  const auto args = argsFrom(object.Get("args"));
  const auto env = envFrom(object.Get("env"));
  const auto preopens = preopensFrom(object.Get("preopens"));
  const auto argPointers = pointersTo(args);
  const auto envPointers = pointersTo(env);
  const auto preopenPointers = pointersTo(preopens);

  const LogScope scope;
  ModuleInstancePtr context(api().WasmEdge_ModuleInstanceCreateWASI(
      argPointers.data(), static_cast<uint32_t>(argPointers.size()), envPointers.data(),
      static_cast<uint32_t>(envPointers.size()), preopenPointers.data(),
      static_cast<uint32_t>(preopenPointers.size())));
  if (!context) throw std::runtime_error("WasmEdge could not make a WASI module.");
  auto wasi = std::make_shared<HostModule>("wasi_snapshot_preview1", std::move(context));
  refuseSockets(*wasi);
  return wasi;
}

}  // namespace wasmedge::js
