#include "ctl/command_line.h"

#include <algorithm>
#include <numeric>
#include <ostream>
#include <utility>

namespace csauth::ctl {
namespace {

constexpr std::size_t kFarthestTypo = 2;

std::size_t words_in(const Command& command) { return command.verb.empty() ? 1 : 2; }

/// Returns "user ban USER".
std::string call_of(const Command& command) {
    std::string call = name_of(command);
    if (!command.parameters.empty()) call.append(" ").append(command.parameters);
    return call;
}

/// Returns how many letters must be changed, added or removed to get from `a` to `b` (Levenshtein distance).
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0U);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

bool has_word(std::string_view list, std::string_view word) {
    const std::string all = " " + std::string{list} + " ";
    return all.find(" " + std::string{word} + " ") != std::string::npos;
}

/// Returns the parameter at a place, counted from 0: "ROLE" of "USER ROLE" for 1.
std::string parameter_at(std::string_view parameters, std::size_t place) {
    for (; place > 0 && parameters.find(' ') != std::string_view::npos; --place)
        parameters.remove_prefix(parameters.find(' ') + 1);
    return std::string{parameters.substr(0, parameters.find(' '))};
}

void print_line(std::ostream& out, std::string_view what, std::string_view help, std::size_t width) {
    out << "  " << what << std::string(width - std::min(width, what.size()) + 2, ' ') << help << '\n';
}

}  // namespace

std::string name_of(const Command& command) {
    return command.verb.empty() ? std::string{command.noun}
                                : std::string{command.noun}.append(" ").append(command.verb);
}

const Command* CommandLine::named(std::string_view noun, std::string_view verb) const {
    for (const Command& command : commands_)
        if (command.noun == noun && command.verb == verb) return &command;
    return nullptr;
}

const Command* CommandLine::closest(std::string_view name) const {
    const Command* best = nullptr;
    std::size_t least = kFarthestTypo + 1;
    for (const Command& command : commands_)
        if (const auto changes = distance(name, name_of(command)); changes < least) {
            best = &command;
            least = changes;
        }
    return best;
}

void CommandLine::print_all(std::ostream& out) const {
    out << "csauthctl - administration of the accounts service\n\n"
           "  csauthctl [--config FILE] [--json] [--yes] COMMAND\n"
           "  csauthctl help COMMAND\n\n";
    std::size_t width = 0;
    for (const Command& command : commands_)
        width = std::max(width, call_of(command).size());
    for (const Command& command : commands_)
        print_line(out, call_of(command), command.help, width);
    out << "\nFILE is /etc/csauth/csauth.ini unless CSAUTH_CONFIG names another. --json lists and shows for "
           "programs,\n"
           "--yes asks nothing. USER is an id, an address or a username. Each act is in the audit log.\n"
           "'csauthctl help COMMAND' shows the options of a command, with an example.\n";
}

void CommandLine::print_one(std::ostream& out, const Command& command) const {
    out << "usage: csauthctl " << call_of(command) << (command.options.empty() ? "" : " [OPTIONS]")
        << "\n\n  " << command.help << "\n";
    std::vector<std::pair<std::string, std::string_view>> lines;
    for (const Option& option : options_)
        if (has_word(command.options, option.name))
            lines.emplace_back("--" + std::string{option.name} +
                                   (option.value.empty() ? "" : " " + std::string{option.value}),
                               option.help);
    std::size_t width = 0;
    for (const auto& [call, help] : lines)
        width = std::max(width, call.size());
    if (!lines.empty()) out << '\n';
    for (const auto& [call, help] : lines)
        print_line(out, call, help, width);
    for (const Example& example : examples_)
        if (example.command == name_of(command))
            out << "\nexample: csauthctl " << example.command << (example.arguments.empty() ? "" : " ")
                << example.arguments << '\n';
}

bool CommandLine::print_help(std::ostream& out, std::ostream& errors,
                             const std::vector<std::string>& words) const {
    if (words.empty()) {
        print_all(out);
        return true;
    }
    if (const auto* command = words.size() > 1 ? named(words[0], words[1]) : nullptr) {
        print_one(out, *command);
        return true;
    }
    bool is_known = false;
    for (const Command& command : commands_) {
        if (command.noun != words[0] || (words.size() > 1 && !command.verb.empty())) continue;
        if (is_known) out << '\n';
        print_one(out, command);
        is_known = true;
    }
    if (!is_known) complain_of(words, errors);
    return is_known;
}

const Command* CommandLine::find(const std::vector<std::string>& words, std::ostream& errors) const {
    const Command* command = words.size() > 1 ? named(words[0], words[1]) : nullptr;
    if (command == nullptr && !words.empty()) command = named(words[0], "");
    if (command == nullptr) {
        complain_of(words, errors);
        return nullptr;
    }
    const std::size_t given = words.size() - words_in(*command);
    if (given >= command->fewest && given <= command->most) return command;
    if (given < command->fewest)
        errors << "csauthctl: " << parameter_at(command->parameters, given) << " is missing\n";
    else
        errors << "csauthctl: '" << words[words_in(*command) + command->most]
               << "' is one word too many for '" << name_of(*command) << "'\n";
    print_one(errors, *command);
    return nullptr;
}

void CommandLine::complain_of(const std::vector<std::string>& words, std::ostream& errors) const {
    if (words.empty()) {
        errors << "csauthctl: no command is given\n";
        print_all(errors);
        return;
    }
    const bool has_noun = std::any_of(commands_.begin(), commands_.end(),
                                      [&](const Command& command) { return command.noun == words[0]; });
    if (has_noun && words.size() == 1) {
        errors << "csauthctl: '" << words[0] << "' needs another word:\n";
    } else {
        const std::string name = words.size() > 1 ? words[0] + " " + words[1] : words[0];
        const auto* meant = closest(name);
        if (meant == nullptr && words.size() > 1) meant = closest(words[0]);
        errors << "csauthctl: there is no command '" << name << "'";
        if (meant != nullptr) {
            errors << "; did you mean '" << name_of(*meant) << "'?\n";
            print_one(errors, *meant);
            return;
        }
        errors << (has_noun ? ":\n" : "; 'csauthctl help' lists all\n");
    }
    std::size_t width = 0;
    for (const Command& command : commands_)
        if (command.noun == words[0]) width = std::max(width, call_of(command).size());
    for (const Command& command : commands_)
        if (command.noun == words[0]) print_line(errors, call_of(command), command.help, width);
}

bool CommandLine::takes(const Command& command, const Arguments& arguments, std::ostream& errors) const {
    for (const auto& [name, value] : arguments.options) {
        if (has_word(command.options, name)) continue;
        errors << "csauthctl: '" << name_of(command) << "' takes no --" << name << '\n';
        print_one(errors, command);
        return false;
    }
    return true;
}

}  // namespace csauth::ctl
