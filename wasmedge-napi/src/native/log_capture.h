// What the engine logs while it works for us. It never reaches this process's stdout.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wasmedge {

class Library;

/**
 * Called once, after the library was loaded. Since 0.15 the engine has a log callback. Before, it prints through the C
 * library's `stdout`; there, on glibc, that stream's file descriptor is exchanged for a memory file while a LogScope
 * exists. (The guest's own output goes to descriptor 1 and is not touched.) Where neither works, logging is off.
 */
void startLogCapture(const Library &library);

/** Collects the log lines of the operations during its life on this thread. Scopes nest; the innermost collects. */
class LogScope {
 public:
  LogScope();
  ~LogScope();
  LogScope(const LogScope &) = delete;
  LogScope &operator=(const LogScope &) = delete;

  /** The lines so far, oldest first, without time and level. */
  const std::vector<std::string> &lines();

 private:
  friend void appendLogLine(std::string line);
  std::vector<std::string> lines_;
  LogScope *outer_;
};

/** While it exists, somebody else's code runs (a host function): what that prints is not ours. */
class LogPause {
 public:
  LogPause();
  ~LogPause();
  LogPause(const LogPause &) = delete;
  LogPause &operator=(const LogPause &) = delete;
};

/** The offset in bytes into the module that the first `Bytecode offset: 0x…` of these lines names. */
std::optional<uint64_t> byteOffsetIn(const std::vector<std::string> &lines);

}  // namespace wasmedge
