#include "native/log_capture.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "native/library.h"

#if defined(__GLIBC__)
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace wasmedge {

namespace {

thread_local LogScope *innermost = nullptr;

void onLogMessage(const WasmEdge_LogMessage *message);

#if defined(__GLIBC__)
/** `stdout` of the C library, redirected into a memory file while anybody needs it. One for the process. */
class StdoutCapture {
 public:
  bool open() {
    const std::lock_guard<std::mutex> lock(mutex_);
    file_ = memfd_create("wasmedge-log", MFD_CLOEXEC);
    // Unbuffered, it needs no flush at the moments of exchange. Node itself never writes through this stream.
    return file_ >= 0 && std::setvbuf(stdout, nullptr, _IONBF, 0) == 0;
  }
  bool isOpen() const { return file_ >= 0; }

  void enter() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (users_++ == 0) {
      saved_ = stdout->_fileno;
      stdout->_fileno = file_;
    }
  }
  void leave() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (--users_ == 0) stdout->_fileno = saved_;
  }

  /** What was logged since the last call. Lines of engines on other threads, logged meanwhile, are among it. */
  std::string take() {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::string text;
    char chunk[4096];
    for (ssize_t got = 0; (got = ::pread(file_, chunk, sizeof chunk, static_cast<off_t>(text.size()))) > 0;) {
      text.append(chunk, static_cast<size_t>(got));
    }
    if (!text.empty() && (::ftruncate(file_, 0) != 0 || ::lseek(file_, 0, SEEK_SET) != 0)) text.clear();
    return text;
  }

 private:
  std::mutex mutex_;
  int file_ = -1;
  int saved_ = -1;
  int users_ = 0;
};
#else
class StdoutCapture {
 public:
  bool open() { return false; }
  bool isOpen() const { return false; }
  void enter() {}
  void leave() {}
  std::string take() { return {}; }
};
#endif

StdoutCapture &stdoutCapture() {
  // Not destroyed at exit: the engine may still log then.
  static auto &capture = *new StdoutCapture;  // NOLINT
  return capture;
}

/** Removes colours and spdlog's `[time] [level] ` from one line. */
std::string plainLine(const std::string &line) {
  std::string text;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\x1b') {
      while (i < line.size() && line[i] != 'm') ++i;
    } else {
      text += line[i];
    }
  }
  for (int brackets = 0; brackets < 2 && !text.empty() && text[0] == '['; ++brackets) {
    const auto end = text.find("] ");
    if (end == std::string::npos) break;
    text.erase(0, end + 2);
  }
  return text;
}

}  // namespace

void appendLogLine(std::string line) {
  if (innermost) innermost->lines_.push_back(std::move(line));
}

namespace {

void onLogMessage(const WasmEdge_LogMessage *message) {
  // Called from inside the engine: nothing may be thrown through it.
  try {
    appendLogLine(std::string(message->Message.Buf, message->Message.Length));
  } catch (const std::bad_alloc &) {
  }
}

}  // namespace

void startLogCapture(const Library &library) {
  if (library.WasmEdge_LogSetCallback) {
    library.WasmEdge_LogSetCallback(onLogMessage);
    library.WasmEdge_LogSetErrorLevel();
  } else if (stdoutCapture().open()) {
    library.WasmEdge_LogSetErrorLevel();
  } else {
    library.WasmEdge_LogOff();
  }
}

LogScope::LogScope() : outer_(innermost) {
  innermost = this;
  if (stdoutCapture().isOpen()) stdoutCapture().enter();
}

LogScope::~LogScope() {
  if (stdoutCapture().isOpen()) stdoutCapture().leave();
  innermost = outer_;
}

const std::vector<std::string> &LogScope::lines() {
  if (stdoutCapture().isOpen()) {
    const std::string text = stdoutCapture().take();
    for (size_t begin = 0; begin < text.size();) {
      const auto end = std::min(text.find('\n', begin), text.size());
      lines_.push_back(plainLine(text.substr(begin, end - begin)));
      begin = end + 1;
    }
  }
  return lines_;
}

LogPause::LogPause() {
  if (stdoutCapture().isOpen()) stdoutCapture().leave();
}

LogPause::~LogPause() {
  if (stdoutCapture().isOpen()) stdoutCapture().enter();
}

std::optional<uint64_t> byteOffsetIn(const std::vector<std::string> &lines) {
  static const std::string kLabel = "Bytecode offset: 0x";
  for (const std::string &line : lines) {
    const auto at = line.find(kLabel);
    if (at == std::string::npos) continue;
    return std::strtoull(line.c_str() + at + kLabel.size(), nullptr, 16);
  }
  return std::nullopt;
}

}  // namespace wasmedge
