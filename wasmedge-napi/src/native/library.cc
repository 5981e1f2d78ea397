#include "native/library.h"

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>

#include "native/log_capture.h"
#include "native/proposals.h"

// Of libuv, which node and Electron export; its headers are not in every installation.
extern "C" {
struct uv_lib_t {
  void *handle;
  char *errmsg;
};
int uv_dlopen(const char *filename, uv_lib_t *lib);
void uv_dlclose(uv_lib_t *lib);
int uv_dlsym(uv_lib_t *lib, const char *name, void **ptr);
const char *uv_dlerror(const uv_lib_t *lib);
}

namespace wasmedge {

namespace {

std::mutex loading;
std::atomic<const Library *> loaded{nullptr};

/** An opened shared object, closed again unless kept. */
class SharedObject {
 public:
  explicit SharedObject(const std::string &path) : failed_(uv_dlopen(path.c_str(), &lib_) != 0) {}
  ~SharedObject() {
    if (!kept_) uv_dlclose(&lib_);
  }
  SharedObject(const SharedObject &) = delete;
  SharedObject &operator=(const SharedObject &) = delete;

  bool failed() const { return failed_; }
  const char *error() const { return uv_dlerror(&lib_); }
  void *find(const char *name) {
    void *symbol = nullptr;
    return uv_dlsym(&lib_, name, &symbol) == 0 ? symbol : nullptr;
  }
  void keep() { kept_ = true; }

 private:
  uv_lib_t lib_{};
  bool failed_;
  bool kept_ = false;
};

template <class F>
void bind(SharedObject &object, const char *name, F *&function) {
  function = reinterpret_cast<F *>(object.find(name));
}

bool sameFile(const std::string &one, const std::string &other) {
  std::error_code ignored;
  return one == other || std::filesystem::equivalent(one, other, ignored);
}

void checkFile(const std::string &path) {
  // A bare name is left to the dynamic loader's search; anything else must be a file.
  if (path.find('/') == std::string::npos) return;
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    throw LibraryFailure("missing", path, "No WasmEdge library at " + path + ": there is no such file.");
  }
  if (std::filesystem::is_directory(path, ignored)) {
    throw LibraryFailure("missing", path,
                         "No WasmEdge library at " + path + ": that is a folder; name the file libwasmedge in it.");
  }
}

}  // namespace

Library::Library(const std::string &path) : path(path) {
  checkFile(path);
  SharedObject object(path);
  if (object.failed()) {
    const std::string reason = object.error();
    const bool notFound = path.find('/') == std::string::npos && reason.find(path) == 0;
    throw LibraryFailure(notFound ? "missing" : "not-a-library", path,
                         (notFound ? "No WasmEdge library named " + path + " where the system looks for libraries: "
                                   : path + " cannot be loaded as the WasmEdge library: ") +
                             reason);
  }

  bind(object, "WasmEdge_VersionGet", WasmEdge_VersionGet);
  bind(object, "WasmEdge_VersionGetMajor", WasmEdge_VersionGetMajor);
  bind(object, "WasmEdge_VersionGetMinor", WasmEdge_VersionGetMinor);
  bind(object, "WasmEdge_VersionGetPatch", WasmEdge_VersionGetPatch);
  if (!WasmEdge_VersionGet || !WasmEdge_VersionGetMajor || !WasmEdge_VersionGetMinor || !WasmEdge_VersionGetPatch) {
    throw LibraryFailure("not-a-library", path,
                         path + " is a shared library, but not WasmEdge's: it has no WasmEdge_VersionGet.");
  }
  version = WasmEdge_VersionGet();
  major = WasmEdge_VersionGetMajor();
  minor = WasmEdge_VersionGetMinor();
  patch = WasmEdge_VersionGetPatch();
  if (major == 0 && minor < 14) {
    throw LibraryFailure("too-old", path, path + " is WasmEdge " + version + "; 0.14 or later is needed.");
  }

  std::string missing;
  const auto require = [&](const char *name, auto *&function) {
    bind(object, name, function);
    if (!function) missing += (missing.empty() ? "" : ", ") + std::string(name);
  };
#define REQUIRE_FUNCTION(RESULT, NAME, PARAMETERS) require(#NAME, NAME);
  WASMEDGE_REQUIRED_FUNCTIONS(REQUIRE_FUNCTION, REQUIRE_FUNCTION)
  WASMEDGE_LIMIT_FUNCTIONS(REQUIRE_FUNCTION)
#undef REQUIRE_FUNCTION
  if (!missing.empty()) {
    throw LibraryFailure("symbol-missing", path,
                         path + " says that it is WasmEdge " + version + ", but lacks " + missing + ".");
  }
#define BIND_FUNCTION(RESULT, NAME, PARAMETERS) bind(object, #NAME, NAME);
  WASMEDGE_OPTIONAL_FUNCTIONS(BIND_FUNCTION)
#undef BIND_FUNCTION
  object.keep();
  proposals = proposalNames(major, minor);
}

const Library &Library::load(const std::string &path) {
  const std::lock_guard<std::mutex> lock(loading);
  if (const Library *current = loaded.load()) {
    if (sameFile(current->path, path)) return *current;
    throw LibraryFailure("other-library-loaded", path,
                         "This process has loaded WasmEdge " + current->version + " from " + current->path +
                             " and cannot load " + path + " as well; start another process for it.");
  }
  // Never deleted: engines of any thread use it until the process ends.
  static std::unique_ptr<const Library> theLibrary;
  theLibrary.reset(new Library(path));
  startLogCapture(*theLibrary);
  loaded.store(theLibrary.get());
  return *theLibrary;
}

const Library &Library::get() {
  const Library *current = loaded.load(std::memory_order_acquire);
  if (!current) throw std::logic_error("No WasmEdge library is loaded: call loadLibrary(path) first.");
  return *current;
}

}  // namespace wasmedge
