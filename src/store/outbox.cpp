#include "store/outbox.h"

#include "crypto/sealed_box.h"
#include "json/object.h"
#include "json/writer.h"

namespace csauth::store {
namespace {

constexpr json::Limits kParameterLimits{.bytes = 64 * 1024, .depth = 1, .members = 32};
constexpr std::size_t kLongestReason = 255;

std::string as_json(const std::map<std::string, std::string>& parameters) {
    json::Writer writer;
    writer.begin_object();
    for (const auto& [name, value] : parameters)
        writer.member(name, value);
    return writer.end_object().text();
}

/// The letter in a row; nothing when its template or key is not ours, or it is damaged.
std::optional<outbox::Letter> letter_from(const db::Row& row, MailId id, const crypto::KeyRing& seal_keys) {
    const auto which = outbox::template_named(row.text("template"));
    const auto box = row.optional_text("secret");
    auto secret = box ? crypto::open(*box, id.text(), seal_keys) : Secret{};
    const auto object = json::Object::parse(row.text("parameters"), kParameterLimits);
    if (!which || !secret || !object) return std::nullopt;
    outbox::Letter letter{.which = *which,
                          .language = row.text("language"),
                          .recipient = row.text("recipient"),
                          .secret = std::move(*secret),
                          .give_up_at = row.time("give_up_at")};
    for (const auto& [name, json] : object->members())
        letter.parameters.emplace(name, object->string(name).value_or(""));
    return letter;
}

}  // namespace

void Outbox::add(const outbox::Letter& letter, TimePoint now) {
    const MailId id = MailId::make(now, random_);
    std::optional<std::string> box;
    if (!letter.secret.empty()) box = crypto::seal(letter.secret.reveal(), id.text(), seal_keys_, random_);
    db_.execute(R"(
        INSERT INTO outbox (id, template, language, recipient, parameters, secret, state, next_attempt_at, give_up_at,
                            created_at)
        VALUES (?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?))",
                {id, name_of(letter.which), letter.language, letter.recipient, as_json(letter.parameters),
                 box, now, letter.give_up_at, now});
}

std::vector<outbox::QueuedLetter> Outbox::lease_due(std::size_t most, TimePoint now, TimePoint until) {
    db_.execute(R"(
        UPDATE outbox
           SET state = 'sending', lease_owner = ?, lease_until = ?
         WHERE state IN ('queued', 'sending') AND next_attempt_at <= ? AND (lease_until IS NULL OR lease_until < ?)
         ORDER BY next_attempt_at
         LIMIT ?)",
                {owner_, until, now, now, most});
    return db_.find_all(
        [&](db::Row& row) {
            const MailId id = row.id<MailId>("id");
            return outbox::QueuedLetter{.id = id,
                                        .letter = letter_from(row, id, seal_keys_),
                                        .attempts = static_cast<unsigned>(row.integer("attempts")),
                                        .give_up_at = row.time("give_up_at")};
        },
        R"(
        SELECT id, template, language, recipient, parameters, secret, give_up_at, attempts
          FROM outbox
         WHERE state = 'sending' AND lease_owner = ? AND lease_until = ?
         ORDER BY next_attempt_at)",
        {owner_, until});
}

bool Outbox::renew(MailId id, TimePoint until) {
    return db_.execute(
               "UPDATE outbox SET lease_until = ? WHERE id = ? AND lease_owner = ? AND state = 'sending'",
               {until, id, owner_}) == 1;
}

void Outbox::release(MailId id, TimePoint at) {
    db_.execute(R"(
        UPDATE outbox
           SET state = 'queued', next_attempt_at = ?, lease_owner = NULL, lease_until = NULL
         WHERE id = ? AND lease_owner = ?)",
                {at, id, owner_});
}

void Outbox::sent(MailId id, TimePoint now) { finish(id, "sent", now, ""); }

void Outbox::failed(MailId id, TimePoint now, std::string_view reason) { finish(id, "failed", now, reason); }

void Outbox::finish(MailId id, std::string_view state, TimePoint now, std::string_view reason) {
    db_.execute(R"(
        UPDATE outbox
           SET state = ?, finished_at = ?, attempts = attempts + 1, secret = NULL, lease_owner = NULL,
               lease_until = NULL, last_error = NULLIF(?, '')
         WHERE id = ? AND lease_owner = ?)",
                {state, now, utf8_prefix(reason, kLongestReason), id, owner_});
}

void Outbox::retry(MailId id, TimePoint at, std::string_view reason) {
    db_.execute(R"(
        UPDATE outbox
           SET state = 'queued', next_attempt_at = ?, attempts = attempts + 1, lease_owner = NULL, lease_until = NULL,
               last_error = ?
         WHERE id = ? AND lease_owner = ?)",
                {at, utf8_prefix(reason, kLongestReason), id, owner_});
}

}  // namespace csauth::store
