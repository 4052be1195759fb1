#include "accounts/deletion.h"

#include "accounts/account_proof.h"

namespace csauth::accounts {

Deletion::Deletion(const Ports& ports, sessions::Authentication& authentication, Erasure& erasure,
                   roles::Hierarchy& hierarchy)
    : tokens_{ports.one_time_tokens},
      authentication_{authentication},
      erasure_{erasure},
      hierarchy_{hierarchy},
      clock_{ports.clock} {}

Result<void> Deletion::delete_account(UserId id, const users::Password& password, const Origin& origin) {
    const auto known = authentication_.check_password_of_caller(id, password, origin);
    if (!known) return wrong_password_in("password", known.error());
    const users::User& user = known->user;
    const TimePoint now = clock_.now();
    for (const auto& token : tokens_.all_of(id))
        if (token.purpose == Purpose::revert_email && !token.is_consumed && now < token.expires_at)
            return Error{
                .code = ErrorCode::too_many_requests,
                .detail = "The address was changed a short time ago, and that can still be taken back.",
                .retry_after = std::chrono::ceil<std::chrono::seconds>(token.expires_at - now)};
    return hierarchy_.guard(roles::Actor::account(id), [&]() -> Result<void> {
        const auto erased = erasure_.erase(user, roles::Actor::account(id), origin);
        if (!erased) return Error{.code = ErrorCode::session_ended};
        return {};
    });
}

std::size_t delete_unverified(users::Users& users, Erasure& erasure, Transactions& transactions,
                              std::size_t most, TimePoint now) {
    std::size_t deleted = 0;
    for (const UserId id : users.unverified_since(now - kUnverifiedLifetime, most)) {
        const auto erased = transactions.run([&]() -> Result<void> {
            const auto user = users.lock(id, now);
            if (!user || user->is_verified) return Error{.code = ErrorCode::not_found};
            return erasure.erase(*user, roles::Actor::the_operator(), {}, "the address was not confirmed");
        });
        if (erased) ++deleted;
    }
    return deleted;
}

}  // namespace csauth::accounts
