#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "js/object.h"
#include "native/values.h"

namespace wasmedge::js {

/** `RepeatedCalls` of index.d.ts, as index.js takes it apart: count, callIdParams, words, watched, expected, sequence. */
class Repetition {
 public:
  static constexpr size_t kArguments = 6;
  /**
   * @param at index of the first argument
   * @throws TypeFailure, RangeFailure
   */
  Repetition(const Call &call, size_t at, const std::vector<ValueType> &params);

  uint32_t count;
  /** Indices of i32 and i64 parameters. */
  std::vector<uint32_t> callIdParams;

  /** Whether somebody wants this thread between two calls. */
  bool isInterrupted() const { return watched_->load() != expected_; }
  /** Tells other threads which call runs. */
  void tell(uint32_t sequence) const { sequence_->store(static_cast<int32_t>(sequence)); }

 private:
  // In the shared memory of an Int32Array: `Atomics` of JavaScript are plain atomics there.
  using Word = std::atomic<int32_t>;
  static_assert(sizeof(Word) == sizeof(int32_t) && Word::is_always_lock_free, "a word is shared with JavaScript");

  Word *watched_;
  int32_t expected_;
  Word *sequence_;
};

}  // namespace wasmedge::js
