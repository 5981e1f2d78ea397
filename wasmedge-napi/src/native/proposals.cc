#include "native/proposals.h"

#include <algorithm>

namespace wasmedge {

namespace {

using Names = std::vector<std::string>;

// The first twelve stand in the same order everywhere. Source: include/common/enum.inc of 0.14.0, 0.15.0, 0.16.0, 0.17.0.
Names withTail(const Names &tail) {
  Names names{"ImportExportMutGlobals",
              "NonTrapFloatToIntConversions",
              "SignExtensionOperators",
              "MultiValue",
              "BulkMemoryOperations",
              "ReferenceTypes",
              "SIMD",
              "TailCall",
              "ExtendedConst",
              "FunctionReferences",
              "GC",
              "MultiMemories"};
  names.insert(names.end(), tail.begin(), tail.end());
  return names;
}

}  // namespace

const Names kDefaultProposals{"TailCall",          "ExtendedConst", "FunctionReferences",
                              "GC",                "MultiMemories", "ExceptionHandling"};

const Names &proposalNames(uint32_t major, uint32_t minor) {
  static const Names k014 =
      withTail({"Threads", "RelaxSIMD", "Annotations", "Memory64", "ExceptionHandling", "Component"});
  static const Names k015 =
      withTail({"RelaxSIMD", "Annotations", "Threads", "ExceptionHandling", "Memory64", "Component"});
  // 0.16 and 0.17; later versions are taken to append.
  static const Names k016 =
      withTail({"RelaxSIMD", "Annotations", "ExceptionHandling", "Memory64", "Threads", "Component"});
  if (major == 0 && minor == 14) return k014;
  if (major == 0 && minor == 15) return k015;
  return k016;
}

std::optional<uint32_t> proposalValue(const Names &names, const std::string &name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<uint32_t>(found - names.begin());
}

}  // namespace wasmedge
