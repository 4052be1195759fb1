#pragma once

#include <cstddef>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ctl/command.h"

namespace csauth::ctl {

struct Command {
    std::string_view noun;
    std::string_view verb;  ///< empty: the noun alone
    std::string_view parameters;
    std::size_t fewest;
    std::size_t most;
    std::string_view help;
    int (*run)(const Config&, const Arguments&);
    std::string_view options = {};  ///< the words that it takes besides --json and --yes
};

/// An option that some commands take.
struct Option {
    std::string_view name;
    std::string_view value;  ///< what follows it; empty: nothing
    std::string_view help;
};

/// How one calls a command, for the help of that command.
struct Example {
    std::string_view command;    ///< "user ban"
    std::string_view arguments;  ///< what follows the command
};

/// "user ban", "migrate"
std::string name_of(const Command& command);

/// The commands, options and examples of the program, and what it says of them.
class CommandLine {
public:
    CommandLine(std::span<const Command> commands, std::span<const Option> options,
                std::span<const Example> examples)
        : commands_{commands}, options_{options}, examples_{examples} {}

    /// Writes the list of all commands.
    void print_all(std::ostream& out) const;

    /// Writes how to call one command, with its options and an example.
    void print_one(std::ostream& out, const Command& command) const;

    /// Writes the help for the words after "help": of one command, of all with a noun, or of all. Returns
    /// false, and says why on `errors`, if there is no such command.
    bool print_help(std::ostream& out, std::ostream& errors, const std::vector<std::string>& words) const;

    /// Returns the command that the words call; nullptr, after saying on `errors` what is wrong and how that
    /// command is called, if they call none.
    const Command* find(const std::vector<std::string>& words, std::ostream& errors) const;

    /// Returns true if the command takes all these options; otherwise says which one it does not take.
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
