// Types of memories and tables that the host makes.
#pragma once

#include <optional>

#include "native/owned.h"
#include "native/values.h"

namespace wasmedge {

/** Sizes in pages of 64 KiB. Null where the engine refuses them. */
MemoryTypePtr makeMemoryType(uint32_t minPages, std::optional<uint32_t> maxPages);
/** Sizes in elements. Null where the engine refuses them. */
TableTypePtr makeTableType(const ValueType &element, uint32_t min, std::optional<uint32_t> max);

}  // namespace wasmedge
