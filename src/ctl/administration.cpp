#include "ctl/administration.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <iostream>

#include "ctl/command.h"
#include "http/problem.h"
#include "secret_files.h"
#include "users/email.h"
#include "users/username.h"

namespace csauth::ctl {

namespace {

/// Returns the name of the operator: with sudo, the user that called sudo. Has at most 32 characters; unusual
/// ones become `_`.
std::string operator_name() {
    const char* name =
        ::getuid() == 0 ? std::getenv("SUDO_USER") : nullptr;  // only root's variable is to be trusted
    if (name == nullptr) {
        const passwd* entry = ::getpwuid(::getuid());
        name = entry == nullptr ? "" : entry->pw_name;
    }
    constexpr std::size_t longest = 32;
    std::string plain;
    for (const char c : std::string_view{name}.substr(0, longest))
        plain += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' ? c : '_';
    return plain;
}

Origin origin_of_operator() {
    return {.ip = "", .user_agent = "", .request_id = "csauthctl/" + operator_name()};
}

}  // namespace

Surroundings::Surroundings(const Config& config)
    : keys{usable_key_rings(config, "csauthctl")},
      stores{config, keys, clock, random, nullptr, nullptr},
      hasher{{config.passwords.memory_kib, config.passwords.passes},
             read_secret_file(config.passwords.pepper_file, process_environment())},
      context_words{config.site.name, config.site.url} {}

Administration::Administration(const Config& config)
    : Surroundings{config},
      AdministrationServices{{.ports = stores.ports(clock, random),
                              .seal_keys = keys.seal,
                              .hasher = hasher,
                              .context_words = context_words}},
      origin{origin_of_operator()} {}

std::optional<users::User> Administration::find_user(const std::string& who) {
    const TimePoint now = clock.now();
    if (const auto id = UserId::parse(who)) return stores.users.find(*id, now);
    if (const auto email = users::Email::parse(who)) return stores.users.find_by_email(email->key(), now);
    const auto key = users::username_key(who);
    auto known = key ? stores.users.credentials_by_username(*key, now) : std::nullopt;
    return known ? std::optional{std::move(known->user)} : std::nullopt;
}

std::optional<users::User> Administration::user_named_by(const Arguments& arguments) {
    const std::string& who = arguments.words.at(0);
    auto user = find_user(who);
    if (!user) complain("there is no user " + who);
    return user;
}

bool Administration::has_role(const std::string& name) {
    if (stores.roles.find(name)) return true;
    complain("there is no role '" + name + "'; 'csauthctl role list' shows all");
    return false;
}

int complain(const std::string& what) {
    std::cerr << "csauthctl: " << what << '\n';
    return kNoSuchThing;
}

int complain(const Error& error) {
    std::string what = error.detail;
    // If members are not valid, their own sentences say it better.
    const bool is_of_members = error.code == ErrorCode::validation_failed && !error.fields.empty();
    if (what.empty() && !is_of_members) what = http::kind_of(error.code).title;
    if (!what.empty()) complain(what);
    for (const auto& field : error.fields) {
        if (field.detail == what) continue;
        std::string member = field.field;
        std::replace(member.begin(), member.end(), '_', ' ');
        complain(member + ": " + field.detail);
    }
    return kNoSuchThing;
}

void record_outside(const Config& config, audit::Action action, const std::string& detail) {
    try {
        db::Database database{service_address(config)};
        SystemRandom random;
        store::AuditLog{database, random}.record({.action = action, .detail = detail}, origin_of_operator(),
                                                 SystemClock{}.now());
    } catch (const std::exception& e) {
        std::cerr << "csauthctl: it is done, but does not stand in the audit log: " << e.what() << '\n';
    }
}

}  // namespace csauth::ctl
