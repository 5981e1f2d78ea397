// The part of WasmEdge's C API that the binding uses, declared here so that one binary serves every version from 0.14.
// Names are those of <wasmedge/wasmedge.h>; test/abi-check.cc compares each declaration with the real headers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>

namespace abi {

struct WasmEdge_ValType {
  uint8_t Data[8];
};
/** 16 bytes of value and 8 of type; 32 with the alignment of the C API's `uint128_t`. */
struct alignas(16) WasmEdge_Value {
  uint8_t Value[16];
  WasmEdge_ValType Type;
};
struct WasmEdge_String {
  uint32_t Length;
  const char *Buf;
};
struct WasmEdge_Bytes {
  uint32_t Length;
  const uint8_t *Buf;
};
struct WasmEdge_Result {
  uint32_t Code;
};
/** Passed by value to the functions that make memory and table types, before 0.17. */
struct WasmEdge_Limit {
  bool HasMax;
  bool Shared;
  uint32_t Min;
  uint32_t Max;
};
/** Since 0.15. */
struct WasmEdge_LogMessage {
  WasmEdge_String Message;
  WasmEdge_String LoggerName;
  uint32_t Level;
  time_t Time;
  uint64_t ThreadId;
};

#define WASMEDGE_CONTEXTS(C)                                                                                           \
  C(Configure)                                                                                                         \
  C(Statistics)                                                                                                        \
  C(ASTModule)                                                                                                         \
  C(Limit)                                                                                                             \
  C(FunctionType)                                                                                                      \
  C(MemoryType)                                                                                                        \
  C(TableType)                                                                                                         \
  C(GlobalType)                                                                                                        \
  C(ImportType)                                                                                                        \
  C(ExportType)                                                                                                        \
  C(Loader)                                                                                                            \
  C(Validator)                                                                                                         \
  C(Executor)                                                                                                          \
  C(Store)                                                                                                             \
  C(ModuleInstance)                                                                                                    \
  C(FunctionInstance)                                                                                                  \
  C(TableInstance)                                                                                                     \
  C(MemoryInstance)                                                                                                    \
  C(GlobalInstance)                                                                                                    \
  C(CallingFrame)
#define DECLARE_CONTEXT(NAME) struct WasmEdge_##NAME##Context;
WASMEDGE_CONTEXTS(DECLARE_CONTEXT)
#undef DECLARE_CONTEXT
struct WasmEdge_Async;

enum WasmEdge_ExternalType : uint32_t {
  WasmEdge_ExternalType_Function,
  WasmEdge_ExternalType_Table,
  WasmEdge_ExternalType_Memory,
  WasmEdge_ExternalType_Global,
  WasmEdge_ExternalType_Tag,
};
enum WasmEdge_Mutability : uint32_t { WasmEdge_Mutability_Const, WasmEdge_Mutability_Var };
/** Those codes of `enum WasmEdge_ErrCode` that the binding tells apart; all others pass through. */
enum WasmEdge_ErrCode : uint32_t {
  WasmEdge_ErrCode_Success = 0x00,
  WasmEdge_ErrCode_Terminated = 0x01,
  WasmEdge_ErrCode_RuntimeError = 0x02,
  WasmEdge_ErrCode_CostLimitExceeded = 0x03,
  WasmEdge_ErrCode_Interrupted = 0x07,
  WasmEdge_ErrCode_NonNullRequired = 0x09,
  WasmEdge_ErrCode_SetValueToConst = 0x0A,
  WasmEdge_ErrCode_SetValueErrorType = 0x0B,
};
/** Heap types of references, of `enum WasmEdge_TypeCode`; the codes are those of the binary format. */
enum WasmEdge_TypeCode : uint8_t {
  /** A type that the module defines. */
  WasmEdge_TypeCode_TypeIndex = 0x00,
  WasmEdge_TypeCode_ArrayRef = 0x6a,
  WasmEdge_TypeCode_StructRef = 0x6b,
  WasmEdge_TypeCode_I31Ref = 0x6c,
  WasmEdge_TypeCode_EqRef = 0x6d,
  WasmEdge_TypeCode_AnyRef = 0x6e,
};
/** Its members differ between versions: proposals.h. */
using WasmEdge_Proposal = uint32_t;

using WasmEdge_HostFunc_t = WasmEdge_Result (*)(void *Data, const WasmEdge_CallingFrameContext *CallFrameCxt,
                                                const WasmEdge_Value *Params, WasmEdge_Value *Returns);
using WasmEdge_LogCallback_t = void (*)(const WasmEdge_LogMessage *Message);

// F(result, name, parameters): every version has it, with this signature.
// W(result, name, parameters): before 0.17 its 64-bit parameters and result are 32-bit. Parameters may be passed as they
//   are (registers); a result's upper half is undefined there: see Library::widen.
#define WASMEDGE_REQUIRED_FUNCTIONS(F, W)                                                                              \
  F(const char *, WasmEdge_VersionGet, ())                                                                             \
  F(uint32_t, WasmEdge_VersionGetMajor, ())                                                                            \
  F(uint32_t, WasmEdge_VersionGetMinor, ())                                                                            \
  F(uint32_t, WasmEdge_VersionGetPatch, ())                                                                            \
  F(void, WasmEdge_LogSetErrorLevel, ())                                                                               \
  F(void, WasmEdge_LogOff, ())                                                                                         \
                                                                                                                       \
  F(WasmEdge_ValType, WasmEdge_ValTypeGenI32, ())                                                                      \
  F(WasmEdge_ValType, WasmEdge_ValTypeGenI64, ())                                                                      \
  F(WasmEdge_ValType, WasmEdge_ValTypeGenF32, ())                                                                      \
  F(WasmEdge_ValType, WasmEdge_ValTypeGenF64, ())                                                                      \
  F(WasmEdge_ValType, WasmEdge_ValTypeGenV128, ())                                                                     \
  F(WasmEdge_ValType, WasmEdge_ValTypeGenFuncRef, ())                                                                  \
  F(WasmEdge_ValType, WasmEdge_ValTypeGenExternRef, ())                                                                \
  F(bool, WasmEdge_ValTypeIsI32, (WasmEdge_ValType ValType))                                                           \
  F(bool, WasmEdge_ValTypeIsI64, (WasmEdge_ValType ValType))                                                           \
  F(bool, WasmEdge_ValTypeIsF32, (WasmEdge_ValType ValType))                                                           \
  F(bool, WasmEdge_ValTypeIsF64, (WasmEdge_ValType ValType))                                                           \
  F(bool, WasmEdge_ValTypeIsV128, (WasmEdge_ValType ValType))                                                          \
  F(bool, WasmEdge_ValTypeIsFuncRef, (WasmEdge_ValType ValType))                                                       \
  F(bool, WasmEdge_ValTypeIsExternRef, (WasmEdge_ValType ValType))                                                     \
  F(bool, WasmEdge_ValTypeIsRefNull, (WasmEdge_ValType ValType))                                                       \
  F(WasmEdge_Value, WasmEdge_ValueGenExternRef, (void *Ref))                                                           \
  F(bool, WasmEdge_ValueIsNullRef, (WasmEdge_Value Val))                                                               \
  F(void *, WasmEdge_ValueGetExternRef, (WasmEdge_Value Val))                                                          \
                                                                                                                       \
  F(WasmEdge_String, WasmEdge_StringWrap, (const char *Buf, uint32_t Len))                                             \
  F(WasmEdge_Bytes, WasmEdge_BytesWrap, (const uint8_t *Buf, uint32_t Len))                                            \
  F(bool, WasmEdge_ResultOK, (WasmEdge_Result Res))                                                                    \
  F(uint32_t, WasmEdge_ResultGetCode, (WasmEdge_Result Res))                                                           \
  F(const char *, WasmEdge_ResultGetMessage, (WasmEdge_Result Res))                                                    \
                                                                                                                       \
  F(WasmEdge_ConfigureContext *, WasmEdge_ConfigureCreate, ())                                                         \
  F(void, WasmEdge_ConfigureAddProposal, (WasmEdge_ConfigureContext * Cxt, WasmEdge_Proposal Prop))                    \
  F(void, WasmEdge_ConfigureRemoveProposal, (WasmEdge_ConfigureContext * Cxt, WasmEdge_Proposal Prop))                 \
  F(bool, WasmEdge_ConfigureHasProposal, (const WasmEdge_ConfigureContext *Cxt, WasmEdge_Proposal Prop))               \
  W(void, WasmEdge_ConfigureSetMaxMemoryPage, (WasmEdge_ConfigureContext * Cxt, uint64_t Page))                        \
  F(void, WasmEdge_ConfigureStatisticsSetInstructionCounting, (WasmEdge_ConfigureContext * Cxt, bool IsCount))         \
  F(void, WasmEdge_ConfigureStatisticsSetCostMeasuring, (WasmEdge_ConfigureContext * Cxt, bool IsMeasure))             \
  F(void, WasmEdge_ConfigureDelete, (WasmEdge_ConfigureContext * Cxt))                                                 \
  F(WasmEdge_StatisticsContext *, WasmEdge_StatisticsCreate, ())                                                       \
  F(uint64_t, WasmEdge_StatisticsGetInstrCount, (const WasmEdge_StatisticsContext *Cxt))                               \
  F(uint64_t, WasmEdge_StatisticsGetTotalCost, (const WasmEdge_StatisticsContext *Cxt))                                \
  F(void, WasmEdge_StatisticsSetCostLimit, (WasmEdge_StatisticsContext * Cxt, uint64_t Limit))                         \
  F(void, WasmEdge_StatisticsClear, (WasmEdge_StatisticsContext * Cxt))                                                \
  F(void, WasmEdge_StatisticsDelete, (WasmEdge_StatisticsContext * Cxt))                                               \
                                                                                                                       \
  F(uint32_t, WasmEdge_ASTModuleListImportsLength, (const WasmEdge_ASTModuleContext *Cxt))                             \
  F(uint32_t, WasmEdge_ASTModuleListImports,                                                                           \
    (const WasmEdge_ASTModuleContext *Cxt, const WasmEdge_ImportTypeContext **Imports, uint32_t Len))                  \
  F(uint32_t, WasmEdge_ASTModuleListExportsLength, (const WasmEdge_ASTModuleContext *Cxt))                             \
  F(uint32_t, WasmEdge_ASTModuleListExports,                                                                           \
    (const WasmEdge_ASTModuleContext *Cxt, const WasmEdge_ExportTypeContext **Exports, uint32_t Len))                  \
  F(void, WasmEdge_ASTModuleDelete, (WasmEdge_ASTModuleContext * Cxt))                                                 \
  F(WasmEdge_FunctionTypeContext *, WasmEdge_FunctionTypeCreate,                                                       \
    (const WasmEdge_ValType *ParamList, uint32_t ParamLen, const WasmEdge_ValType *ReturnList, uint32_t ReturnLen))    \
  F(uint32_t, WasmEdge_FunctionTypeGetParametersLength, (const WasmEdge_FunctionTypeContext *Cxt))                     \
  F(uint32_t, WasmEdge_FunctionTypeGetParameters,                                                                      \
    (const WasmEdge_FunctionTypeContext *Cxt, WasmEdge_ValType *List, uint32_t Len))                                   \
  F(uint32_t, WasmEdge_FunctionTypeGetReturnsLength, (const WasmEdge_FunctionTypeContext *Cxt))                        \
  F(uint32_t, WasmEdge_FunctionTypeGetReturns,                                                                         \
    (const WasmEdge_FunctionTypeContext *Cxt, WasmEdge_ValType *List, uint32_t Len))                                   \
  F(void, WasmEdge_FunctionTypeDelete, (WasmEdge_FunctionTypeContext * Cxt))                                           \
  F(WasmEdge_ValType, WasmEdge_TableTypeGetRefType, (const WasmEdge_TableTypeContext *Cxt))                            \
  F(void, WasmEdge_TableTypeDelete, (WasmEdge_TableTypeContext * Cxt))                                                 \
  F(void, WasmEdge_MemoryTypeDelete, (WasmEdge_MemoryTypeContext * Cxt))                                               \
  F(WasmEdge_GlobalTypeContext *, WasmEdge_GlobalTypeCreate, (WasmEdge_ValType ValType, WasmEdge_Mutability Mut))      \
  F(WasmEdge_ValType, WasmEdge_GlobalTypeGetValType, (const WasmEdge_GlobalTypeContext *Cxt))                          \
  F(WasmEdge_Mutability, WasmEdge_GlobalTypeGetMutability, (const WasmEdge_GlobalTypeContext *Cxt))                    \
  F(void, WasmEdge_GlobalTypeDelete, (WasmEdge_GlobalTypeContext * Cxt))                                               \
  F(WasmEdge_ExternalType, WasmEdge_ImportTypeGetExternalType, (const WasmEdge_ImportTypeContext *Cxt))                \
  F(WasmEdge_String, WasmEdge_ImportTypeGetModuleName, (const WasmEdge_ImportTypeContext *Cxt))                        \
  F(WasmEdge_String, WasmEdge_ImportTypeGetExternalName, (const WasmEdge_ImportTypeContext *Cxt))                      \
  F(const WasmEdge_FunctionTypeContext *, WasmEdge_ImportTypeGetFunctionType,                                          \
    (const WasmEdge_ASTModuleContext *ASTCxt, const WasmEdge_ImportTypeContext *Cxt))                                  \
  F(WasmEdge_ExternalType, WasmEdge_ExportTypeGetExternalType, (const WasmEdge_ExportTypeContext *Cxt))                \
  F(WasmEdge_String, WasmEdge_ExportTypeGetExternalName, (const WasmEdge_ExportTypeContext *Cxt))                      \
  F(const WasmEdge_FunctionTypeContext *, WasmEdge_ExportTypeGetFunctionType,                                          \
    (const WasmEdge_ASTModuleContext *ASTCxt, const WasmEdge_ExportTypeContext *Cxt))                                  \
  F(const WasmEdge_TableTypeContext *, WasmEdge_ExportTypeGetTableType,                                                \
    (const WasmEdge_ASTModuleContext *ASTCxt, const WasmEdge_ExportTypeContext *Cxt))                                  \
  F(const WasmEdge_GlobalTypeContext *, WasmEdge_ExportTypeGetGlobalType,                                              \
    (const WasmEdge_ASTModuleContext *ASTCxt, const WasmEdge_ExportTypeContext *Cxt))                                  \
                                                                                                                       \
  F(WasmEdge_LoaderContext *, WasmEdge_LoaderCreate, (const WasmEdge_ConfigureContext *ConfCxt))                       \
  F(WasmEdge_Result, WasmEdge_LoaderParseFromBytes,                                                                    \
    (WasmEdge_LoaderContext * Cxt, WasmEdge_ASTModuleContext * *Module, WasmEdge_Bytes Bytes))                         \
  F(void, WasmEdge_LoaderDelete, (WasmEdge_LoaderContext * Cxt))                                                       \
  F(WasmEdge_ValidatorContext *, WasmEdge_ValidatorCreate, (const WasmEdge_ConfigureContext *ConfCxt))                 \
  F(WasmEdge_Result, WasmEdge_ValidatorValidate,                                                                       \
    (WasmEdge_ValidatorContext * Cxt, const WasmEdge_ASTModuleContext *ASTCxt))                                        \
  F(void, WasmEdge_ValidatorDelete, (WasmEdge_ValidatorContext * Cxt))                                                 \
  F(WasmEdge_ExecutorContext *, WasmEdge_ExecutorCreate,                                                               \
    (const WasmEdge_ConfigureContext *ConfCxt, WasmEdge_StatisticsContext *StatCxt))                                   \
  F(WasmEdge_Result, WasmEdge_ExecutorInstantiate,                                                                     \
    (WasmEdge_ExecutorContext * Cxt, WasmEdge_ModuleInstanceContext * *ModuleCxt, WasmEdge_StoreContext * StoreCxt,    \
     const WasmEdge_ASTModuleContext *ASTCxt))                                                                         \
  F(WasmEdge_Result, WasmEdge_ExecutorRegisterImport,                                                                  \
    (WasmEdge_ExecutorContext * Cxt, WasmEdge_StoreContext * StoreCxt,                                                 \
     const WasmEdge_ModuleInstanceContext *ImportCxt))                                                                 \
  F(WasmEdge_Result, WasmEdge_ExecutorInvoke,                                                                          \
    (WasmEdge_ExecutorContext * Cxt, const WasmEdge_FunctionInstanceContext *FuncCxt, const WasmEdge_Value *Params,    \
     uint32_t ParamLen, WasmEdge_Value *Returns, uint32_t ReturnLen))                                                  \
  F(WasmEdge_Async *, WasmEdge_ExecutorAsyncInvoke,                                                                    \
    (WasmEdge_ExecutorContext * Cxt, const WasmEdge_FunctionInstanceContext *FuncCxt, const WasmEdge_Value *Params,    \
     uint32_t ParamLen))                                                                                               \
  F(void, WasmEdge_ExecutorDelete, (WasmEdge_ExecutorContext * Cxt))                                                   \
  F(WasmEdge_StoreContext *, WasmEdge_StoreCreate, ())                                                                 \
  F(void, WasmEdge_StoreDelete, (WasmEdge_StoreContext * Cxt))                                                         \
  F(void, WasmEdge_AsyncWait, (const WasmEdge_Async *Cxt))                                                             \
  F(void, WasmEdge_AsyncCancel, (WasmEdge_Async * Cxt))                                                                \
  F(void, WasmEdge_AsyncDelete, (WasmEdge_Async * Cxt))                                                                \
                                                                                                                       \
  F(WasmEdge_ModuleInstanceContext *, WasmEdge_ModuleInstanceCreate, (WasmEdge_String ModuleName))                     \
  F(WasmEdge_ModuleInstanceContext *, WasmEdge_ModuleInstanceCreateWASI,                                               \
    (const char *const *Args, uint32_t ArgLen, const char *const *Envs, uint32_t EnvLen, const char *const *Preopens,  \
     uint32_t PreopenLen))                                                                                             \
  F(uint32_t, WasmEdge_ModuleInstanceWASIGetExitCode, (const WasmEdge_ModuleInstanceContext *Cxt))                     \
  F(WasmEdge_FunctionInstanceContext *, WasmEdge_ModuleInstanceFindFunction,                                           \
    (const WasmEdge_ModuleInstanceContext *Cxt, WasmEdge_String Name))                                                 \
  F(WasmEdge_TableInstanceContext *, WasmEdge_ModuleInstanceFindTable,                                                 \
    (const WasmEdge_ModuleInstanceContext *Cxt, WasmEdge_String Name))                                                 \
  F(WasmEdge_MemoryInstanceContext *, WasmEdge_ModuleInstanceFindMemory,                                               \
    (const WasmEdge_ModuleInstanceContext *Cxt, WasmEdge_String Name))                                                 \
  F(WasmEdge_GlobalInstanceContext *, WasmEdge_ModuleInstanceFindGlobal,                                               \
    (const WasmEdge_ModuleInstanceContext *Cxt, WasmEdge_String Name))                                                 \
  F(uint32_t, WasmEdge_ModuleInstanceListFunctionLength, (const WasmEdge_ModuleInstanceContext *Cxt))                  \
  F(uint32_t, WasmEdge_ModuleInstanceListFunction,                                                                     \
    (const WasmEdge_ModuleInstanceContext *Cxt, WasmEdge_String *Names, uint32_t Len))                                 \
  F(void, WasmEdge_ModuleInstanceAddFunction,                                                                          \
    (WasmEdge_ModuleInstanceContext * Cxt, WasmEdge_String Name, WasmEdge_FunctionInstanceContext * FuncCxt))          \
  F(void, WasmEdge_ModuleInstanceAddTable,                                                                             \
    (WasmEdge_ModuleInstanceContext * Cxt, WasmEdge_String Name, WasmEdge_TableInstanceContext * TableCxt))            \
  F(void, WasmEdge_ModuleInstanceAddMemory,                                                                            \
    (WasmEdge_ModuleInstanceContext * Cxt, WasmEdge_String Name, WasmEdge_MemoryInstanceContext * MemoryCxt))          \
  F(void, WasmEdge_ModuleInstanceAddGlobal,                                                                            \
    (WasmEdge_ModuleInstanceContext * Cxt, WasmEdge_String Name, WasmEdge_GlobalInstanceContext * GlobalCxt))          \
  F(void, WasmEdge_ModuleInstanceDelete, (WasmEdge_ModuleInstanceContext * Cxt))                                       \
                                                                                                                       \
  F(WasmEdge_FunctionInstanceContext *, WasmEdge_FunctionInstanceCreate,                                               \
    (const WasmEdge_FunctionTypeContext *Type, WasmEdge_HostFunc_t HostFunc, void *Data, uint64_t Cost))               \
  F(const WasmEdge_FunctionTypeContext *, WasmEdge_FunctionInstanceGetFunctionType,                                    \
    (const WasmEdge_FunctionInstanceContext *Cxt))                                                                     \
  F(WasmEdge_TableInstanceContext *, WasmEdge_TableInstanceCreate, (const WasmEdge_TableTypeContext *TabType))         \
  F(const WasmEdge_TableTypeContext *, WasmEdge_TableInstanceGetTableType, (const WasmEdge_TableInstanceContext *Cxt)) \
  W(WasmEdge_Result, WasmEdge_TableInstanceGetData,                                                                    \
    (const WasmEdge_TableInstanceContext *Cxt, WasmEdge_Value *Data, uint64_t Offset))                                 \
  W(WasmEdge_Result, WasmEdge_TableInstanceSetData,                                                                    \
    (WasmEdge_TableInstanceContext * Cxt, WasmEdge_Value Data, uint64_t Offset))                                       \
  W(uint64_t, WasmEdge_TableInstanceGetSize, (const WasmEdge_TableInstanceContext *Cxt))                               \
  W(WasmEdge_Result, WasmEdge_TableInstanceGrow, (WasmEdge_TableInstanceContext * Cxt, uint64_t Size))                 \
  F(WasmEdge_MemoryInstanceContext *, WasmEdge_MemoryInstanceCreate, (const WasmEdge_MemoryTypeContext *MemType))      \
  W(uint8_t *, WasmEdge_MemoryInstanceGetPointer,                                                                      \
    (WasmEdge_MemoryInstanceContext * Cxt, uint64_t Offset, uint64_t Length))                                          \
  W(uint64_t, WasmEdge_MemoryInstanceGetPageSize, (const WasmEdge_MemoryInstanceContext *Cxt))                         \
  W(WasmEdge_Result, WasmEdge_MemoryInstanceGrowPage, (WasmEdge_MemoryInstanceContext * Cxt, uint64_t Page))           \
  F(WasmEdge_GlobalInstanceContext *, WasmEdge_GlobalInstanceCreate,                                                   \
    (const WasmEdge_GlobalTypeContext *GlobType, WasmEdge_Value Value))                                                \
  F(const WasmEdge_GlobalTypeContext *, WasmEdge_GlobalInstanceGetGlobalType,                                          \
    (const WasmEdge_GlobalInstanceContext *Cxt))                                                                       \
  F(WasmEdge_Value, WasmEdge_GlobalInstanceGetValue, (const WasmEdge_GlobalInstanceContext *Cxt))                      \
  F(WasmEdge_Result, WasmEdge_GlobalInstanceSetValue, (WasmEdge_GlobalInstanceContext * Cxt, WasmEdge_Value Value))

// In every version, but 0.17 made the limit, a WasmEdge_Limit by value before, a context: limits.cc casts them.
#define WASMEDGE_LIMIT_FUNCTIONS(F)                                                                                    \
  F(void, WasmEdge_TableTypeCreate, ())                                                                                \
  F(void, WasmEdge_MemoryTypeCreate, ())
using WasmEdge_TableTypeCreate_t = WasmEdge_TableTypeContext *(*)(WasmEdge_ValType, const WasmEdge_LimitContext *);
using WasmEdge_TableTypeCreateByValue_t = WasmEdge_TableTypeContext *(*)(WasmEdge_ValType, WasmEdge_Limit);
using WasmEdge_MemoryTypeCreate_t = WasmEdge_MemoryTypeContext *(*)(const WasmEdge_LimitContext *);
using WasmEdge_MemoryTypeCreateByValue_t = WasmEdge_MemoryTypeContext *(*)(WasmEdge_Limit);

// Null where the library has none. LogSetCallback: since 0.15; Limit…: since 0.17.
#define WASMEDGE_OPTIONAL_FUNCTIONS(F)                                                                                 \
  F(void, WasmEdge_ConfigureSetForceInterpreter, (WasmEdge_ConfigureContext * Cxt, bool IsForceInterpreter))           \
  F(void, WasmEdge_LogSetCallback, (WasmEdge_LogCallback_t Callback))                                                  \
  F(WasmEdge_LimitContext *, WasmEdge_LimitCreate, (uint64_t Min, bool Is64Bit))                                       \
  F(WasmEdge_LimitContext *, WasmEdge_LimitCreateWithMax, (uint64_t Min, uint64_t Max, bool Is64Bit, bool IsShared))   \
  F(void, WasmEdge_LimitDelete, (WasmEdge_LimitContext * Cxt))

}  // namespace abi
