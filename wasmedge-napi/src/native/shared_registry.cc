#include "native/shared_registry.h"

#include <map>
#include <mutex>
#include <variant>

namespace wasmedge {

namespace {

using Share = std::variant<std::weak_ptr<Engine>, MemoryShare, std::weak_ptr<Recorder>>;

struct Shares {
  std::mutex mutex;
  std::map<uint32_t, Share> byId;
  uint32_t next = 1;
};

Shares &shares() {
  // Not destroyed at exit: other threads may still look up then.
  static auto &all = *new Shares;  // NOLINT
  return all;
}

bool isGone(const Share &share) {
  if (const auto *engine = std::get_if<std::weak_ptr<Engine>>(&share)) return engine->expired();
  if (const auto *memory = std::get_if<MemoryShare>(&share)) return memory->natives.expired();
  return std::get<std::weak_ptr<Recorder>>(share).expired();
}

uint32_t addShare(Share share) {
  const std::lock_guard<std::mutex> lock(shares().mutex);
  auto &byId = shares().byId;
  for (auto each = byId.begin(); each != byId.end();) each = isGone(each->second) ? byId.erase(each) : std::next(each);
  const uint32_t id = shares().next++;
  byId.emplace(id, std::move(share));
  return id;
}

template <class T>
std::optional<T> find(uint32_t id) {
  const std::lock_guard<std::mutex> lock(shares().mutex);
  const auto found = shares().byId.find(id);
  if (found == shares().byId.end()) return std::nullopt;
  const auto *share = std::get_if<T>(&found->second);
  return share ? std::optional<T>(*share) : std::nullopt;
}

}  // namespace

uint32_t SharedRegistry::add(std::weak_ptr<Engine> engine) { return addShare(std::move(engine)); }
uint32_t SharedRegistry::add(MemoryShare memory) { return addShare(std::move(memory)); }
uint32_t SharedRegistry::add(std::weak_ptr<Recorder> recorder) { return addShare(std::move(recorder)); }

std::shared_ptr<Engine> SharedRegistry::engine(uint32_t id) {
  const auto share = find<std::weak_ptr<Engine>>(id);
  return share ? share->lock() : nullptr;
}

std::optional<std::pair<std::shared_ptr<Natives>, WasmEdge_MemoryInstanceContext *>> SharedRegistry::memory(
    uint32_t id) {
  const auto share = find<MemoryShare>(id);
  auto natives = share ? share->natives.lock() : nullptr;
  if (!natives) return std::nullopt;
  return std::make_pair(std::move(natives), share->context);
}

std::shared_ptr<Recorder> SharedRegistry::recorder(uint32_t id) {
  const auto share = find<std::weak_ptr<Recorder>>(id);
  return share ? share->lock() : nullptr;
}

}  // namespace wasmedge
