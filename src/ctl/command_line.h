#pragma once

#include <cstddef>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ctl/command.h"

namespace csauth::ctl {

/// A command of csauthctl.
struct Command {
    std::string_view noun;
    std::string_view verb;                        ///< empty if the noun alone is the command
    std::string_view parameters;                  ///< as the help shows them: "USER ROLE"
    std::size_t fewest;                           ///< words after the command, at least
    std::size_t most;                             ///< words after the command, at most
    std::string_view help;                        ///< one line
    int (*run)(const Config&, const Arguments&);  ///< returns the exit status
    std::string_view options = {};  ///< names with spaces between; --json and --yes are always allowed
};

/// An option that some commands take.
struct Option {
    std::string_view name;
    std::string_view value;  ///< the name of its value; empty if it has none
    std::string_view help;
};

/// An example of a call, for the help of the command.
struct Example {
    std::string_view command;    ///< "user ban"
    std::string_view arguments;  ///< the words after the command
};

/// Returns the words of a command: "user ban", "migrate".
std::string name_of(const Command& command);

/// The commands, options and examples of csauthctl. Finds commands and prints help. Refers to the tables,
/// which must outlive it.
class CommandLine {
public:
    CommandLine(std::span<const Command> commands, std::span<const Option> options,
                std::span<const Example> examples)
        : commands_{commands}, options_{options}, examples_{examples} {}

    /// Writes the list of all commands.
    void print_all(std::ostream& out) const;

    /// Writes the usage of one command, with its options and an example.
    void print_one(std::ostream& out, const Command& command) const;

    /// Writes the help for the words after "help": for one command, for all commands with a noun, or for all.
    /// Returns false, after a complaint on `errors`, if there is no such command.
    bool print_help(std::ostream& out, std::ostream& errors, const std::vector<std::string>& words) const;

    /// Returns the command that the words call. If they call none, or their number is wrong, complains on
    /// `errors` with the usage and returns nullptr.
    const Command* find(const std::vector<std::string>& words, std::ostream& errors) const;

    /// Returns true if the command takes all these options. Otherwise complains about the first one that it
    /// does not take.
    bool takes(const Command& command, const Arguments& arguments, std::ostream& errors) const;

private:
    const Command* named(std::string_view noun, std::string_view verb) const;
    const Command* closest(std::string_view name) const;
    void complain_of(const std::vector<std::string>& words, std::ostream& errors) const;

    std::span<const Command> commands_;
    std::span<const Option> options_;
    std::span<const Example> examples_;
};

}  // namespace csauth::ctl
