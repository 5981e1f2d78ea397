// Ownership of the C API's contexts.
#pragma once

#include <memory>

#include "native/library.h"

namespace wasmedge {

/** Deletes a context with the function of the loaded library that `Delete` names. */
template <auto Delete>
struct ContextDeleter {
  template <class Context>
  void operator()(Context *context) const {
    (api().*Delete)(context);
  }
};
template <class Context, auto Delete>
using Owned = std::unique_ptr<Context, ContextDeleter<Delete>>;

using ConfigurePtr = Owned<WasmEdge_ConfigureContext, &Library::WasmEdge_ConfigureDelete>;
using StatisticsPtr = Owned<WasmEdge_StatisticsContext, &Library::WasmEdge_StatisticsDelete>;
using StorePtr = Owned<WasmEdge_StoreContext, &Library::WasmEdge_StoreDelete>;
using LoaderPtr = Owned<WasmEdge_LoaderContext, &Library::WasmEdge_LoaderDelete>;
using ValidatorPtr = Owned<WasmEdge_ValidatorContext, &Library::WasmEdge_ValidatorDelete>;
using ExecutorPtr = Owned<WasmEdge_ExecutorContext, &Library::WasmEdge_ExecutorDelete>;
using AsyncPtr = Owned<WasmEdge_Async, &Library::WasmEdge_AsyncDelete>;
using ASTModulePtr = Owned<WasmEdge_ASTModuleContext, &Library::WasmEdge_ASTModuleDelete>;
using ModuleInstancePtr = Owned<WasmEdge_ModuleInstanceContext, &Library::WasmEdge_ModuleInstanceDelete>;
using FunctionTypePtr = Owned<WasmEdge_FunctionTypeContext, &Library::WasmEdge_FunctionTypeDelete>;
using MemoryTypePtr = Owned<WasmEdge_MemoryTypeContext, &Library::WasmEdge_MemoryTypeDelete>;
using TableTypePtr = Owned<WasmEdge_TableTypeContext, &Library::WasmEdge_TableTypeDelete>;
using GlobalTypePtr = Owned<WasmEdge_GlobalTypeContext, &Library::WasmEdge_GlobalTypeDelete>;
using LimitPtr = Owned<WasmEdge_LimitContext, &Library::WasmEdge_LimitDelete>;

/** A C API string over characters that outlive its use. */
inline WasmEdge_String wrap(const std::string &text) {
  return api().WasmEdge_StringWrap(text.data(), static_cast<uint32_t>(text.size()));
}
inline std::string textOf(WasmEdge_String text) { return std::string(text.Buf, text.Length); }

}  // namespace wasmedge
