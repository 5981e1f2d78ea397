// libwasmedge, loaded at run time: the table of its functions.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "native/abi.h"

namespace wasmedge {

using namespace abi;  // NOLINT: the names of the C API

/** Why libwasmedge could not be loaded; `code` is that of LibraryError in index.d.ts. */
class LibraryFailure : public std::runtime_error {
 public:
  LibraryFailure(const char *code, std::string path, const std::string &message)
      : std::runtime_error(message), code(code), path(std::move(path)) {}
  const char *code;
  std::string path;
};

/** One loaded libwasmedge. A process has at most one, and keeps it: the engine's threads and callbacks point into it. */
class Library {
 public:
  /**
   * Loads the library for the process; with the path that is loaded already, returns that.
   * @throws LibraryFailure
   */
  static const Library &load(const std::string &path);
  /** @throws std::logic_error where nothing has been loaded. */
  static const Library &get();

  Library(const Library &) = delete;
  Library &operator=(const Library &) = delete;

  std::string path;
  std::string version;
  uint32_t major = 0;
  uint32_t minor = 0;
  uint32_t patch = 0;
  std::vector<std::string> proposals;

#define DECLARE_FUNCTION(RESULT, NAME, PARAMETERS) RESULT(*NAME) PARAMETERS = nullptr;
  WASMEDGE_REQUIRED_FUNCTIONS(DECLARE_FUNCTION, DECLARE_FUNCTION)
  WASMEDGE_LIMIT_FUNCTIONS(DECLARE_FUNCTION)
  WASMEDGE_OPTIONAL_FUNCTIONS(DECLARE_FUNCTION)
#undef DECLARE_FUNCTION

  /** Since 0.17 sizes are 64-bit and limits are contexts. */
  bool hasWideSizes() const { return WasmEdge_LimitCreate != nullptr; }
  /** A size that a `W` function of abi.h returned: before 0.17 its upper half is undefined. */
  uint64_t widen(uint64_t size) const { return hasWideSizes() ? size : size & 0xffffffffu; }


 private:
  explicit Library(const std::string &path);
};

/** The loaded library's functions. @throws std::logic_error where nothing has been loaded. */
inline const Library &api() { return Library::get(); }

}  // namespace wasmedge
