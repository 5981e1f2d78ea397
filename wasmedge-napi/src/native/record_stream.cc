#include "native/record_stream.h"

namespace wasmedge {

namespace {

size_t valueBytes(ValueKind kind) { return kind == ValueKind::V128 ? 16 : 8; }

}  // namespace

size_t valueListBytes(const std::vector<ValueType> &types) {
  size_t bytes = roundUpTo8(types.size());
  for (const auto &type : types) bytes += valueBytes(type.kind);
  return bytes;
}

uint8_t *RecordStream::reserve(size_t length) {
  auto &chunks = pending_.chunks_;
  if (chunks.empty() || chunks.back().capacity - chunks.back().used < length) {
    if (length <= kChunkBytes && !spare_.empty()) {
      chunks.push_back(std::move(spare_.back()));
      spare_.pop_back();
    } else {
      const size_t capacity = length > kChunkBytes ? length : kChunkBytes;
      // Not value-initialised: pages are touched when they are written.
      chunks.push_back({std::unique_ptr<uint8_t[]>(new uint8_t[capacity]), capacity, 0});
    }
  }
  auto &chunk = chunks.back();
  uint8_t *at = chunk.bytes.get() + chunk.used;
  chunk.used += length;
  pending_.size_ += length;
  return at;
}

void RecordStream::Writer::begin(RecordKind kind, uint8_t flags, uint16_t index, uint32_t sequence, uint32_t aux,
                                 double micros, size_t bodyBytes) {
  const size_t length = sizeof(RecordHeader) + roundUpTo8(bodyBytes);
  at_ = stream_.reserve(length);
  end_ = at_ + length;
  put(RecordHeader{static_cast<uint32_t>(length), kind, flags, index, sequence, aux, micros});
}

void RecordStream::Writer::putValues(const std::vector<ValueType> &types, const WasmEdge_Value *values) {
  for (const auto &type : types) put(type.kind);
  for (size_t padding = roundUpTo8(types.size()) - types.size(); padding > 0; --padding) put(uint8_t{0});
  for (size_t i = 0; i < types.size(); ++i) {
    const size_t width = valueBytes(types[i].kind);
    if (!values) {
      std::memset(at_, 0, width);
      at_ += width;
      continue;
    }
    switch (types[i].kind) {
      case ValueKind::I32:
      case ValueKind::F32:
        put(uint64_t{numberIn<uint32_t>(values[i])});
        break;
      case ValueKind::I64:
      case ValueKind::F64:
        put(numberIn<uint64_t>(values[i]));
        break;
      case ValueKind::V128:
        putBytes(values[i].Value, 16);
        break;
      default:
        // A reference: 8 bytes of type, then the address that makes it this one.
        putBytes(values[i].Value + 8, 8);
    }
  }
}

RecordStream::Writer::~Writer() {
  auto &stream = stream_;
  if (!stream.wake_ || stream.pending_.size_ < stream.wakeBytes_) return;
  const bool full = stream.pending_.size_ >= stream.maxPendingBytes_;
  if (!stream.woken_ || full) {
    stream.woken_ = true;
    stream.wake_();
  }
  if (full) {
    stream.drained_.wait(lock_, [&] { return !stream.wake_ || stream.pending_.size_ < stream.maxPendingBytes_; });
  }
}

RecordStream::Batch RecordStream::take() {
  Batch batch;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::swap(batch, pending_);
    woken_ = false;
  }
  drained_.notify_all();
  return batch;
}

void RecordStream::recycle(Batch batch) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto &chunk : batch.chunks_) {
    if (spare_.size() == kSpareChunks) return;
    if (chunk.capacity != kChunkBytes) continue;
    chunk.used = 0;
    spare_.push_back(std::move(chunk));
  }
}

void RecordStream::setWake(std::function<void()> wake) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    wake_ = std::move(wake);
    woken_ = false;
  }
  drained_.notify_all();
}

void RecordStream::Batch::copyTo(uint8_t *target) const {
  for (const auto &chunk : chunks_) {
    std::memcpy(target, chunk.bytes.get(), chunk.used);
    target += chunk.used;
  }
}

}  // namespace wasmedge
