#include "base/log.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <system_error>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/enum_names.h"
#include "base/files.h"
#include "base/timestamps.h"

namespace csauth {
namespace {

constexpr mode_t kLogFileMode = 0640;

// If the log is a pipe, a longer write may be torn (pipe(7)).
constexpr std::size_t kMostGathered = PIPE_BUF;

Result<UniqueFd, FileProblem> open_log(const std::string& path) {
    return open_file(path, O_WRONLY | O_APPEND | O_CREAT, kLogFileMode);
}

std::string text_of(const decltype(LogField::value)& value) {
    if (const auto* text = std::get_if<std::string_view>(&value)) return json_string(*text);
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    std::array<char, 64> text;
    constexpr int decimals = 3;
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), std::get<double>(value),
                                            std::chars_format::fixed, decimals);
    return error == std::errc{} ? std::string{text.data(), end} : "null";  // more than 60 digits
}

/// Returns true if systemd reads standard error, and lines go there.
bool goes_to_journal(const std::string& path) {
    return path.empty() && std::getenv("JOURNAL_STREAM") != nullptr;
}

/// The priorities of syslog(3), which journald takes from the start of a line.
std::string_view journal_prefix(LogLevel level) {
    switch (level) {
        case LogLevel::debug: return "<7>";
        case LogLevel::info: return "<6>";
        case LogLevel::warning: return "<4>";
        case LogLevel::error: return "<3>";
    }
    return "";
}

constexpr EnumNames kLogLevelNames{std::to_array<NameOf<LogLevel>>({
    {LogLevel::debug, "debug"},
    {LogLevel::info, "info"},
    {LogLevel::warning, "warning"},
    {LogLevel::error, "error"},
})};

}  // namespace

std::string_view name_of(LogLevel level) { return kLogLevelNames.of(level); }

Log::Log(std::string path, LogLevel least)
    : path_{std::move(path)}, least_{least}, journal_{goes_to_journal(path_)} {
    set_process("master");
    if (path_.empty()) return;
    auto file = open_log(path_);
    if (!file) throw std::system_error(file.error().code, std::generic_category(), "log file " + path_);
    fd_ = file->release();
}

Log::~Log() {
    flush();
    if (!path_.empty()) ::close(fd_);
}

void Log::set_process(std::string_view process) {
    process_ = R"("process":)" + json_string(process) + R"(,"pid":)" + std::to_string(::getpid());
}

void Log::flush() const {
    if (gathered_.empty()) return;
    // A log that can't be written must not stop the service, and there is no other place to report it.
    (void)!::write(fd_, gathered_.data(), gathered_.size());
    gathered_.clear();
}

void Log::configure(const std::string& path, LogLevel least) {
    flush();
    least_ = least;
    if (path == path_) return;
    int next = STDERR_FILENO;
    if (!path.empty()) {
        auto file = open_log(path);
        if (!file) {
            error("log_open_failed", {{"path", path}, {"errno", file.error().code}});
            return;
        }
        next = file->release();
    }
    if (!path_.empty()) ::close(fd_);
    path_ = path;
    fd_ = next;
    journal_ = goes_to_journal(path_);
}

void Log::reopen() {
    if (path_.empty()) return;
    flush();
    const auto reopened = open_log(path_);
    if (!reopened) {
        error("log_reopen_failed", {{"path", path_}, {"errno", reopened.error().code}});
        return;
    }
    // dup3 replaces the file in one step, because another thread may be writing to this descriptor.
    ::dup3(reopened->get(), fd_, O_CLOEXEC);
}

void Log::debug(std::string_view event, std::initializer_list<LogField> fields) const {
    write(LogLevel::debug, event, fields);
}
void Log::info(std::string_view event, std::initializer_list<LogField> fields) const {
    write(LogLevel::info, event, fields);
}
void Log::warning(std::string_view event, std::initializer_list<LogField> fields) const {
    write(LogLevel::warning, event, fields);
}
void Log::error(std::string_view event, std::initializer_list<LogField> fields) const {
    write(LogLevel::error, event, fields);
}

void Log::write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) const {
    if (level < least_) return;
    constexpr std::size_t usual_length = 400;
    std::string line;
    line.reserve(usual_length);
    if (journal_) line += journal_prefix(level);
    line.append(R"({"ts":")")
        .append(rfc3339(SystemClock{}.now()))
        .append(R"(","level":")")
        .append(name_of(level));
    line.append(R"(",)").append(process_).append(R"(,"event":)").append(json_string(event));
    for (const auto& field : fields)
        line.append(",\"").append(field.key).append("\":").append(text_of(field.value));
    line += "}\n";
    if (!gathers_) {
        (void)!::write(fd_, line.data(), line.size());  // see flush()
        return;
    }
    if (gathered_.size() + line.size() > kMostGathered) flush();
    gathered_ += line;
    if (level >= LogLevel::warning || gathered_.size() >= kMostGathered) flush();
}

}  // namespace csauth
