#include "ctl/administration.h"

#include <iostream>

#include "ctl/command.h"
#include "users/email.h"
#include "users/username.h"

namespace csauth::ctl {

// NOLINTBEGIN(clang-analyzer-optin.cplusplus.UninitializedObject): by their default members
Administration::Administration(const Config& config)
    : keys{usable_key_rings(config)}, stores{config, keys, clock, random, nullptr} {}
// NOLINTEND(clang-analyzer-optin.cplusplus.UninitializedObject)

std::optional<users::User> Administration::find_user(const std::string& who) {
    const TimePoint now = clock.now();
    if (const auto id = UserId::parse(who)) return stores.users.find(*id, now);
    if (const auto email = users::Email::parse(who)) return stores.users.find_by_email(email->key(), now);
    const auto key = users::username_key(who);
    auto known = key ? stores.users.credentials_by_username(*key, now) : std::nullopt;
    return known ? std::optional{std::move(known->user)} : std::nullopt;
}

int complain(const std::string& what) {
    std::cerr << "csauthctl: " << what << '\n';
    return kNoSuchThing;
}

}  // namespace csauth::ctl
