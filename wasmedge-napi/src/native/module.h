// A decoded module, and what it says about its imports and exports.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "native/owned.h"
#include "native/values.h"

namespace wasmedge {

struct ImportInfo {
  std::string module;
  std::string name;
  WasmEdge_ExternalType kind;
  /** Functions only. */
  std::optional<Signature> signature;
};
struct ExportInfo {
  std::string name;
  WasmEdge_ExternalType kind;
  /** Functions only. */
  std::optional<Signature> signature;
  /** Globals: their type. Tables: their elements' type. */
  std::optional<ValueKind> valueKind;
  /** Globals only. */
  std::optional<bool> isMutable;
};

/** `function`, `table`, `memory`, `global` or `tag`. */
const char *externalKindName(WasmEdge_ExternalType kind);

class Module {
 public:
  explicit Module(ASTModulePtr ast);

  const WasmEdge_ASTModuleContext *ast() const { return ast_.get(); }
  const std::vector<ImportInfo> &imports() const { return imports_; }
  const std::vector<ExportInfo> &exports() const { return exports_; }
  bool validated = false;

 private:
  ASTModulePtr ast_;
  std::vector<ImportInfo> imports_;
  std::vector<ExportInfo> exports_;
};

}  // namespace wasmedge
