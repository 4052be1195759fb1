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

using exit_status::kConfig;
using exit_status::kNoSuchThing;
using exit_status::kSoftware;
using exit_status::kTampered;
using exit_status::kUnavailable;
using exit_status::kUsage;

/// What stands behind the noun and the verb.
struct Arguments {
    std::vector<std::string> words;
    bool json = false;                                             ///< --json: for programs
    bool yes = false;                                              ///< --yes: don't ask
    std::map<std::string, std::string, std::less<>> options = {};  ///< "user" of --user USER, and so on

    bool has(std::string_view option) const { return options.contains(option); }
    std::optional<std::string> option(std::string_view name) const {
        const auto found = options.find(name);
        return found == options.end() ? std::nullopt : std::optional{found->second};
    }
};

/// How many entries a list shows where --limit is not given and nobody reads it by program.
inline constexpr std::size_t kUsualLimit = 100;
inline constexpr std::size_t kHighestLimit = 1'000'000;

/// Returns --limit, or else kUsualLimit, and `for_programs` with --json. nullopt, with a complaint, if that
/// is no number from 1 to kHighestLimit.
std::optional<std::size_t> limit_in(const Arguments& arguments, std::size_t for_programs = kHighestLimit);

/// Says on standard error how to go on with a list that was cut.
void say_that_more_follows(std::size_t shown, std::string_view position);

/// Whether the person at the terminal agrees. Without a terminal only --yes does.
bool is_confirmed(const std::string& question, const Arguments& arguments);

}  // namespace csauth::ctl
