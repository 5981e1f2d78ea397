#include "native/recorder.h"

#include <algorithm>

namespace wasmedge {

namespace {

uint64_t unsignedParam(const std::vector<ValueType> &types, const WasmEdge_Value *params, uint32_t index) {
  return types[index].kind == ValueKind::I64 ? numberIn<uint64_t>(params[index]) : numberIn<uint32_t>(params[index]);
}

}  // namespace

uint32_t Recorder::beginCall(uint16_t exportIndex, int64_t callId, std::optional<std::vector<uint8_t>> argument,
                             const std::vector<ValueType> &types, const WasmEdge_Value *params) {
  const uint32_t sequence = nextSequence_++;
  const uint32_t parent = innermostSequence();
  calls_.push_back({sequence, callId, std::move(argument)});
  RecordStream::Writer writer(stream_);
  writer.begin(RecordKind::CallBegin, 0, exportIndex, sequence, static_cast<uint32_t>(types.size()), micros(),
               16 + valueListBytes(types));
  writer.put(callId);
  writer.put(parent);
  writer.put(uint32_t{0});
  writer.putValues(types, params);
  return sequence;
}

void Recorder::endCall(uint16_t exportIndex, CallStatus status, const std::vector<ValueType> &types,
                       const WasmEdge_Value *results) {
  static const std::vector<ValueType> kNone;
  const auto &listed = results ? types : kNone;
  const uint32_t sequence = innermostSequence();
  calls_.pop_back();
  RecordStream::Writer writer(stream_);
  writer.begin(RecordKind::CallEnd, static_cast<uint8_t>(status), exportIndex, sequence,
               static_cast<uint32_t>(listed.size()), micros(), valueListBytes(listed));
  writer.putValues(listed, results);
}

bool Recorder::setArgument(uint32_t sequence, std::vector<uint8_t> argument) {
  const auto call = std::find_if(calls_.begin(), calls_.end(), [=](const auto &c) { return c.sequence == sequence; });
  if (call == calls_.end()) return false;
  call->argument = std::move(argument);
  return true;
}

void Recorder::enterImport(uint16_t index, const std::vector<ValueType> &types, const WasmEdge_Value *params) {
  RecordStream::Writer writer(stream_);
  writer.begin(RecordKind::ImportEnter, 0, index, innermostSequence(), static_cast<uint32_t>(types.size()), micros(),
               valueListBytes(types));
  writer.putValues(types, params);
}

void Recorder::leaveImport(uint16_t index, bool threw, const std::vector<ValueType> &types,
                           const WasmEdge_Value *results) {
  static const std::vector<ValueType> kNone;
  const auto &listed = results ? types : kNone;
  RecordStream::Writer writer(stream_);
  writer.begin(RecordKind::ImportLeave, threw ? 1 : 0, index, innermostSequence(),
               static_cast<uint32_t>(listed.size()), micros(), valueListBytes(listed));
  writer.putValues(listed, results);
}

Recorder::OpenCall *Recorder::callOf(const RolePlan &plan, const std::vector<ValueType> &types,
                                     const WasmEdge_Value *params) {
  if (calls_.empty()) return nullptr;
  if (!plan.callId) return &calls_.back();
  const uint32_t at = *plan.callId;
  const bool wide = types[at].kind == ValueKind::I64;
  const uint64_t wanted = unsignedParam(types, params, at);
  // Innermost first: a callId may be used again while an outer call has it.
  const auto call = std::find_if(calls_.rbegin(), calls_.rend(), [=](const OpenCall &c) {
    return wide ? static_cast<uint64_t>(c.callId) == wanted
                : static_cast<uint32_t>(c.callId) == static_cast<uint32_t>(wanted);
  });
  return call == calls_.rend() ? nullptr : &*call;
}

/** Where the memory is; whoever holds the result keeps it there. */
std::shared_ptr<Natives> Recorder::memoryBytes(MemoryBytes &bytes) const {
  const auto memory = memory_.lock();
  const auto owner = memory ? memory->owner() : nullptr;
  if (!owner || owner->disposed()) return nullptr;
  bytes = bytesOf(memory->context());
  return owner->natives();
}

uint64_t Recorder::memorySize() const {
  MemoryBytes bytes{};
  return memoryBytes(bytes) ? bytes.size : 0;
}

std::optional<Recorder::Performed> Recorder::perform(const RolePlan &plan, const std::vector<ValueType> &types,
                                                     const WasmEdge_Value *params) {
  MemoryBytes memory{};
  auto alive = memoryBytes(memory);
  OpenCall *call = callOf(plan, types, params);
  if (!alive || !call) return std::nullopt;
  const uint64_t pointer = unsignedParam(types, params, plan.pointer);

  if (plan.kind == RolePlan::Kind::StoreArgument) {
    if (!call->argument) return std::nullopt;
    const auto &argument = *call->argument;
    if (plan.size && argument.size() > unsignedParam(types, params, *plan.size)) return std::nullopt;
    if (!memory.contains(pointer, argument.size())) return std::nullopt;
    if (!argument.empty()) std::memcpy(memory.data + pointer, argument.data(), argument.size());
    const auto policy = plan.size ? SizePolicy::Param : SizePolicy::Host;
    return Performed{{call->sequence, false, false, policy, pointer, argument.size(), argument.size()},
                     argument.data(),
                     std::move(alive)};
  }

  uint64_t address = pointer;
  uint64_t size = 0;
  switch (plan.policy) {
    case SizePolicy::Param:
      size = unsignedParam(types, params, *plan.size);
      break;
    case SizePolicy::U32lePrefix: {
      if (!memory.contains(pointer, 4)) return std::nullopt;
      uint32_t length = 0;
      std::memcpy(&length, memory.data + pointer, 4);
      address = pointer + 4;
      size = length;
      break;
    }
    case SizePolicy::Nul: {
      if (pointer >= memory.size) return std::nullopt;
      const void *nul = std::memchr(memory.data + pointer, 0, memory.size - pointer);
      if (!nul) return std::nullopt;
      size = static_cast<uint64_t>(static_cast<const uint8_t *>(nul) - (memory.data + pointer));
      break;
    }
    case SizePolicy::Fixed:
      size = plan.fixedBytes;
      break;
    case SizePolicy::Unknown:
      if (pointer >= memory.size) return std::nullopt;
      size = std::min(kUnknownSizeBytes, memory.size - pointer);
      break;
    default:
      return std::nullopt;
  }
  if (!memory.contains(address, size)) return std::nullopt;
  return Performed{{call->sequence, true, false, plan.policy, address, size, std::min(size, kMaxCaptureBytes)},
                   memory.data + address,
                   std::move(alive)};
}

bool Recorder::performRole(uint16_t index, const RolePlan &plan, const std::vector<ValueType> &types,
                           const WasmEdge_Value *params) {
  const double began = micros();
  const auto performed = perform(plan, types, params);
  if (performed) writeRole(index, began, types, params, performed->note, performed->data);
  return performed.has_value();
}

namespace {

size_t bufferBodyBytes(const BufferNote &note) { return 16 + static_cast<size_t>(note.captured); }

void writeBuffer(RecordStream::Writer &writer, const BufferNote &note, const uint8_t *data, double micros) {
  const auto flags = static_cast<uint8_t>((note.isResult ? 1 : 0) | (note.edited ? 2 : 0) | (note.byExport ? 4 : 0) |
                                          (static_cast<uint8_t>(note.policy) << 4));
  writer.begin(RecordKind::Buffer, flags, 0, note.sequence,
               static_cast<uint32_t>(std::min<uint64_t>(note.size, UINT32_MAX)), micros,
               bufferBodyBytes(note));
  writer.put(note.address);
  writer.put(static_cast<uint32_t>(note.captured));
  writer.put(uint32_t{0});
  writer.putBytes(data, static_cast<size_t>(note.captured));
  writer.pad();
}

}  // namespace

void Recorder::writeRole(uint16_t index, double began, const std::vector<ValueType> &types,
                         const WasmEdge_Value *params, const BufferNote &note, const uint8_t *data) {
  const double ended = micros();
  RecordStream::Writer writer(stream_);
  writer.begin(RecordKind::Crossing, 0, index, innermostSequence(), static_cast<uint32_t>(types.size()), began,
               8 + valueListBytes(types));
  writer.put(ended - began);
  writer.putValues(types, params);
  writeBuffer(writer, note, data, ended);
}

bool Recorder::performEnteredRole(const RolePlan &plan, const std::vector<ValueType> &types,
                                  const WasmEdge_Value *params) {
  const auto performed = perform(plan, types, params);
  if (!performed) return false;
  RecordStream::Writer writer(stream_);
  writeBuffer(writer, performed->note, performed->data, micros());
  return true;
}

Recorder::NoteProblem Recorder::noteBuffer(const BufferNote &note) {
  MemoryBytes memory{};
  const auto alive = memoryBytes(memory);
  if (note.captured > 0 && !alive) return NoteProblem::NoMemory;
  if (note.captured > 0 && !memory.contains(note.address, note.captured)) return NoteProblem::Outside;
  RecordStream::Writer writer(stream_);
  writeBuffer(writer, note, note.captured > 0 ? memory.data + note.address : nullptr, micros());
  return NoteProblem::None;
}

void Recorder::noteBytes(const BufferNote &note, const uint8_t *data) {
  RecordStream::Writer writer(stream_);
  writeBuffer(writer, note, data, micros());
}

}  // namespace wasmedge
