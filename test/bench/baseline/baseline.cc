// The baseline of `npm run bench`: the least a C++ host can do over WasmEdge's C API for the same work. Its host functions
// copy the same bytes in and out of linear memory; nothing is kept of a crossing.
//
//   baseline MODULE greet COUNT        COUNT calls of greet(size, callId), one argument in, one result out
//   baseline MODULE store COUNT        one call of storeMany(size, callId, COUNT): COUNT crossings of storeArgument
//   baseline MODULE tick COUNT         one call of tickMany(COUNT): COUNT crossings of env.tick(i32) -> i32
//
// Prints the elapsed time in µs.

#include <wasmedge/wasmedge.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

template <auto Delete> struct Deleter {
  template <typename T> void operator()(T *object) const { Delete(object); }
};
template <typename T, auto Delete> using Owned = std::unique_ptr<T, Deleter<Delete>>;

void check(WasmEdge_Result result, const char *what) {
  if (WasmEdge_ResultOK(result)) return;
  std::fprintf(stderr, "baseline: %s: %s\n", what, WasmEdge_ResultGetMessage(result));
  std::exit(1);
}

struct Name {
  explicit Name(const char *text) : string(WasmEdge_StringCreateByCString(text)) {}
  ~Name() { WasmEdge_StringDelete(string); }
  Name(const Name &) = delete;
  Name &operator=(const Name &) = delete;
  WasmEdge_String string;
};

struct Host {
  std::unordered_map<int32_t, std::string> arguments;
  std::vector<uint8_t> result;
};

uint8_t *bytesAt(const WasmEdge_CallingFrameContext *frame, uint32_t address, uint32_t size) {
  WasmEdge_MemoryInstanceContext *memory = WasmEdge_CallingFrameGetMemoryInstance(frame, 0);
  return memory ? WasmEdge_MemoryInstanceGetPointer(memory, address, size) : nullptr;
}

WasmEdge_Result storeArgument(void *data, const WasmEdge_CallingFrameContext *frame,
                              const WasmEdge_Value *params, WasmEdge_Value *) {
  const auto *host = static_cast<const Host *>(data);
  const auto found = host->arguments.find(WasmEdge_ValueGetI32(params[1]));
  if (found == host->arguments.end()) return WasmEdge_Result_Fail;
  const std::string &argument = found->second;
  uint8_t *target = bytesAt(frame, static_cast<uint32_t>(WasmEdge_ValueGetI32(params[0])),
                            static_cast<uint32_t>(argument.size()));
  if (!target) return WasmEdge_Result_Fail;
  std::memcpy(target, argument.data(), argument.size());
  return WasmEdge_Result_Success;
}

WasmEdge_Result returnResult(void *data, const WasmEdge_CallingFrameContext *frame,
                             const WasmEdge_Value *params, WasmEdge_Value *) {
  auto *host = static_cast<Host *>(data);
  const auto size = static_cast<uint32_t>(WasmEdge_ValueGetI32(params[1]));
  const uint8_t *source = bytesAt(frame, static_cast<uint32_t>(WasmEdge_ValueGetI32(params[0])), size);
  if (!source) return WasmEdge_Result_Fail;
  host->result.assign(source, source + size);
  return WasmEdge_Result_Success;
}

WasmEdge_Result tick(void *, const WasmEdge_CallingFrameContext *, const WasmEdge_Value *params,
                     WasmEdge_Value *returns) {
  returns[0] = WasmEdge_ValueGenI32(WasmEdge_ValueGetI32(params[0]) + 1);
  return WasmEdge_Result_Success;
}

/// Adds a function of `paramCount` i32 parameters and `resultCount` i32 results; the module instance owns it.
void addFunction(WasmEdge_ModuleInstanceContext *module, const char *name, uint32_t paramCount,
                 uint32_t resultCount, WasmEdge_HostFunc_t function, Host *host) {
  const std::vector<WasmEdge_ValType> types(4, WasmEdge_ValTypeGenI32());
  const Owned<WasmEdge_FunctionTypeContext, WasmEdge_FunctionTypeDelete> type(
      WasmEdge_FunctionTypeCreate(types.data(), paramCount, types.data(), resultCount));
  const Name exported(name);
  WasmEdge_ModuleInstanceAddFunction(module, exported.string,
                                     WasmEdge_FunctionInstanceCreate(type.get(), function, host, 0));
}

} // namespace

int main(int argc, char **argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: baseline MODULE greet|store|tick COUNT\n");
    return 2;
  }
  const std::string mode = argv[2];
  const int32_t count = std::atoi(argv[3]);
  WasmEdge_LogSetErrorLevel();

  const Owned<WasmEdge_ConfigureContext, WasmEdge_ConfigureDelete> configure(WasmEdge_ConfigureCreate());
  for (const auto proposal :
       {WasmEdge_Proposal_FunctionReferences, WasmEdge_Proposal_GC, WasmEdge_Proposal_ExceptionHandling,
        WasmEdge_Proposal_TailCall, WasmEdge_Proposal_MultiMemories}) {
    WasmEdge_ConfigureAddProposal(configure.get(), proposal);
  }
  const Owned<WasmEdge_LoaderContext, WasmEdge_LoaderDelete> loader(WasmEdge_LoaderCreate(configure.get()));
  const Owned<WasmEdge_ValidatorContext, WasmEdge_ValidatorDelete> validator(
      WasmEdge_ValidatorCreate(configure.get()));
  const Owned<WasmEdge_StoreContext, WasmEdge_StoreDelete> store(WasmEdge_StoreCreate());
  const Owned<WasmEdge_ExecutorContext, WasmEdge_ExecutorDelete> executor(
      WasmEdge_ExecutorCreate(configure.get(), nullptr));

  Host host;
  const Name hostName("host"), envName("env");
  const Owned<WasmEdge_ModuleInstanceContext, WasmEdge_ModuleInstanceDelete> hostModule(
      WasmEdge_ModuleInstanceCreate(hostName.string));
  addFunction(hostModule.get(), "callHostToStoreArgumentData", 2, 0, storeArgument, &host);
  addFunction(hostModule.get(), "callHostToReturnResultData", 3, 0, returnResult, &host);
  const Owned<WasmEdge_ModuleInstanceContext, WasmEdge_ModuleInstanceDelete> envModule(
      WasmEdge_ModuleInstanceCreate(envName.string));
  addFunction(envModule.get(), "tick", 1, 1, tick, &host);
  const Owned<WasmEdge_ModuleInstanceContext, WasmEdge_ModuleInstanceDelete> wasi(
      WasmEdge_ModuleInstanceCreateWASI(nullptr, 0, nullptr, 0, nullptr, 0));
  for (const auto *module : {hostModule.get(), envModule.get(), wasi.get()}) {
    check(WasmEdge_ExecutorRegisterImport(executor.get(), store.get(), module), "register");
  }

  WasmEdge_ASTModuleContext *parsed = nullptr;
  check(WasmEdge_LoaderParseFromFile(loader.get(), &parsed, argv[1]), "load");
  const Owned<WasmEdge_ASTModuleContext, WasmEdge_ASTModuleDelete> ast(parsed);
  check(WasmEdge_ValidatorValidate(validator.get(), ast.get()), "validate");
  WasmEdge_ModuleInstanceContext *instantiated = nullptr;
  check(WasmEdge_ExecutorInstantiate(executor.get(), &instantiated, store.get(), ast.get()), "instantiate");
  const Owned<WasmEdge_ModuleInstanceContext, WasmEdge_ModuleInstanceDelete> guest(instantiated);

  const Name initializeName("_initialize");
  if (auto *initialize = WasmEdge_ModuleInstanceFindFunction(guest.get(), initializeName.string)) {
    check(WasmEdge_ExecutorInvoke(executor.get(), initialize, nullptr, 0, nullptr, 0), "_initialize");
  }

  const std::string argument = "World";
  const Name exportName(mode == "greet" ? "greet" : mode == "tick" ? "tickMany" : "storeMany");
  auto *function = WasmEdge_ModuleInstanceFindFunction(guest.get(), exportName.string);
  if (!function) {
    std::fprintf(stderr, "baseline: the module exports no such function\n");
    return 1;
  }
  const auto size = WasmEdge_ValueGenI32(static_cast<int32_t>(argument.size()));
  WasmEdge_Value returned{};

  const auto start = std::chrono::steady_clock::now();
  if (mode == "greet") {
    for (int32_t callId = 1; callId <= count; ++callId) {
      host.arguments[callId] = argument;
      const WasmEdge_Value params[] = {size, WasmEdge_ValueGenI32(callId)};
      check(WasmEdge_ExecutorInvoke(executor.get(), function, params, 2, nullptr, 0), "greet");
      host.arguments.erase(callId);
    }
  } else if (mode == "calls") {
    for (int32_t callId = 1; callId <= count; ++callId) {
      host.arguments[callId] = argument;
      const WasmEdge_Value params[] = {size, WasmEdge_ValueGenI32(callId), WasmEdge_ValueGenI32(1)};
      check(WasmEdge_ExecutorInvoke(executor.get(), function, params, 3, nullptr, 0), "storeMany");
      host.arguments.erase(callId);
    }
  } else if (mode == "store") {
    host.arguments[1] = argument;
    const WasmEdge_Value params[] = {size, WasmEdge_ValueGenI32(1), WasmEdge_ValueGenI32(count)};
    check(WasmEdge_ExecutorInvoke(executor.get(), function, params, 3, nullptr, 0), "storeMany");
  } else {
    const WasmEdge_Value params[] = {WasmEdge_ValueGenI32(count)};
    check(WasmEdge_ExecutorInvoke(executor.get(), function, params, 1, &returned, 1), "tickMany");
  }
  const auto elapsed = std::chrono::steady_clock::now() - start;
  std::printf("%.1f\n", std::chrono::duration<double, std::micro>(elapsed).count());
  return 0;
}
