// What one thread shares with others, by number. The whole process has one registry.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "native/engine.h"
#include "native/instance.h"
#include "native/recorder.h"

namespace wasmedge {

/** A memory, for whoever keeps its natives. */
struct MemoryShare {
  std::weak_ptr<Natives> natives;
  WasmEdge_MemoryInstanceContext *context;
};

/** Numbers are never used twice. What they name may be gone: then the look-ups return null. */
class SharedRegistry {
 public:
  static uint32_t add(std::weak_ptr<Engine> engine);
  static uint32_t add(MemoryShare memory);
  static uint32_t add(std::weak_ptr<Recorder> recorder);

  static std::shared_ptr<Engine> engine(uint32_t id);
  static std::optional<std::pair<std::shared_ptr<Natives>, WasmEdge_MemoryInstanceContext *>> memory(uint32_t id);
  static std::shared_ptr<Recorder> recorder(uint32_t id);
};

}  // namespace wasmedge
