// A linear memory, as bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "native/library.h"

namespace wasmedge {

class Owner;

constexpr uint64_t kPageBytes = 65536;

/** Where a memory's bytes are now. */
struct MemoryBytes {
  uint8_t *data;
  uint64_t size;
  bool contains(uint64_t offset, uint64_t length) const { return offset <= size && length <= size - offset; }
};

/** The caller keeps the natives that the memory belongs to alive. */
inline MemoryBytes bytesOf(WasmEdge_MemoryInstanceContext *memory) {
  const Library &library = api();
  const uint64_t pages = library.widen(library.WasmEdge_MemoryInstanceGetPageSize(memory));
  // One byte is asked for: before 0.17 the whole length of 4 GiB would not fit the parameter.
  uint8_t *data = pages == 0 ? nullptr : library.WasmEdge_MemoryInstanceGetPointer(memory, 0, 1);
  return {data, data ? pages * kPageBytes : 0};
}

/** A view of the bytes in JavaScript that goes stale when they move or grow. */
class MemoryView {
 public:
  virtual ~MemoryView() = default;
  /** Whether the view shows these bytes. */
  virtual bool shows(const MemoryBytes &current) const = 0;
  /** Leaves JavaScript with an empty buffer. */
  virtual void detach() = 0;
};

/** One memory of an instance or host module, with its view. */
class LinearMemory {
 public:
  LinearMemory(std::weak_ptr<Owner> owner, WasmEdge_MemoryInstanceContext *context)
      : owner_(std::move(owner)), context_(context) {}
  LinearMemory(const LinearMemory &) = delete;
  LinearMemory &operator=(const LinearMemory &) = delete;

  /** Null once its owner is gone. */
  std::shared_ptr<Owner> owner() const { return owner_.lock(); }
  WasmEdge_MemoryInstanceContext *context() const { return context_; }

  MemoryView *view() const { return view_.get(); }
  void setView(std::unique_ptr<MemoryView> view) { view_ = std::move(view); }
  /** Detaches the view unless it still shows the memory. */
  void revalidateView() {
    if (view_ && !view_->shows(bytesOf(context_))) detachView();
  }
  void detachView() {
    if (view_) std::exchange(view_, nullptr)->detach();
  }

 private:
  std::weak_ptr<Owner> owner_;
  WasmEdge_MemoryInstanceContext *context_;
  std::unique_ptr<MemoryView> view_;
};

}  // namespace wasmedge
