#pragma once

#include "js/object.h"
#include "native/instance.h"

namespace wasmedge::js {

/** `Table` of index.d.ts. */
class TableObject final : public ObjectBase {
 public:
  static constexpr ObjectKind kKind = ObjectKind::Table;
  static constexpr const char *kName = "Table";
  static std::unique_ptr<ObjectBase> construct(const Call &call) { return notConstructible(call); }
  static void define(Environment &environment, Napi::Object exports);

  TableObject(std::shared_ptr<Owner> owner, WasmEdge_TableInstanceContext *table)
      : ObjectBase(kKind), owner_(std::move(owner)), table_(table) {}

  napi_value size(const Call &call);
  napi_value get(const Call &call);
  napi_value set(const Call &call);
  napi_value grow(const Call &call);

 private:
  /** Elements now. @throws DisposedFailure */
  uint64_t elements() const;
  /** The index in `value`. @throws RangeFailure outside the table */
  uint64_t indexFrom(Napi::Value value) const;

  std::shared_ptr<Owner> owner_;
  WasmEdge_TableInstanceContext *table_;
};

/** As makeMemory. */
Napi::Object makeTable(Environment &environment, const std::shared_ptr<Owner> &owner,
                       WasmEdge_TableInstanceContext *table, napi_value holder);

}  // namespace wasmedge::js
