#include "accounts/profile.h"

#include "accounts/choices.h"

namespace csauth::accounts {
namespace {

Error username_taken() {
    return {.code = ErrorCode::username_taken,
            .fields = {{"username", FieldCode::taken, "This name is taken."}}};
}

/// Returns the names of the members whose value changes, separated by commas.
std::string differences(const users::User& user, const users::ProfileChange& change) {
    std::string names;
    const auto add = [&](bool differs, const char* name) {
        if (differs) names += (names.empty() ? "" : ", ") + std::string{name};
    };
    add(change.username && change.username->text() != user.username, "username");
    add(change.full_name && change.full_name->text != user.full_name, "full_name");
    add(change.bio && change.bio->text != user.bio, "bio");
    add(change.language && *change.language != user.language, "language");
    add(change.hide_presence && *change.hide_presence != user.hide_presence, "hide_presence");
    return names;
}

}  // namespace

Profile::Profile(const Ports& ports)
    : users_{ports.users},
      reservations_{ports.reservations},
      audit_{ports.audit},
      transactions_{ports.transactions},
      clock_{ports.clock} {}

Result<users::User> Profile::change(UserId id, const users::ProfileChange& change, const Origin& origin) {
    return transactions_.run([&]() -> Result<users::User> {
        const auto user = users_.lock(id, clock_.now());
        if (!user) return Error{.code = ErrorCode::session_ended};
        return apply(*user, change, id, origin);
    });
}

Result<users::User> Profile::apply(const users::User& user, const users::ProfileChange& change,
                                   std::optional<UserId> actor, const Origin& origin) {
    const TimePoint now = clock_.now();
    const std::string changed = differences(user, change);
    if (changed.empty()) return user;
    // A name from before this rule may stay, even if a client sends it again.
    if (change.username && users::username_key(user.username) != change.username->key())
        if (const auto good = refuse_web_address(*change.username); !good) return good.error();
    if (users_.change_profile(user.id, change) == users::Change::taken) return username_taken();
    if (change.username)
        if (const auto renamed = rename(user, *change.username, now); !renamed) return renamed.error();
    audit_.record(
        {.action = audit::Action::user_updated, .actor = actor, .subject = user.id, .detail = changed},
        origin, now);
    return *users_.find(user.id, now);
}

/// Call it after the change: a user who gave the name up at this moment holds it by now.
Result<void> Profile::rename(const users::User& user, const users::Username& new_name, TimePoint now) {
    constexpr auto kind = users::Identifier::username;
    const auto former_key = users::username_key(user.username).value_or(user.username);
    if (former_key == new_name.key()) return {};
    if (reservations_.is_held_from(user.id, kind, new_name.key(), now)) return username_taken();
    reservations_.release(kind, new_name.key(), user.id);
    const auto held = reservations_.held_by(user.id, kind, now);
    if (held.count >= users::kMostHeldUsernames)
        return Error{
            .code = ErrorCode::too_many_requests,
            .detail = "The username was changed too often.",
            .retry_after = std::chrono::ceil<std::chrono::seconds>(held.next_end.value_or(now) - now)};
    reservations_.hold(kind, former_key, user.id, now + users::kUsernameHold);
    return {};
}

}  // namespace csauth::accounts
