#include "js/memory_object.h"

#include <cstdlib>
#include <cstring>

#include "js/arguments.h"
#include "native/shared_registry.h"

namespace wasmedge::js {

namespace {

RangeFailure outside(uint64_t offset, uint64_t length, const MemoryBytes &bytes) {
  return RangeFailure(std::to_string(length) + " bytes at " + std::to_string(offset) +
                      " lie outside memory, which has " + std::to_string(bytes.size) + " bytes.");
}

/** The ArrayBuffer over a memory's bytes, while they stay where they are. */
class BufferView final : public MemoryView {
 public:
  BufferView(Environment &environment, napi_value buffer, const MemoryBytes &bytes)
      : environment_(environment), buffer_(environment.env, environment.bin, buffer), bytes_(bytes) {}

  bool shows(const MemoryBytes &current) const override {
    return current.data == bytes_.data && current.size == bytes_.size;
  }
  napi_value buffer() const { return buffer_.get(environment_.env); }
  void detach() override {
    const Napi::HandleScope scope(environment_.env);
    if (const napi_value buffer = this->buffer()) napi_detach_arraybuffer(environment_.env, buffer);
  }

 private:
  Environment &environment_;
  const WeakReference buffer_;
  const MemoryBytes bytes_;
};

bool copiesAreForced() {
  const char *forced = std::getenv("WASMEDGE_NAPI_COPY_BUFFERS");
  return forced && std::strcmp(forced, "1") == 0;
}

/** Null where this runtime refuses buffers over memory that is not its own, as Electron does. */
napi_value externalBuffer(Environment &environment, const MemoryBytes &bytes, std::shared_ptr<Owner> owner) {
  if (copiesAreForced() || environment.externalBuffers == false) return nullptr;
  // The buffer keeps the memory's owner, and so, until that is disposed, the memory.
  auto keeper = std::make_unique<std::shared_ptr<Owner>>(std::move(owner));
  const auto release = [](napi_env, void *, void *hint) {
    const std::unique_ptr<std::shared_ptr<Owner>> keeper(static_cast<std::shared_ptr<Owner> *>(hint));
  };
  napi_value buffer = nullptr;
  const napi_status status =
      napi_create_external_arraybuffer(environment.env, bytes.data, static_cast<size_t>(bytes.size), release,
                                       keeper.get(), &buffer);
  environment.externalBuffers = status == napi_ok;
  if (status != napi_ok) return nullptr;
  keeper.release();  // NOLINT: the buffer's
  return buffer;
}

}  // namespace

Napi::Object makeMemory(Environment &environment, const std::shared_ptr<Owner> &owner,
                        WasmEdge_MemoryInstanceContext *context, napi_value holder) {
  const Napi::Object object =
      makeObject(environment, std::make_unique<MemoryObject>(owner, owner->memory(context)));
  environment.keep(object, holder);
  return object;
}

const std::shared_ptr<LinearMemory> &MemoryObject::memory() const {
  owner_->natives();
  return memory_;
}

napi_value MemoryObject::sharedId(const Call &call) {
  const auto natives = owner_->natives();
  if (sharedId_ == 0) sharedId_ = SharedRegistry::add(MemoryShare{natives, memory_->context()});
  return Napi::Number::New(call.env, sharedId_);
}

napi_value MemoryObject::pages(const Call &call) {
  return Napi::Number::New(call.env, static_cast<double>(bytes().size / kPageBytes));
}

napi_value MemoryObject::byteLength(const Call &call) {
  return Napi::Number::New(call.env, static_cast<double>(bytes().size));
}

napi_value MemoryObject::buffer(const Call &call) {
  const auto &memory = this->memory();
  memory->revalidateView();
  if (memory->view()) {
    // It may have been collected.
    if (const napi_value buffer = static_cast<const BufferView *>(memory->view())->buffer()) return buffer;
  }
  const MemoryBytes bytes = this->bytes();
  if (bytes.size == 0) return Napi::ArrayBuffer::New(call.env, 0);
  if (const napi_value buffer = externalBuffer(call.environment, bytes, owner_)) {
    memory->setView(std::make_unique<BufferView>(call.environment, buffer, bytes));
    owner_->engine()->watch(memory);
    return buffer;
  }
  Napi::ArrayBuffer copy = Napi::ArrayBuffer::New(call.env, static_cast<size_t>(bytes.size));
  std::memcpy(copy.Data(), bytes.data, static_cast<size_t>(bytes.size));
  return copy;
}

napi_value MemoryObject::isCopy(const Call &call) {
  const auto &memory = this->memory();
  auto &allowed = call.environment.externalBuffers;
  if (!allowed && !copiesAreForced() && !memory->view()) buffer(call);
  return Napi::Boolean::New(call.env, copiesAreForced() || !allowed.value_or(true));
}

Napi::Value readBytes(const Call &call, const MemoryBytes &bytes) {
  const uint64_t offset = integerFrom(call[0], "The offset", kMaxSafeInteger);
  const uint64_t length = integerFrom(call[1], "The length", kMaxSafeInteger);
  if (!bytes.contains(offset, length)) throw outside(offset, length, bytes);
  auto copy = Napi::Uint8Array::New(call.env, static_cast<size_t>(length));
  if (length > 0) std::memcpy(copy.Data(), bytes.data + offset, static_cast<size_t>(length));
  return copy;
}

void writeBytes(const Call &call, const MemoryBytes &bytes) {
  const uint64_t offset = integerFrom(call[0], "The offset", kMaxSafeInteger);
  const ByteSpan given = bytesFrom(call[1], "The bytes");
  if (!bytes.contains(offset, given.length)) throw outside(offset, given.length, bytes);
  // The given bytes may be a view of this very memory.
  if (given.length > 0) std::memmove(bytes.data + offset, given.data, given.length);
}

napi_value MemoryObject::read(const Call &call) { return readBytes(call, bytes()); }

napi_value MemoryObject::write(const Call &call) {
  writeBytes(call, bytes());
  return nullptr;
}

napi_value MemoryObject::grow(const Call &call) {
  const auto &memory = this->memory();
  const uint64_t pages = integerFrom(call[0], "The number of pages", 65536);
  const LogScope scope;
  const auto result = api().WasmEdge_MemoryInstanceGrowPage(memory->context(), pages);
  owner_->engine()->revalidateViews();
  if (!api().WasmEdge_ResultOK(result)) {
    throw RangeFailure("The memory cannot grow from " + std::to_string(bytes().size / kPageBytes) + " by " +
                       std::to_string(pages) + " pages.");
  }
  return nullptr;
}

void MemoryObject::define(Environment &environment, Napi::Object exports) {
  ClassDefinition<MemoryObject>()
      .getter<&MemoryObject::sharedId>("sharedId")
      .getter<&MemoryObject::pages>("pages")
      .getter<&MemoryObject::byteLength>("byteLength")
      .getter<&MemoryObject::buffer>("buffer")
      .getter<&MemoryObject::isCopy>("isCopy")
      .method<&MemoryObject::read>("read")
      .method<&MemoryObject::write>("write")
      .method<&MemoryObject::grow>("grow")
      .define(environment, exports);
}

}  // namespace wasmedge::js
