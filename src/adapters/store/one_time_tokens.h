#pragma once

#include "accounts/one_time_tokens.h"
#include "db/database.h"

namespace csauth::store {

/// Implements accounts::OneTimeTokens over the table `one_time_tokens`, which has only hashes of the tokens
/// and codes.
class OneTimeTokens final : public accounts::OneTimeTokens {
public:
    explicit OneTimeTokens(db::Database& database) : db_{database} {}

    void issue(const accounts::OneTimeToken& token) override;
    void add(const accounts::OneTimeToken& token) override;
    std::optional<accounts::OneTimeToken> find(const accounts::TokenHash& hash) override;
    void drop_oldest(UserId user, accounts::Purpose purpose, std::size_t most) override;
    std::vector<accounts::OneTimeToken> take_code_tries(UserId user, accounts::Purpose purpose, unsigned most,
                                                        TimePoint now) override;
    bool consume(const accounts::TokenHash& hash, TimePoint now) override;
    std::optional<TimePoint> last_issued(UserId user, accounts::Purpose purpose) override;
    void drop_issued_after(UserId user, accounts::Purpose purpose, TimePoint moment) override;
    std::vector<accounts::OneTimeToken> newest_of(UserId user, std::size_t most) override;
    std::vector<accounts::OneTimeToken> all_of(UserId user) override;

private:
    db::Database& db_;
};

}  // namespace csauth::store
