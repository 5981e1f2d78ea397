#include "native/module.h"

namespace wasmedge {

const char *externalKindName(WasmEdge_ExternalType kind) {
  switch (kind) {
    case WasmEdge_ExternalType_Function:
      return "function";
    case WasmEdge_ExternalType_Table:
      return "table";
    case WasmEdge_ExternalType_Memory:
      return "memory";
    case WasmEdge_ExternalType_Global:
      return "global";
    case WasmEdge_ExternalType_Tag:
      break;
  }
  return "tag";
}

Module::Module(ASTModulePtr ast) : ast_(std::move(ast)) {
  const auto *cxt = ast_.get();
  std::vector<const WasmEdge_ImportTypeContext *> imports(api().WasmEdge_ASTModuleListImportsLength(cxt));
  api().WasmEdge_ASTModuleListImports(cxt, imports.data(), static_cast<uint32_t>(imports.size()));
  for (const auto *type : imports) {
    ImportInfo info{textOf(api().WasmEdge_ImportTypeGetModuleName(type)),
                    textOf(api().WasmEdge_ImportTypeGetExternalName(type)),
                    api().WasmEdge_ImportTypeGetExternalType(type), std::nullopt};
    if (info.kind == WasmEdge_ExternalType_Function) {
      if (const auto *function = api().WasmEdge_ImportTypeGetFunctionType(cxt, type)) {
        info.signature = signatureOf(function);
      }
    }
    imports_.push_back(std::move(info));
  }

  std::vector<const WasmEdge_ExportTypeContext *> exports(api().WasmEdge_ASTModuleListExportsLength(cxt));
  api().WasmEdge_ASTModuleListExports(cxt, exports.data(), static_cast<uint32_t>(exports.size()));
  for (const auto *type : exports) {
    ExportInfo info{textOf(api().WasmEdge_ExportTypeGetExternalName(type)),
                    api().WasmEdge_ExportTypeGetExternalType(type), std::nullopt, std::nullopt, std::nullopt};
    // Null where the module is not valid: an export's index may lead nowhere.
    if (info.kind == WasmEdge_ExternalType_Function) {
      if (const auto *function = api().WasmEdge_ExportTypeGetFunctionType(cxt, type)) {
        info.signature = signatureOf(function);
      }
    } else if (info.kind == WasmEdge_ExternalType_Global) {
      if (const auto *global = api().WasmEdge_ExportTypeGetGlobalType(cxt, type)) {
        info.valueKind = kindOf(api().WasmEdge_GlobalTypeGetValType(global));
        info.isMutable = api().WasmEdge_GlobalTypeGetMutability(global) == WasmEdge_Mutability_Var;
      }
    } else if (info.kind == WasmEdge_ExternalType_Table) {
      if (const auto *table = api().WasmEdge_ExportTypeGetTableType(cxt, type)) {
        info.valueKind = kindOf(api().WasmEdge_TableTypeGetRefType(table));
      }
    }
    exports_.push_back(std::move(info));
  }
}

}  // namespace wasmedge
