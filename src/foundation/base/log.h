#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace csauth {

enum class LogLevel { debug, info, warning, error };

/// "info" and so on.
std::string_view name_of(LogLevel level);

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

/// One JSON object a line, and whole lines in each write, so that those of several processes never mix. No
/// value can end its line. What a caller passes must hold no secret, no token and no full address.
class Log {
public:
    /// Appends to `path`, or to standard error where it is empty. Throws when the file can't be opened.
    Log(std::string path, LogLevel least);
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    void debug(std::string_view event, std::initializer_list<LogField> fields = {}) const;
    void info(std::string_view event, std::initializer_list<LogField> fields = {}) const;
    void warning(std::string_view event, std::initializer_list<LogField> fields = {}) const;
    void error(std::string_view event, std::initializer_list<LogField> fields = {}) const;

    /// Writes elsewhere, or more or less, from now on. Keeps the old file when the new one can't be opened.
    void configure(const std::string& path, LogLevel least);

    /// Opens the file anew, after it was moved away. Keeps the old one when that fails.
    void reopen();

    /// The role of this process in every line from now on: "api", "mailer". To be said behind the fork.
    void set_process(std::string_view process);

    /// From now on what is less than a warning waits for flush(), or for as much as one write may hold: a
    /// worker that finds many requests at once writes once for all of them, which saves 2 µs of 3 for each.
    /// Who is killed takes such lines along. For a process with one thread.
    void gather() { gathers_ = true; }
    void flush() const;

private:
    void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) const;

    std::string path_;
    LogLevel least_;
    std::string process_;  ///< as it stands in every line, with its number
    bool journal_;
    bool gathers_ = false;
    mutable std::string gathered_;
    int fd_ = 2;
};

}  // namespace csauth
