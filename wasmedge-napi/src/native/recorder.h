// Records what crosses between host and guest, without JavaScript. The stream's format: records.d.ts.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "native/instance.h"
#include "native/linear_memory.h"
#include "native/record_stream.h"
#include "native/values.h"

namespace wasmedge {

/**
 * How a result's length is known; the values are the policy codes of buffer records. From 6 on: elements of an array
 * that the guest keeps behind a handle, by their type.
 */
enum class SizePolicy : uint8_t {
  Host = 0,
  Param = 1,
  U32lePrefix = 2,
  Nul = 3,
  Fixed = 4,
  Unknown = 5,
  ElementsI8 = 6,
  ElementsU8 = 7,
  ElementsI16 = 8,
  ElementsU16 = 9,
  ElementsI32 = 10,
  ElementsU32 = 11,
  ElementsI64 = 12,
  ElementsU64 = 13,
  ElementsF32 = 14,
  ElementsF64 = 15
};

/** What an import does in the protocol, by parameter index; see RecordPlan in index.d.ts. */
struct RolePlan {
  enum class Kind { StoreArgument, ReturnResult } kind;
  uint32_t pointer;
  std::optional<uint32_t> callId;
  /** Parameter that holds the size: of storeArgument where it has one, of returnResult for SizePolicy::Param. */
  std::optional<uint32_t> size;
  SizePolicy policy = SizePolicy::Host;
  /** For SizePolicy::Fixed. */
  uint64_t fixedBytes = 0;
  /** While armed too, the work is done natively, before the callback is entered. */
  bool beforeCallback = false;
};

constexpr uint32_t kMaxImports = 65535;
/** What is captured of a result whose length nobody knows. */
constexpr uint64_t kUnknownSizeBytes = 256;
/** What is captured of one buffer at most, however little may wait for the drainer. */
constexpr uint64_t kMaxCaptureBytes = uint64_t{64} << 20;

/** A buffer that crossed, as a buffer record says it. */
struct BufferNote {
  uint32_t sequence;
  bool isResult;
  bool edited;
  SizePolicy policy;
  uint64_t address;
  uint64_t size;
  uint64_t captured;
  /** Passed by an export's parameters or results, not through an import. */
  bool byExport = false;
};

/** How a call ended: flags of callEnd records. */
enum class CallStatus : uint8_t { Returned = 0, Trapped = 1, Cancelled = 2, Exited = 3 };

class Recorder {
 public:
  Recorder(size_t wakeBytes, size_t maxPendingBytes) : stream_(wakeBytes, maxPendingBytes), armed_(kMaxImports) {}
  Recorder(const Recorder &) = delete;
  Recorder &operator=(const Recorder &) = delete;

  // On the thread that runs the guest.
  void setMemory(const std::shared_ptr<LinearMemory> &memory) { memory_ = memory; }
  uint32_t nextSequence() const { return nextSequence_; }
  /** Bytes of that memory; 0 where there is none. */
  uint64_t memorySize() const;
  /** Opens a call; returns its sequence. */
  uint32_t beginCall(uint16_t exportIndex, int64_t callId, std::optional<std::vector<uint8_t>> argument,
                     const std::vector<ValueType> &types, const WasmEdge_Value *params);
  /** Ends the innermost call. `results` may be null. */
  void endCall(uint16_t exportIndex, CallStatus status, const std::vector<ValueType> &types,
               const WasmEdge_Value *results);
  /** False where no such call is open. */
  bool setArgument(uint32_t sequence, std::vector<uint8_t> argument);
  void enterImport(uint16_t index, const std::vector<ValueType> &types, const WasmEdge_Value *params);
  /** `results` may be null. */
  void leaveImport(uint16_t index, bool threw, const std::vector<ValueType> &types, const WasmEdge_Value *results);
  /** Does a role's work and records it; false, with nothing done, where the callback has to. */
  bool performRole(uint16_t index, const RolePlan &plan, const std::vector<ValueType> &types,
                   const WasmEdge_Value *params);
  /** The same between enterImport and leaveImport: records the buffer alone. */
  bool performEnteredRole(const RolePlan &plan, const std::vector<ValueType> &types, const WasmEdge_Value *params);
  enum class NoteProblem { None, NoMemory, Outside };
  /** Records a buffer, with bytes of `setMemory`'s memory. */
  NoteProblem noteBuffer(const BufferNote &note);
  /** Records a buffer that does not lie in memory: `captured` bytes at `data`. */
  void noteBytes(const BufferNote &note, const uint8_t *data);

  // On any thread.
  void arm(uint32_t index, bool armed) { armed_[index].store(armed, std::memory_order_relaxed); }
  void armAll(bool armed) { allArmed_.store(armed, std::memory_order_relaxed); }
  bool isArmed(uint32_t index) const {
    return allArmed_.load(std::memory_order_relaxed) || armed_[index].load(std::memory_order_relaxed);
  }
  RecordStream &stream() { return stream_; }

 private:
  struct OpenCall {
    uint32_t sequence;
    int64_t callId;
    std::optional<std::vector<uint8_t>> argument;
  };

  /** A role's work that has been done, and what to record of it. */
  struct Performed {
    BufferNote note;
    const uint8_t *data;
    /** Keeps the memory. */
    std::shared_ptr<Natives> alive;
  };
  std::optional<Performed> perform(const RolePlan &plan, const std::vector<ValueType> &types,
                                   const WasmEdge_Value *params);

  double micros() const {
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - made_).count();
  }
  uint32_t innermostSequence() const { return calls_.empty() ? kNoSequence : calls_.back().sequence; }
  OpenCall *callOf(const RolePlan &plan, const std::vector<ValueType> &types, const WasmEdge_Value *params);
  std::shared_ptr<Natives> memoryBytes(MemoryBytes &bytes) const;
  void writeRole(uint16_t index, double began, const std::vector<ValueType> &types, const WasmEdge_Value *params,
                 const BufferNote &note, const uint8_t *data);

  const std::chrono::steady_clock::time_point made_ = std::chrono::steady_clock::now();
  RecordStream stream_;
  std::vector<std::atomic<bool>> armed_;
  std::atomic<bool> allArmed_{false};
  std::weak_ptr<LinearMemory> memory_;
  std::vector<OpenCall> calls_;
  uint32_t nextSequence_ = 0;
};

}  // namespace wasmedge
