#include "store/outbox.h"

#include <algorithm>

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

/// Returns a letter's secrets as one text to seal: the token, and after a space the typed code if there is
/// one. Neither contains a space.
Secret packed(const outbox::Letter& letter) {
    if (letter.code.empty()) return Secret{letter.token.reveal()};
    std::string both{letter.token.reveal()};
    both.append(" ").append(letter.code.reveal());
    Secret secret{std::string_view{both}};
    wipe(both);
    return secret;
}

void unpack(const Secret& secret, outbox::Letter& letter) {
    const auto both = secret.reveal();
    const auto space = std::min(both.find(' '), both.size());
    letter.token = Secret{both.substr(0, space)};
    if (space < both.size()) letter.code = Secret{both.substr(space + 1)};
}

/// Returns the letter in a row, or nullopt if its template or key is unknown or it is damaged.
std::optional<outbox::Letter> letter_from(const db::Row& row, MailId id, const crypto::KeyRing& seal_keys) {
    const auto which = outbox::template_named(row.text("template"));
    const auto box = row.optional_text("secret");
    const auto secret = box ? crypto::open(*box, id.text(), seal_keys) : Secret{};
    const auto object = json::Object::parse(row.text("parameters"), kParameterLimits);
    if (!which || !secret || !object || (holds_token(*which) && secret->empty())) return std::nullopt;
    outbox::Letter letter{.which = *which,
                          .language = row.text("language"),
                          .recipient = row.text("recipient"),
                          .give_up_at = row.time("give_up_at")};
    unpack(*secret, letter);
    for (const auto& [name, json] : object->members())
        letter.parameters.emplace(name, object->string(name).value_or(""));
    return letter;
}

const std::string kSelectRecord = R"(
    SELECT id, template, language, recipient, state, attempts, created_at, next_attempt_at, give_up_at, finished_at,
           COALESCE(last_error, '') AS last_error, parameters, secret IS NOT NULL AS has_secret
      FROM outbox
     )";

outbox::MailRecord record_from(const db::Row& row) {
    return {.id = row.id<MailId>("id"),
            .which = row.text("template"),
            .language = row.text("language"),
            .recipient = row.text("recipient"),
            .state = row.text("state"),
            .attempts = static_cast<unsigned>(row.integer("attempts")),
            .created_at = row.time("created_at"),
            .next_attempt_at = row.time("next_attempt_at"),
            .give_up_at = row.time("give_up_at"),
            .finished_at = row.optional_time("finished_at"),
            .last_error = row.text("last_error"),
            .parameters = row.text("parameters"),
            .has_secret = row.flag("has_secret")};
}

}  // namespace

void Outbox::add(const outbox::Letter& letter, TimePoint now) {
    const MailId id = MailId::make(now, random_);
    std::optional<std::string> box;
    if (!letter.token.empty()) box = crypto::seal(packed(letter).reveal(), id.text(), seal_keys_, random_);
    db_.execute(R"(
        INSERT INTO outbox (id, template, language, recipient, user_id, parameters, secret, state, next_attempt_at,
                            give_up_at, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?))",
                {id, name_of(letter.which), letter.language, letter.recipient, letter.user,
                 as_json(letter.parameters), box, now, letter.give_up_at, now});
}

void Outbox::withdraw(UserId user) { db_.execute("DELETE FROM outbox WHERE user_id = ?", {user}); }

std::vector<outbox::MailRecord> Outbox::newest_of(UserId user, std::size_t most) {
    return db_.find_all(record_from,
                        kSelectRecord + "WHERE user_id = ? ORDER BY created_at DESC, id DESC LIMIT ?",
                        {user, most});
}

std::vector<outbox::MailRecord> Outbox::list(std::optional<std::string_view> state, std::size_t most) {
    if (state) {
        return db_.find_all(record_from, kSelectRecord + "WHERE state = ? ORDER BY created_at DESC LIMIT ?",
                            {*state, most});
    }
    return db_.find_all(record_from, kSelectRecord + "ORDER BY id DESC LIMIT ?", {most});
}

std::optional<outbox::MailRecord> Outbox::find(MailId id) {
    return db_.find_one(record_from, kSelectRecord + "WHERE id = ?", {id});
}

bool Outbox::retry_now(MailId id, TimePoint now, TimePoint give_up_at) {
    const auto record = find(id);
    const auto which = record ? outbox::template_named(record->which) : std::nullopt;
    if (!which || (record->state == "failed" && outbox::holds_token(*which))) return false;
    return db_.execute(R"(
        UPDATE outbox
           SET give_up_at = IF(state = 'failed', GREATEST(give_up_at, ?), give_up_at), state = 'queued', next_attempt_at = ?,
               finished_at = NULL, begun = attempts
         WHERE id = ? AND (state = 'queued' OR (state = 'failed' AND ?)))",
                       {give_up_at, now, id, !outbox::holds_token(*which)}) == 1;
}

bool Outbox::drop(MailId id, TimePoint now) {
    const bool done = db_.execute(R"(
        UPDATE outbox
           SET state = 'failed', finished_at = ?, secret = NULL, lease_owner = NULL, lease_until = NULL,
               last_error = 'dropped by an administrator'
         WHERE id = ? AND state IN ('queued', 'sending'))",
                                  {now, id}) == 1;
    forget_who_has_gone(id);
    return done;
}

std::vector<outbox::QueuedLetter> Outbox::lease_due(std::size_t most, TimePoint now, TimePoint until) {
    // Gives back mails that this process leased earlier and neither finished nor released, because the
    // connection broke.
    db_.execute(R"(
        UPDATE outbox
           SET state = 'queued', lease_owner = NULL, lease_until = NULL, begun = attempts
         WHERE state = 'sending' AND lease_owner = ?)",
                {owner_});
    const auto due = due_ids(most, now);
    if (due.empty()) return {};
    (void)db_.run([&]() -> Result<void> {
        for (const MailId id : due)
            db_.execute(R"(
                UPDATE outbox
                   SET state = 'sending', lease_owner = ?, lease_until = ?
                 WHERE id = ? AND (state = 'queued' OR (state = 'sending' AND lease_until < ?)))",
                        {owner_, until, id, now});
        return {};
    });
    return db_.find_all(
        [&](db::Row& row) {
            const MailId id = row.id<MailId>("id");
            return outbox::QueuedLetter{.id = id,
                                        .letter = letter_from(row, id, seal_keys_),
                                        .attempts = static_cast<unsigned>(row.integer("attempts")),
                                        .begun = static_cast<unsigned>(row.integer("begun")),
                                        .give_up_at = row.time("give_up_at")};
        },
        R"(
        SELECT id, template, language, recipient, parameters, secret, give_up_at, attempts, begun
          FROM outbox
         WHERE state = 'sending' AND lease_owner = ? AND lease_until = ?
         ORDER BY created_at DESC)",
        {owner_, until});
}

/// Returns mails that are due. Plain reads choose them, so that a long queue is neither sorted nor locked.
/// Other nodes may choose the same ones.
std::vector<MailId> Outbox::due_ids(std::size_t most, TimePoint now) {
    const auto id_of = [](db::Row& row) { return row.id<MailId>("id"); };
    auto ids = db_.find_all(
        id_of, "SELECT id FROM outbox WHERE state = 'sending' AND lease_until < ? LIMIT ?", {now, most});
    const auto first =
        db_.find_one([](db::Row& row) { return row.optional_time("first"); },
                     "SELECT MIN(next_attempt_at) AS first FROM outbox WHERE state = 'queued'");
    if (ids.size() >= most || !first || !*first || **first > now) return ids;
    // The newest come first: after an outage, people who wait for their mail now are served before those who
    // gave up.
    const auto never_tried = db_.find_all(id_of, R"(
        SELECT id
          FROM outbox FORCE INDEX (outbox_fresh)
         WHERE state = 'queued' AND next_attempt_at <= ?
         ORDER BY created_at DESC
         LIMIT ?)",
                                          {now, most - ids.size()});
    ids.insert(ids.end(), never_tried.begin(), never_tried.end());
    return ids;
}

bool Outbox::begin(MailId id, TimePoint until) {
    return db_.execute(R"(
        UPDATE outbox
           SET lease_until = ?, begun = begun + 1
         WHERE id = ? AND lease_owner = ? AND state = 'sending')",
                       {until, id, owner_}) == 1;
}

void Outbox::release(MailId id, std::string_view reason) {
    db_.execute(R"(
        UPDATE outbox
           SET state = 'queued', lease_owner = NULL, lease_until = NULL, begun = attempts,
               last_error = COALESCE(NULLIF(?, ''), last_error)
         WHERE id = ? AND lease_owner = ?)",
                {utf8_prefix(reason, kLongestReason), id, owner_});
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
    forget_who_has_gone(id);
}

/// Erases address and parameters of a finished mail if its user has deleted the account.
void Outbox::forget_who_has_gone(MailId id) {
    db_.execute(R"(
        UPDATE outbox
           SET recipient = '', parameters = '{}'
         WHERE id = ? AND user_id IS NOT NULL AND finished_at IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM users u WHERE u.id = outbox.user_id))",
                {id});
}

void Outbox::retry(MailId id, TimePoint at, std::string_view reason) {
    db_.execute(R"(
        UPDATE outbox
           SET state = 'queued', next_attempt_at = ?, attempts = attempts + 1, begun = attempts, lease_owner = NULL,
               lease_until = NULL, last_error = ?
         WHERE id = ? AND lease_owner = ?)",
                {at, utf8_prefix(reason, kLongestReason), id, owner_});
}

}  // namespace csauth::store
