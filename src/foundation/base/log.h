#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace csauth {

enum class LogLevel { debug, info, warning, error };

/// Returns "debug", "info", "warning" or "error".
std::string_view name_of(LogLevel level);

/// A member of a log line. `key` is a literal, which is not escaped. The member refers to its texts, which
/// must live until the call of Log returns.
struct LogField {
    std::string_view key;
    std::variant<std::string_view, std::int64_t, double, bool> value;

    LogField(std::string_view k, std::string_view v) : key{k}, value{v} {}
    LogField(std::string_view k, const char* v) : key{k}, value{std::string_view{v}} {}
    LogField(std::string_view k, const std::string& v) : key{k}, value{std::string_view{v}} {}
    LogField(std::string_view k, bool v) : key{k}, value{v} {}
    LogField(std::string_view k, double v) : key{k}, value{v} {}
    template <class Integer>
    requires std::is_integral_v<Integer> LogField(std::string_view k, Integer v)
        : key{k}, value{static_cast<std::int64_t>(v)} {}
};

/// Writes one JSON object per line. Each write(2) has whole lines only, so lines of several processes never
/// mix. No value can end its line. A line must contain no secret, no token and no full address.
///
/// A line has `ts` (rfc3339()), `level`, `process`, `pid` and `event`, then the fields of the call. A line
/// that can't be written is lost: the log never stops the service.
class Log {
public:
    /// Appends to the file `path`, or to standard error if `path` is empty. Lines below `least` are left out.
    /// Throws std::system_error if the file can't be opened.
    Log(std::string path, LogLevel least);
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    /// These write a line of their level. `event` is a stable name such as "database_away".
    void debug(std::string_view event, std::initializer_list<LogField> fields = {}) const;
    void info(std::string_view event, std::initializer_list<LogField> fields = {}) const;
    void warning(std::string_view event, std::initializer_list<LogField> fields = {}) const;
    void error(std::string_view event, std::initializer_list<LogField> fields = {}) const;

    /// Changes the file and the least level from now on. If the new file can't be opened, the log writes an
    /// error to the old one and keeps it. No other thread may use the log meanwhile.
    void configure(const std::string& path, LogLevel least);

    /// Opens the file again, after a rotation has moved it away. Keeps the old one, and says so there, if
    /// that fails. Another thread may write meanwhile, unless the log gathers.
    void reopen();

    /// Sets the role of this process in every line from now on, such as "api" or "mailer", and its process
    /// ID. Call after fork(). Until then the role is "master".
    void set_process(std::string_view process);

    /// Buffers lines below a warning from now on, until flush(), a warning, or PIPE_BUF bytes. A worker that
    /// finds many requests at once writes once for all of them, which saves 2 µs of 3 for each.
    ///
    /// Buffered lines are lost if the process is killed. Only for a process with one thread.
    void gather() { gathers_ = true; }

    /// Writes the buffered lines.
    void flush() const;

private:
    void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) const;

    std::string path_;
    LogLevel least_;
    std::string process_;  ///< the members `process` and `pid` of every line
    bool journal_;
    bool gathers_ = false;
    mutable std::string gathered_;
    int fd_ = 2;
};

}  // namespace csauth
