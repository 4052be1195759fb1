#include "store/one_time_tokens.h"

namespace csauth::store {
namespace {

const std::string kSelectToken = R"(
    SELECT token_hash, purpose, user_id, email_key, address, epoch, created_at, expires_at, code_hash,
           code_expires_at, consumed_at, return_to
      FROM one_time_tokens
     )";

accounts::Purpose purpose_from(const db::Row& row) {
    const auto name = row.text("purpose");
    for (const auto purpose : accounts::kAllPurposes)
        if (name == name_of(purpose)) return purpose;
    throw db::Failure{0, "a one-time token has an unknown purpose"};
}

accounts::OneTimeToken token_from(const db::Row& row) {
    accounts::OneTimeToken token{.hash = row.bytes<32>("token_hash"),
                                 .purpose = purpose_from(row),
                                 .user = row.id<UserId>("user_id"),
                                 .email_key = row.text("email_key"),
                                 .address = row.optional_text("address").value_or(""),
                                 .epoch = static_cast<users::Epoch>(row.integer("epoch")),
                                 .created_at = row.time("created_at"),
                                 .expires_at = row.time("expires_at"),
                                 .is_consumed = row.optional_time("consumed_at").has_value(),
                                 .return_to = row.optional_text("return_to").value_or("")};
    if (const auto until = row.optional_time("code_expires_at"))
        token.code = accounts::CodeOfToken{row.bytes<32>("code_hash"), *until};
    return token;
}

}  // namespace

void OneTimeTokens::issue(const accounts::OneTimeToken& token) {
    db_.execute(R"(
        UPDATE one_time_tokens
           SET expires_at = LEAST(expires_at, ?), code_expires_at = LEAST(code_expires_at, ?)
         WHERE user_id = ? AND purpose = ? AND consumed_at IS NULL)",
                {token.created_at, token.created_at, token.user, name_of(token.purpose)});
    add(token);
}

void OneTimeTokens::add(const accounts::OneTimeToken& token) {
    db_.execute(
        R"(
        INSERT INTO one_time_tokens (token_hash, purpose, user_id, email_key, address, epoch, created_at, expires_at,
                                     code_hash, code_expires_at, return_to)
        VALUES (?, ?, ?, ?, NULLIF(?, ''), ?, ?, ?, ?, ?, NULLIF(?, '')))",
        {token.hash, name_of(token.purpose), token.user, token.email_key, token.address, token.epoch,
         token.created_at, token.expires_at, token.code ? std::optional{token.code->hash} : std::nullopt,
         token.code ? std::optional{token.code->expires_at} : std::nullopt, token.return_to});
}

std::optional<accounts::OneTimeToken> OneTimeTokens::find(const accounts::TokenHash& hash) {
    return db_.find_one(token_from, kSelectToken + "WHERE token_hash = ?", {hash});
}

void OneTimeTokens::drop_oldest(UserId user, accounts::Purpose purpose, std::size_t most) {
    const auto unconsumed = db_.find_all([](const db::Row& row) { return row.bytes<32>("token_hash"); }, R"(
        SELECT token_hash
          FROM one_time_tokens
         WHERE user_id = ? AND purpose = ? AND consumed_at IS NULL
         ORDER BY created_at DESC, token_hash)",
                                         {user, name_of(purpose)});
    for (std::size_t i = most; i < unconsumed.size(); ++i)
        db_.execute("DELETE FROM one_time_tokens WHERE token_hash = ? AND consumed_at IS NULL",
                    {unconsumed[i]});
}

std::vector<accounts::OneTimeToken> OneTimeTokens::take_code_tries(UserId user, accounts::Purpose purpose,
                                                                   unsigned most, TimePoint now) {
    auto live = db_.find_all(token_from, kSelectToken + R"(
     WHERE user_id = ? AND purpose = ? AND code_expires_at > ?
     ORDER BY created_at DESC)",
                             {user, name_of(purpose), now});
    // A guess counts before it is compared. So at most `most` guesses are compared with a code, even if many
    // come at once.
    std::erase_if(live, [&](const accounts::OneTimeToken& token) {
        return db_.execute(R"(
            UPDATE one_time_tokens
               SET code_tries = code_tries + 1
             WHERE token_hash = ? AND code_tries < ?)",
                           {token.hash, most}) == 0;
    });
    return live;
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

void OneTimeTokens::drop_issued_after(UserId user, accounts::Purpose purpose, TimePoint moment) {
    db_.execute("DELETE FROM one_time_tokens WHERE user_id = ? AND purpose = ? AND created_at > ?",
                {user, name_of(purpose), moment});
}

std::vector<accounts::OneTimeToken> OneTimeTokens::newest_of(UserId user, std::size_t most) {
    return db_.find_all(token_from,
                        kSelectToken + "WHERE user_id = ? ORDER BY created_at DESC, token_hash LIMIT ?",
                        {user, most});
}

std::vector<accounts::OneTimeToken> OneTimeTokens::all_of(UserId user) {
    return db_.find_all(token_from, kSelectToken + "WHERE user_id = ? ORDER BY created_at", {user});
}

}  // namespace csauth::store
