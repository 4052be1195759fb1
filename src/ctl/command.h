#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/exit_status.h"
#include "config.h"

namespace csauth::ctl {

// Exit statuses, described in base/exit_status.h. A command returns 0 on success. Its header names the others
// that it returns.
//
// Every command can also end with one of these: kUsage (64) for unknown commands and options, or a question
// that was not answered with yes; kUnavailable (69) if the database does not answer; kConfig (78) for a
// faulty configuration or a schema of another version; kSoftware (70) for any other failure.
using exit_status::kConfig;
using exit_status::kNoSuchThing;
using exit_status::kSoftware;
using exit_status::kTampered;
using exit_status::kUnavailable;
using exit_status::kUsage;

/// The command line after the noun and the verb.
struct Arguments {
    std::vector<std::string> words;  ///< as many as Command::fewest and Command::most allow
    bool json = false;               ///< --json: output for programs
    bool yes = false;                ///< --yes: ask no question
    std::map<std::string, std::string, std::less<>> options =
        {};  ///< "user" for --user USER; value may be empty

    /// Returns true if the option is given.
    bool has(std::string_view option) const { return options.contains(option); }

    /// Returns the value of the option, or nullopt if it is not given.
    std::optional<std::string> option(std::string_view name) const {
        const auto found = options.find(name);
        return found == options.end() ? std::nullopt : std::optional{found->second};
    }
};

/// The number of entries that a list shows without --limit and --json.
inline constexpr std::size_t kUsualLimit = 100;
inline constexpr std::size_t kHighestLimit = 1'000'000;

/// Returns the value of --limit. Without it, returns `for_programs` with --json, and otherwise kUsualLimit.
/// Returns nullopt, after a complaint, if the value is not a number from 1 to kHighestLimit.
std::optional<std::size_t> limit_in(const Arguments& arguments, std::size_t for_programs = kHighestLimit);

/// Says on standard error how to continue a list that was cut. `position` is the value for --after.
void say_that_more_follows(std::size_t shown, std::string_view position);

/// Returns true if the operator agrees: with --yes at once, otherwise by an answer to `question` at the
/// terminal. Without a terminal and --yes, complains and returns false.
bool is_confirmed(const std::string& question, const Arguments& arguments);

}  // namespace csauth::ctl
