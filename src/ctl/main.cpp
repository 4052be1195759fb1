#include <getopt.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "config.h"
#include "ctl/audit.h"
#include "ctl/avatar.h"
#include "ctl/command.h"
#include "ctl/key.h"
#include "ctl/mail.h"
#include "ctl/migrate.h"
#include "ctl/push.h"
#include "ctl/role.h"
#include "ctl/session.h"
#include "ctl/user.h"
#include "db/errors.h"
#include "version.h"

namespace csauth::ctl {
namespace {

constexpr int kOption = 256;  // of those that some commands take

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

constexpr std::string_view kWhich = "user role address older-than dry-run";

constexpr std::string_view kRoleOptions = "priority description allow deny custom";

constexpr Command kCommands[] = {
    {"user", "add", "EMAIL USERNAME", 2, 2,
     "make an account; by mail its owner is asked to choose a password", user_add,
     "admin role full-name language password-stdin print-link no-mail"},
    {"user", "invite", "USER", 1, 1, "send another invitation, until a password was chosen", user_invite,
     "print-link no-mail"},
    {"user", "list", "", 0, 0, "list users", user_list, "search role status"},
    {"user", "show", "USER", 1, 1, "show a user", user_show},
    {"user", "ban", "USER", 1, 1, "keep a user out, for good or for a time", user_ban, "reason until for"},
    {"user", "unban", "USER", 1, 1, "let a user in again", user_unban},
    {"user", "verify", "USER", 1, 1, "take a user's address for confirmed", user_verify},
    {"user", "delete", "USER", 1, 1, "delete an account with all that belongs to it", user_delete},
    {"user", "logout", "USER", 1, 1, "end all sessions of a user", user_logout},
    {"user", "reset", "USER", 1, 1, "void a user's password, and mail a link to choose another", user_reset},
    {"role", "list", "", 0, 0, "list roles", role_list},
    {"role", "add", "NAME", 1, 1, "make a role", role_add, kRoleOptions},
    {"role", "edit", "NAME", 1, 1, "change a role", role_edit, kRoleOptions},
    {"role", "delete", "NAME", 1, 1, "delete a role, also from those who hold it", role_delete},
    {"role", "grant", "USER ROLE", 2, 2, "give a role to a user", role_grant},
    {"role", "revoke", "USER ROLE", 2, 2, "take a role from a user", role_revoke},
    {"audit", "verify", "", 0, 0, "look whether the audit log stands as it was sealed", audit_verify, "head"},
    {"audit", "export", "", 0, 0, "print the audit log, one JSON object a line", audit_export, "since user"},
    {"audit", "seal", "", 0, 0, "seal what was written since the last minute, and print the head",
     audit_seal},
    {"migrate", "", "", 0, 0, "bring the database's schema up to date", migrate},
    {"migrate", "status", "", 0, 0, "say which migrations are applied", migration_status},
    {"grants", "", "", 0, 0, "print the SQL that gives csauthd's database accounts their rights", grants},
    {"key", "init", "", 0, 0, "make the keys that are missing in keys.dir", key_init},
    {"key", "list", "", 0, 0, "list all keys; one of each ring signs, all verify", key_list},
    {"key", "add", "RING", 1, 1, "add a key; audiences/NAME makes a ring for a service outside", key_add},
    {"key", "show", "audiences/NAME", 1, 1, "print the keys of a service outside, for its configuration",
     key_show, "jwk hex base64 raw client-secret id"},
    {"key", "activate", "RING KID", 2, 2, "have the key sign, once every node has it", key_activate},
    {"key", "retire", "RING KID", 2, 2, "remove a key that does not sign any more", key_retire},
    {"session", "list", "[WHICH]", 0, 0, "list live sessions", session_list, kWhich},
    {"session", "revoke", "WHICH", 0, 0, "end sessions, or with --dry-run say how many", session_revoke,
     kWhich},
    {"recall-all", "", "", 0, 0, "refuse every token from before, as after restoring a backup", recall_all},
    {"push", "targets", "USER", 1, 1, "list the live devices of a user that want push", push_targets},
    {"mail", "list", "[STATE]", 0, 1, "list the newest mails: queued, sending, sent or failed", mail_list},
    {"mail", "show", "ID", 1, 1, "show a mail, without its secret", mail_show},
    {"mail", "retry", "ID", 1, 1, "send a mail that waits or has failed at once", mail_retry},
    {"mail", "drop", "ID", 1, 1, "give up a mail that waits", mail_drop},
    {"mail", "test", "ADDRESS", 1, 1, "send a mail there now, and say what the relay said", mail_test},
    {"avatar", "sweep", "", 0, 0, "remove pictures that nobody shows", avatar_sweep},
};

void print_help(std::ostream& out) {
    out << "csauthctl - administration of the accounts service\n\n"
           "  csauthctl [--config FILE] [--json] [--yes] COMMAND\n\n";
    for (const Command& command : kCommands) {
        std::string call{command.noun};
        for (const auto word : {command.verb, command.parameters})
            if (!word.empty()) call.append(" ").append(word);
        call.resize(std::max<std::size_t>(call.size() + 1, 20), ' ');
        out << "  " << call << command.help << '\n';
    }
    out << "\nFILE is /etc/csauth/csauth.ini unless CSAUTH_CONFIG names another. --json lists and shows for "
           "programs,\n"
           "--yes asks nothing. WHICH sessions: --user USER, --role ROLE, --address ADDRESS or NETWORK/BITS, "
           "--older-than 30d;\n"
           "several narrow it down. USER is an id, an address or a username. Each act stands in the audit "
           "log.\n\n"
           "user add   --admin  --role ROLE,ROLE  --full-name NAME  --language TAG\n"
           "           --password-stdin: the first line is the password, and the account is ready at once\n"
           "user add, user invite\n"
           "           --print-link: print the invitation's link, for you to hand over; --no-mail: send no "
           "mail\n"
           "user list  --search PREFIX  --role ROLE  --status active|unverified|banned\n"
           "user ban   --reason TEXT  --until 2027-01-01T00:00:00Z  --for 30d\n"
           "role add, role edit  --priority N  --description TEXT  --allow FLAG,FLAG  --deny FLAG,FLAG  "
           "--custom JSON\n"
           "key show   --jwk | --hex | --base64 | --raw | --client-secret  --id KID: one key alone\n"
           "audit      --head NUMBER:SEAL as noted before  --since TIME  --user USER\n";
}

const Command* find_command(const std::vector<std::string>& words) {
    for (const Command& command : kCommands) {
        const std::size_t named = command.verb.empty() ? 1 : 2;
        if (words.size() < named + command.fewest || words.size() > named + command.most) continue;
        if (words[0] == command.noun && (named == 1 || words[1] == command.verb)) return &command;
    }
    return nullptr;
}

/// Whether all options are ones of the command.
bool takes(const Command& command, const Arguments& arguments) {
    const std::string all = " " + std::string{command.options} + " ";
    return std::all_of(arguments.options.begin(), arguments.options.end(), [&](const auto& option) {
        return all.find(" " + option.first + " ") != std::string::npos;
    });
}

int run(int argc, char** argv) {
    static const std::array<option, 35> kLong{{{"config", required_argument, nullptr, 'c'},
                                               {"user", required_argument, nullptr, kOption},
                                               {"role", required_argument, nullptr, kOption},
                                               {"address", required_argument, nullptr, kOption},
                                               {"older-than", required_argument, nullptr, kOption},
                                               {"dry-run", no_argument, nullptr, kOption},
                                               {"admin", no_argument, nullptr, kOption},
                                               {"full-name", required_argument, nullptr, kOption},
                                               {"language", required_argument, nullptr, kOption},
                                               {"password-stdin", no_argument, nullptr, kOption},
                                               {"print-link", no_argument, nullptr, kOption},
                                               {"no-mail", no_argument, nullptr, kOption},
                                               {"search", required_argument, nullptr, kOption},
                                               {"status", required_argument, nullptr, kOption},
                                               {"reason", required_argument, nullptr, kOption},
                                               {"until", required_argument, nullptr, kOption},
                                               {"for", required_argument, nullptr, kOption},
                                               {"priority", required_argument, nullptr, kOption},
                                               {"description", required_argument, nullptr, kOption},
                                               {"allow", required_argument, nullptr, kOption},
                                               {"deny", required_argument, nullptr, kOption},
                                               {"custom", required_argument, nullptr, kOption},
                                               {"since", required_argument, nullptr, kOption},
                                               {"head", required_argument, nullptr, kOption},
                                               {"jwk", no_argument, nullptr, kOption},
                                               {"hex", no_argument, nullptr, kOption},
                                               {"base64", no_argument, nullptr, kOption},
                                               {"raw", no_argument, nullptr, kOption},
                                               {"client-secret", no_argument, nullptr, kOption},
                                               {"id", required_argument, nullptr, kOption},
                                               {"json", no_argument, nullptr, 'j'},
                                               {"yes", no_argument, nullptr, 'y'},
                                               {"version", no_argument, nullptr, 'V'},
                                               {"help", no_argument, nullptr, 'h'},
                                               {nullptr, 0, nullptr, 0}}};
    std::optional<std::string> file;
    Arguments arguments;
    int which = 0;
    for (int letter = 0; (letter = ::getopt_long(argc, argv, "c:jyVh", kLong.data(), &which)) != -1;) {
        switch (letter) {
            case kOption: {
                const std::string name = kLong.at(static_cast<std::size_t>(which)).name;
                if (!arguments.options.emplace(name, optarg == nullptr ? "" : optarg).second) {
                    std::cerr << "csauthctl: --" << name << " stands there twice\n";
                    return kUsage;
                }
                break;
            }
            case 'c': file = optarg; break;
            case 'j': arguments.json = true; break;
            case 'y': arguments.yes = true; break;
            case 'V': std::cout << "csauthctl " << kVersion << '\n'; return 0;
            case 'h': print_help(std::cout); return 0;
            default: print_help(std::cerr); return kUsage;
        }
    }
    const std::vector<std::string> words{argv + optind, argv + argc};
    const Command* command = find_command(words);
    if (command == nullptr || !takes(*command, arguments)) {
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
    const auto named = command->verb.empty() ? 1 : 2;
    arguments.words.assign(words.begin() + named, words.end());
    return command->run(*config, arguments);
}

}  // namespace

bool is_confirmed(const std::string& question, const Arguments& arguments) {
    if (arguments.yes) return true;
    if (::isatty(STDIN_FILENO) == 0) {
        std::cerr << "csauthctl: add --yes where nobody can be asked\n";
        return false;
    }
    std::cout << question << " [y/N] " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

int main(int argc, char** argv) {
    (void)::signal(SIGPIPE, SIG_IGN);
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
