// The bytes of the recorder's stream: written by one thread, drained by any.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "native/values.h"

namespace wasmedge {

enum class RecordKind : uint8_t {
  CallBegin = 1,
  CallEnd = 2,
  ImportEnter = 3,
  ImportLeave = 4,
  Crossing = 5,
  Buffer = 6,
};
constexpr uint32_t kNoSequence = 0xffffffff;

/** The first 24 bytes of each record. */
struct RecordHeader {
  uint32_t length;
  RecordKind kind;
  uint8_t flags;
  uint16_t index;
  uint32_t sequence;
  uint32_t aux;
  double micros;
};
static_assert(sizeof(RecordHeader) == 24, "records.d.ts");

constexpr size_t roundUpTo8(size_t bytes) { return (bytes + 7) & ~size_t{7}; }
/** Bytes of a value list: see records.d.ts. */
size_t valueListBytes(const std::vector<ValueType> &types);

class RecordStream {
 public:
  RecordStream(size_t wakeBytes, size_t maxPendingBytes)
      : wakeBytes_(wakeBytes), maxPendingBytes_(maxPendingBytes) {}

  /** Writes whole records while it lives; then wakes the drainer, or waits for it, if so much is pending. */
  class Writer {
   public:
    explicit Writer(RecordStream &stream) : stream_(stream), lock_(stream.mutex_) {}
    ~Writer();
    Writer(const Writer &) = delete;
    Writer &operator=(const Writer &) = delete;

    /** Begins a record whose body has `bodyBytes` bytes, which must then be put. */
    void begin(RecordKind kind, uint8_t flags, uint16_t index, uint32_t sequence, uint32_t aux, double micros,
               size_t bodyBytes);
    void putBytes(const void *bytes, size_t length) {
      if (length > 0) std::memcpy(at_, bytes, length);
      at_ += length;
    }
    template <class T>
    void put(T value) {
      putBytes(&value, sizeof value);
    }
    /** `values` may be null: zeros. */
    void putValues(const std::vector<ValueType> &types, const WasmEdge_Value *values);
    /** Zeros up to the end of the record. */
    void pad() {
      std::memset(at_, 0, static_cast<size_t>(end_ - at_));
      at_ = end_;
    }

   private:
    RecordStream &stream_;
    std::unique_lock<std::mutex> lock_;
    uint8_t *at_ = nullptr;
    uint8_t *end_ = nullptr;
  };

  /** Bytes that wait, taken out of the stream: whole records, in order. */
  class Batch {
   public:
    size_t size() const { return size_; }
    void copyTo(uint8_t *target) const;

   private:
    friend class RecordStream;
    struct Chunk {
      std::unique_ptr<uint8_t[]> bytes;
      size_t capacity;
      size_t used;
    };
    std::vector<Chunk> chunks_;
    size_t size_ = 0;
  };
  Batch take();
  /** Gives a batch's memory back for further records. */
  void recycle(Batch batch);

  /** Attaches a drainer: `wake` is called, on the writing thread, once `wakeBytes` wait; null detaches. */
  void setWake(std::function<void()> wake);

 private:
  friend class Writer;
  static constexpr size_t kChunkBytes = 256 * 1024;
  static constexpr size_t kSpareChunks = 16;

  uint8_t *reserve(size_t length);

  const size_t wakeBytes_;
  const size_t maxPendingBytes_;
  std::mutex mutex_;
  std::condition_variable drained_;
  Batch pending_;
  std::vector<Batch::Chunk> spare_;
  std::function<void()> wake_;
  bool woken_ = false;
};

}  // namespace wasmedge
