#include <getopt.h>
#include <poll.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "config.h"
#include "ctl/audit.h"
#include "ctl/avatar.h"
#include "ctl/command_line.h"
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

constexpr int kOption = 256;  // getopt's value of the options in kOptions
constexpr std::size_t kMostIds = 1000;

constexpr std::string_view kRoleOptions = "priority description allow deny custom";

constexpr Command kCommands[] = {
    {"user", "add", "EMAIL USERNAME", 2, 2,
     "make an account; by mail its owner is asked to choose a password", user_add,
     "admin role full-name language password-stdin print-link no-mail"},
    {"user", "invite", "USER", 1, 1, "send another invitation, until a password was chosen", user_invite,
     "print-link no-mail"},
    {"user", "list", "", 0, 0, "list users, the newest first", user_list, "search role status limit after"},
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
    {"session", "list", "", 0, 0, "list live sessions; several options narrow the list down", session_list,
     "user role address older-than limit after"},
    {"session", "revoke", "[ID...]", 0, kMostIds,
     "end these sessions, or all that the options mean; several options narrow them down", session_revoke,
     "user role address older-than dry-run"},
    {"recall-all", "", "", 0, 0, "refuse every token from before, as after restoring a backup", recall_all},
    {"push", "targets", "USER", 1, 1, "list the live devices of a user that want push", push_targets},
    {"mail", "list", "[STATE]", 0, 1, "list the newest mails: queued, sending, sent or failed", mail_list,
     "limit"},
    {"mail", "show", "ID", 1, 1, "show a mail, without its secret", mail_show},
    {"mail", "retry", "ID", 1, 1, "send a mail that waits or has failed at once", mail_retry},
    {"mail", "drop", "ID", 1, 1, "give up a mail that waits", mail_drop},
    {"mail", "test", "ADDRESS", 1, 1, "send a mail there now, and say what the relay said", mail_test},
    {"avatar", "sweep", "", 0, 0, "remove pictures that nobody shows", avatar_sweep},
};

constexpr Option kOptions[] = {
    {"user", "USER", "of this user: an id, an address or a username"},
    {"role", "ROLE", "with this role; for a new account also several, with commas between"},
    {"address", "ADDRESS", "from this address, or from a network such as 192.0.2.0/24"},
    {"older-than", "DURATION", "that began longer ago: 30m, 12h, 90d"},
    {"dry-run", "", "only say how many there are"},
    {"admin", "", "with the role admin"},
    {"full-name", "NAME", "the person's name"},
    {"language", "TAG", "of mails: en, de, es, fr, pt or sw"},
    {"password-stdin", "", "the first line of standard input is the password; the account is ready at once"},
    {"print-link", "", "print the invitation's link, for you to hand over"},
    {"no-mail", "", "send no mail"},
    {"search", "PREFIX", "only users whose username or address begins with PREFIX"},
    {"status", "STATUS", "active, unverified or banned"},
    {"reason", "TEXT", "why; the user is told"},
    {"until", "TIME", "when it ends: 2027-01-01T00:00:00Z"},
    {"for", "DURATION", "how long it lasts: 30m, 12h, 90d"},
    {"priority", "NUMBER", "a role of a higher priority outranks one of a lower priority"},
    {"description", "TEXT", "what the role is for"},
    {"allow", "FLAG,FLAG", "permissions to give"},
    {"deny", "FLAG,FLAG", "permissions to take"},
    {"custom", "JSON", "an object with permissions of your own"},
    {"since", "TIME", "from this moment on: 2027-01-01T00:00:00Z"},
    {"head", "NUMBER:SEAL", "the head that was noted before"},
    {"jwk", "", "print a JSON Web Key, or a set of them"},
    {"hex", "", "print each key in hexadecimal"},
    {"base64", "", "print each key in base64"},
    {"raw", "", "print the bytes of one key"},
    {"client-secret", "", "print the secret with which the service asks /oauth/introspect"},
    {"id", "KID", "only this key"},
    {"limit", "NUMBER", "at most NUMBER entries; the default is 100, and more with --json"},
    {"after", "POSITION", "go on after the last list, which says what to write here"},
};

constexpr Example kExamples[] = {
    {"user add", "ann@example.com ann --full-name 'Ann Example'"},
    {"user invite", "ann --print-link"},
    {"user list", "--status banned --limit 20"},
    {"user show", "ann@example.com"},
    {"user ban", "ann --for 30d --reason 'advertising'"},
    {"user unban", "ann"},
    {"user verify", "ann"},
    {"user delete", "ann"},
    {"user logout", "ann"},
    {"user reset", "ann"},
    {"role list", ""},
    {"role add", "editor --priority 20 --allow can_moderate"},
    {"role edit", "editor --priority 30"},
    {"role delete", "editor"},
    {"role grant", "ann editor"},
    {"role revoke", "ann editor"},
    {"audit verify", "--head 12:SEAL"},
    {"audit export", "--since 2027-01-01T00:00:00Z --user ann"},
    {"audit seal", ""},
    {"migrate", ""},
    {"migrate status", "--json"},
    {"grants", "| mariadb"},
    {"key init", ""},
    {"key list", ""},
    {"key add", "audiences/billing"},
    {"key show", "audiences/billing --jwk"},
    {"key activate", "access KID"},
    {"key retire", "access KID"},
    {"session list", "--user ann"},
    {"session revoke", "--user ann --older-than 30d"},
    {"recall-all", ""},
    {"push targets", "ann"},
    {"mail list", "failed"},
    {"mail show", "ID"},
    {"mail retry", "ID"},
    {"mail drop", "ID"},
    {"mail test", "you@example.com"},
    {"avatar sweep", ""},
};

const CommandLine kCommandLine{kCommands, kOptions, kExamples};

std::vector<option> long_options() {
    std::vector<option> all;
    for (const Option& each : kOptions)
        all.push_back(
            {each.name.data(), each.value.empty() ? no_argument : required_argument, nullptr, kOption});
    for (const option& each :
         {option{"config", required_argument, nullptr, 'c'}, option{"json", no_argument, nullptr, 'j'},
          option{"yes", no_argument, nullptr, 'y'}, option{"version", no_argument, nullptr, 'V'},
          option{"help", no_argument, nullptr, 'h'}, option{nullptr, 0, nullptr, 0}})
        all.push_back(each);
    return all;
}

/// Returns true if the reader of standard output has closed the pipe, as in "csauthctl audit export | head".
bool has_no_reader() {
    pollfd out{STDOUT_FILENO, POLLOUT, 0};
    return ::poll(&out, 1, 0) > 0 && (out.revents & POLLERR) != 0;
}

/// Flushes standard output and returns `status`, or kSoftware if the output could not be written. It is no
/// failure if the reader has closed the pipe.
int finish(int status) {
    if (std::cout.flush() || has_no_reader()) return status;
    std::cerr << "csauthctl: standard output can't be written to\n";
    return status == 0 ? kSoftware : status;
}

int run(int argc, char** argv) {
    const auto known = long_options();
    std::optional<std::string> file;
    Arguments arguments;
    bool wants_help = false;
    int which = 0;
    ::opterr = 0;  // messages of getopt itself do not name a command
    for (int letter = 0; (letter = ::getopt_long(argc, argv, ":c:jyVh", known.data(), &which)) != -1;) {
        switch (letter) {
            case kOption: {
                const std::string name = known.at(static_cast<std::size_t>(which)).name;
                if (!arguments.options.emplace(name, optarg == nullptr ? "" : optarg).second) {
                    std::cerr << "csauthctl: --" << name << " is given twice\n";
                    return kUsage;
                }
                break;
            }
            case 'c': file = optarg; break;
            case 'j': arguments.json = true; break;
            case 'y': arguments.yes = true; break;
            case 'V': std::cout << "csauthctl " << kVersion << '\n'; return 0;
            case 'h': wants_help = true; break;
            case ':':
                std::cerr << "csauthctl: a value is missing after '" << argv[optind - 1] << "'\n";
                return kUsage;
            default:
                std::cerr << "csauthctl: there is no option '" << argv[optind - 1]
                          << "'; 'csauthctl help COMMAND' shows those of a command\n";
                return kUsage;
        }
    }
    std::vector<std::string> words{argv + optind, argv + argc};
    if (!words.empty() && words.front() == "help") {
        words.erase(words.begin());
        wants_help = true;
    }
    if (wants_help) return kCommandLine.print_help(std::cout, std::cerr, words) ? finish(0) : kUsage;
    const Command* command = kCommandLine.find(words, std::cerr);
    if (command == nullptr || !kCommandLine.takes(*command, arguments, std::cerr)) return kUsage;
    const auto config =
        load_config(config_file(file, process_environment()), process_environment(), csauth_variables());
    if (!config) {
        for (const auto& problem : config.error())
            std::cerr << "csauthctl: " << problem.where << ": " << problem.text << '\n';
        return kConfig;
    }
    const auto named = command->verb.empty() ? 1 : 2;
    arguments.words.assign(words.begin() + named, words.end());
    return finish(command->run(*config, arguments));
}

}  // namespace

std::optional<std::size_t> limit_in(const Arguments& arguments, std::size_t for_programs) {
    const auto text = arguments.option("limit");
    if (!text) return arguments.json ? for_programs : kUsualLimit;
    std::size_t limit = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
    if (error == std::errc{} && end == text->data() + text->size() && limit >= 1 && limit <= kHighestLimit)
        return limit;
    std::cerr << "csauthctl: --limit is a number from 1 to " << kHighestLimit << ", not '" << *text << "'\n";
    return std::nullopt;
}

void say_that_more_follows(std::size_t shown, std::string_view position) {
    std::cout.flush();
    std::cerr << "csauthctl: these are " << shown << "; for more add --after " << position
              << " or a higher --limit\n";
}

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
