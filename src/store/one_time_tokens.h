#pragma once

#include "accounts/one_time_tokens.h"
#include "db/database.h"

namespace csauth::store {

class OneTimeTokens final : public accounts::OneTimeTokens {
public:
    explicit OneTimeTokens(db::Database& database) : db_{database} {}

    void issue(const accounts::OneTimeToken& token) override;
    std::optional<accounts::OneTimeToken> find(const accounts::TokenHash& hash) override;
    bool consume(const accounts::TokenHash& hash, TimePoint now) override;
    std::optional<TimePoint> last_issued(UserId user, accounts::Purpose purpose) override;

private:
    db::Database& db_;
};

}  // namespace csauth::store
