#include "store/one_time_tokens.h"

namespace csauth::store {
namespace {

accounts::Purpose purpose_from(const db::Row& row) {
    const auto name = row.text("purpose");
    for (const auto purpose : {accounts::Purpose::verify_email})
        if (name == name_of(purpose)) return purpose;
    throw db::Failure{0, "a one-time token has an unknown purpose"};
}

}  // namespace

void OneTimeTokens::issue(const accounts::OneTimeToken& token) {
    db_.execute("DELETE FROM one_time_tokens WHERE user_id = ? AND purpose = ? AND consumed_at IS NULL",
                {token.user, name_of(token.purpose)});
    db_.execute(R"(
        INSERT INTO one_time_tokens (token_hash, purpose, user_id, email_key, epoch, created_at, expires_at)
        VALUES (?, ?, ?, ?, ?, ?, ?))",
                {token.hash, name_of(token.purpose), token.user, token.email_key, token.epoch,
                 token.created_at, token.expires_at});
}

std::optional<accounts::OneTimeToken> OneTimeTokens::find(const accounts::TokenHash& hash) {
    return db_.find_one(
        [](db::Row& row) {
            return accounts::OneTimeToken{.hash = row.bytes<32>("token_hash"),
                                          .purpose = purpose_from(row),
                                          .user = row.id<UserId>("user_id"),
                                          .email_key = row.text("email_key"),
                                          .epoch = static_cast<users::Epoch>(row.integer("epoch")),
                                          .created_at = row.time("created_at"),
                                          .expires_at = row.time("expires_at"),
                                          .is_consumed = row.optional_time("consumed_at").has_value()};
        },
        R"(
        SELECT token_hash, purpose, user_id, email_key, epoch, created_at, expires_at, consumed_at
          FROM one_time_tokens
         WHERE token_hash = ?)",
        {hash});
}

bool OneTimeTokens::consume(const accounts::TokenHash& hash, TimePoint now) {
    // Condition and change are one statement, so the row lock decides a race between two clicks.
    return db_.execute(R"(
        UPDATE one_time_tokens
           SET consumed_at = ?
         WHERE token_hash = ? AND consumed_at IS NULL AND expires_at > ?)",
                       {now, hash, now}) == 1;
}

std::optional<TimePoint> OneTimeTokens::last_issued(UserId user, accounts::Purpose purpose) {
    return db_
        .find_one([](db::Row& row) { return row.optional_time("last"); },
                  "SELECT MAX(created_at) AS last FROM one_time_tokens WHERE user_id = ? AND purpose = ?",
                  {user, name_of(purpose)})
        .value_or(std::nullopt);
}

}  // namespace csauth::store
