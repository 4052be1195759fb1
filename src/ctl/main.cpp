#include <getopt.h>

#include <array>
#include <cstdio>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "config.h"
#include "ctl/key.h"
#include "ctl/migrate.h"
#include "db/errors.h"
#include "version.h"

namespace csauth::ctl {
namespace {

// sysexits.h
constexpr int kUsage = 64;
constexpr int kUnavailable = 69;
constexpr int kSoftware = 70;
constexpr int kConfig = 78;

struct Command {
    std::string_view noun;
    std::string_view verb;  ///< empty: the noun alone
    std::string_view help;
    int (*run)(const Config&);
};

constexpr Command kCommands[] = {
    {"migrate", "", "bring the database's schema up to date", migrate},
    {"migrate", "status", "say which migrations are applied", migration_status},
    {"key", "init", "make the keys that are missing in keys.dir", key_init},
};

void print_help(std::ostream& out) {
    out << "csauthctl - administration of the accounts service\n\n";
    for (const Command& command : kCommands) {
        std::string call{command.noun};
        if (!command.verb.empty()) call.append(" ").append(command.verb);
        call.resize(std::max<std::size_t>(call.size(), 18), ' ');
        out << "  csauthctl [--config FILE] " << call << command.help << '\n';
    }
    out << "\nFILE is /etc/csauth/csauth.ini unless CSAUTH_CONFIG names another.\n";
}

const Command* find_command(const std::vector<std::string>& words) {
    for (const Command& command : kCommands) {
        const std::size_t length = command.verb.empty() ? 1 : 2;
        if (words.size() == length && words[0] == command.noun && (length == 1 || words[1] == command.verb))
            return &command;
    }
    return nullptr;
}

int run(int argc, char** argv) {
    static const std::array<option, 4> kLong{{{"config", required_argument, nullptr, 'c'},
                                              {"version", no_argument, nullptr, 'V'},
                                              {"help", no_argument, nullptr, 'h'},
                                              {nullptr, 0, nullptr, 0}}};
    std::optional<std::string> file;
    for (int letter = 0; (letter = ::getopt_long(argc, argv, "c:Vh", kLong.data(), nullptr)) != -1;) {
        switch (letter) {
            case 'c': file = optarg; break;
            case 'V': std::cout << "csauthctl " << kVersion << '\n'; return 0;
            case 'h': print_help(std::cout); return 0;
            default: print_help(std::cerr); return kUsage;
        }
    }
    const Command* command = find_command({argv + optind, argv + argc});
    if (command == nullptr) {
        print_help(std::cerr);
        return kUsage;
    }
    const auto config =
        load_config(config_file(file, process_environment()), process_environment(), csauth_variables());
    if (!config) {
        for (const auto& problem : config.error())
            std::cerr << "csauthctl: " << problem.where << ": " << problem.text << '\n';
        return kConfig;
    }
    return command->run(*config);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const db::WrongSchema& e) {
        std::cerr << "csauthctl: " << e.what() << '\n';
        return kConfig;
    } catch (const db::Unavailable& e) {
        std::cerr << "csauthctl: " << e.what() << '\n';
        return kUnavailable;
    } catch (const std::exception& e) {
        std::cerr << "csauthctl: " << e.what() << '\n';
        return kSoftware;
    }
}

}  // namespace csauth::ctl

int main(int argc, char** argv) { return csauth::ctl::main(argc, argv); }
