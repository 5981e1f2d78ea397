// Compiled, never run: compares the declarations of src/native/abi.h with WasmEdge's own headers.
#include <wasmedge/wasmedge.h>

#include <type_traits>

#include "native/abi.h"

// In abi's own scope, where each name is ours.
namespace abi::declared {
#define DECLARE(RESULT, NAME, PARAMETERS) RESULT NAME PARAMETERS;
WASMEDGE_REQUIRED_FUNCTIONS(DECLARE, DECLARE)
WASMEDGE_OPTIONAL_FUNCTIONS(DECLARE)
}  // namespace abi::declared

namespace {

/** Whether two types are passed the same way. `Widened` allows our 64-bit integers for the 32-bit ones before 0.17. */
template <class Ours, class Theirs, bool Widened>
constexpr bool alike() {
  if constexpr (std::is_void_v<Ours> || std::is_void_v<Theirs>) {
    return std::is_void_v<Ours> == std::is_void_v<Theirs>;
  } else if constexpr (std::is_pointer_v<Ours> || std::is_pointer_v<Theirs>) {
    return std::is_pointer_v<Ours> && std::is_pointer_v<Theirs>;
  } else if constexpr (std::is_class_v<Ours> || std::is_class_v<Theirs>) {
    return std::is_class_v<Ours> && std::is_class_v<Theirs> && sizeof(Ours) == sizeof(Theirs) &&
           alignof(Ours) == alignof(Theirs) && std::is_trivially_copyable_v<Ours>;
  } else {
    constexpr bool integers = (std::is_integral_v<Ours> || std::is_enum_v<Ours>) &&
                              (std::is_integral_v<Theirs> || std::is_enum_v<Theirs>) &&
                              std::is_same_v<Ours, bool> == std::is_same_v<Theirs, bool>;
    return integers && (sizeof(Ours) == sizeof(Theirs) || (Widened && sizeof(Ours) == 8 && sizeof(Theirs) == 4));
  }
}

template <bool Widened, class Ours, class Theirs>
struct Functions : std::false_type {};
template <bool Widened, class R, class... P, class TheirR, class... TheirP>
struct Functions<Widened, R(P...), TheirR(TheirP...)> {
  static constexpr bool value = [] {
    if constexpr (sizeof...(P) != sizeof...(TheirP)) {
      return false;
    } else {
      return alike<R, TheirR, Widened>() && (alike<P, TheirP, Widened>() && ...);
    }
  }();
};
template <bool Widened, class Ours, class R, class... P>
struct Functions<Widened, Ours, R(P...) noexcept> : Functions<Widened, Ours, R(P...)> {};

#define CHECK(RESULT, NAME, PARAMETERS) \
  static_assert(Functions<false, decltype(abi::declared::NAME), decltype(::NAME)>::value, #NAME);
#define CHECK_WIDENED(RESULT, NAME, PARAMETERS) \
  static_assert(Functions<WASMEDGE_VERSION_MINOR < 17, decltype(abi::declared::NAME), decltype(::NAME)>::value, #NAME);
WASMEDGE_REQUIRED_FUNCTIONS(CHECK, CHECK_WIDENED)

static_assert(Functions<false, decltype(abi::declared::WasmEdge_ConfigureSetForceInterpreter),
                        decltype(::WasmEdge_ConfigureSetForceInterpreter)>::value);
#if WASMEDGE_VERSION_MINOR >= 15
static_assert(
    Functions<false, decltype(abi::declared::WasmEdge_LogSetCallback), decltype(::WasmEdge_LogSetCallback)>::value);
static_assert(sizeof(abi::WasmEdge_LogMessage) == sizeof(::WasmEdge_LogMessage));
static_assert(offsetof(abi::WasmEdge_LogMessage, Message) == offsetof(::WasmEdge_LogMessage, Message));
#endif
#if WASMEDGE_VERSION_MINOR >= 17
WASMEDGE_OPTIONAL_FUNCTIONS(CHECK)
using TableTypeCreate = abi::WasmEdge_TableTypeCreate_t;
using MemoryTypeCreate = abi::WasmEdge_MemoryTypeCreate_t;
#else
using TableTypeCreate = abi::WasmEdge_TableTypeCreateByValue_t;
using MemoryTypeCreate = abi::WasmEdge_MemoryTypeCreateByValue_t;
static_assert(sizeof(abi::WasmEdge_Limit) == sizeof(::WasmEdge_Limit));
static_assert(offsetof(abi::WasmEdge_Limit, Shared) == offsetof(::WasmEdge_Limit, Shared));
static_assert(offsetof(abi::WasmEdge_Limit, Max) == offsetof(::WasmEdge_Limit, Max));
#endif
static_assert(
    Functions<false, std::remove_pointer_t<TableTypeCreate>, decltype(::WasmEdge_TableTypeCreate)>::value);
static_assert(
    Functions<false, std::remove_pointer_t<MemoryTypeCreate>, decltype(::WasmEdge_MemoryTypeCreate)>::value);
static_assert(Functions<false, std::remove_pointer_t<abi::WasmEdge_HostFunc_t>,
                        std::remove_pointer_t<::WasmEdge_HostFunc_t>>::value);

static_assert(offsetof(abi::WasmEdge_Value, Type) == offsetof(::WasmEdge_Value, Type));
static_assert(offsetof(abi::WasmEdge_String, Buf) == offsetof(::WasmEdge_String, Buf));
static_assert(offsetof(abi::WasmEdge_Bytes, Buf) == offsetof(::WasmEdge_Bytes, Buf));

#define CHECK_ENUM(NAME) static_assert(static_cast<int>(abi::NAME) == static_cast<int>(::NAME), #NAME);
CHECK_ENUM(WasmEdge_ExternalType_Function)
CHECK_ENUM(WasmEdge_ExternalType_Table)
CHECK_ENUM(WasmEdge_ExternalType_Memory)
CHECK_ENUM(WasmEdge_ExternalType_Global)
CHECK_ENUM(WasmEdge_ExternalType_Tag)
CHECK_ENUM(WasmEdge_Mutability_Const)
CHECK_ENUM(WasmEdge_Mutability_Var)
CHECK_ENUM(WasmEdge_ErrCode_Success)
CHECK_ENUM(WasmEdge_ErrCode_Terminated)
CHECK_ENUM(WasmEdge_ErrCode_RuntimeError)
CHECK_ENUM(WasmEdge_ErrCode_CostLimitExceeded)
CHECK_ENUM(WasmEdge_ErrCode_Interrupted)
CHECK_ENUM(WasmEdge_ErrCode_NonNullRequired)
CHECK_ENUM(WasmEdge_ErrCode_SetValueToConst)
CHECK_ENUM(WasmEdge_ErrCode_SetValueErrorType)
CHECK_ENUM(WasmEdge_TypeCode_TypeIndex)
CHECK_ENUM(WasmEdge_TypeCode_ArrayRef)
CHECK_ENUM(WasmEdge_TypeCode_StructRef)
CHECK_ENUM(WasmEdge_TypeCode_I31Ref)
CHECK_ENUM(WasmEdge_TypeCode_EqRef)
CHECK_ENUM(WasmEdge_TypeCode_AnyRef)

}  // namespace
