// Names of WebAssembly proposals, by their place in `enum WasmEdge_Proposal`, which each minor version reorders.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wasmedge {

/** Proposal names of WasmEdge `major.minor`, each at its value in that version's `enum WasmEdge_Proposal`. */
const std::vector<std::string> &proposalNames(uint32_t major, uint32_t minor);

/**
 * Proposals that guests of today's compilers need (Kotlin/Wasm with garbage collection and the exception handling of
 * Wasm 3.0). 0.17 enables all of them itself; older versions have them, switched off.
 */
extern const std::vector<std::string> kDefaultProposals;

/** Value of `enum WasmEdge_Proposal` for `name`, if this version knows it. */
std::optional<uint32_t> proposalValue(const std::vector<std::string> &names, const std::string &name);

}  // namespace wasmedge
