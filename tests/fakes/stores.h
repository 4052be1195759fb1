#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <vector>

#include "accounts/one_time_tokens.h"
#include "audit/audit_log.h"
#include "base/transactions.h"
#include "crypto/digest.h"
#include "devices/devices.h"
#include "outbox/outbox.h"
#include "roles/roles.h"
#include "sessions/sessions.h"
#include "users/users.h"

/// The stores in memory. They hold state and are asked about it afterwards; the contracts in
/// tests/contracts hold for them as for those over MySQL.
namespace csauth::fakes {

/// Runs the body; what it did stays done even when it gives an Error, so a test sees what was tried.
class Transactions final : public csauth::Transactions {
public:
    int committed = 0;
    int rolled_back = 0;

protected:
    void attempt(const std::function<bool()>& body) override { body() ? ++committed : ++rolled_back; }
};

class Devices final : public devices::Devices {
public:
    struct Row {
        devices::Device device;
        UserId user;
        std::optional<std::string> push_token;
        bool is_online = true;
        TimePoint last_seen;
    };
    std::map<DeviceId, Row> rows;
    /// Whether a device has a live session; set by whoever owns the sessions.
    std::function<bool(DeviceId)> has_session = [](DeviceId) { return false; };

    devices::Device sign_in(UserId user, const devices::DeviceClaim& claim, DeviceId fresh_id,
                            TimePoint now) override {
        if (claim.push_token) {
            for (auto& [id, row] : rows) {
                if (row.push_token != claim.push_token->text) continue;
                if (row.user != user) {
                    row.push_token.reset();
                    continue;
                }
                row.device.type = claim.type.value_or(row.device.type);
                if (!claim.name.empty()) row.device.name = claim.name;
                row.is_online = true;
                row.last_seen = now;
                return row.device;
            }
        }
        const devices::Device device{fresh_id, claim.type.value_or(devices::DeviceType::other), claim.name};
        rows[fresh_id] = {device, user,
                          claim.push_token ? std::optional{claim.push_token->text} : std::nullopt, true, now};
        return device;
    }

    void detach_idle(UserId user, TimePoint) override {
        for (auto& [id, row] : rows) {
            if (row.user != user || has_session(id)) continue;
            row.is_online = false;
            row.push_token.reset();
        }
    }
};

class Users final : public users::Users {
public:
    explicit Users(Devices& devices) : devices_{devices} {}

    std::map<UserId, users::Credentials> rows;

    std::optional<users::User> find(UserId id, TimePoint now) override {
        const auto known = credentials(id, now);
        return known ? std::optional{known->user} : std::nullopt;
    }
    std::optional<users::User> find_by_email(std::string_view email_key, TimePoint now) override {
        const auto known = credentials_by_email(email_key, now);
        return known ? std::optional{known->user} : std::nullopt;
    }
    std::optional<users::Credentials> credentials_by_email(std::string_view email_key,
                                                           TimePoint now) override {
        for (const auto& [id, row] : rows)
            if (row.user.email_key == email_key) return credentials(id, now);
        return std::nullopt;
    }
    std::optional<users::Credentials> credentials_by_username(std::string_view username_key,
                                                              TimePoint now) override {
        for (const auto& [id, row] : rows)
            if (users::username_key(row.user.username) == username_key) return credentials(id, now);
        return std::nullopt;
    }
    std::optional<users::Credentials> credentials(UserId id, TimePoint now) override {
        const auto row = rows.find(id);
        if (row == rows.end()) return std::nullopt;
        auto known = row->second;
        if (known.user.ban && known.user.ban->until && *known.user.ban->until <= now) known.user.ban.reset();
        for (const auto& [device_id, device] : devices_.rows) {
            if (device.user != id) continue;
            known.user.is_online = known.user.is_online || device.is_online;
            known.user.last_seen = std::max(known.user.last_seen.value_or(TimePoint{}), device.last_seen);
        }
        return known;
    }
    users::Taken taken(std::string_view email_key, std::string_view username_key) override {
        users::Taken taken;
        for (const auto& [id, row] : rows) {
            taken.email = taken.email || row.user.email_key == email_key;
            taken.username = taken.username || users::username_key(row.user.username) == username_key;
        }
        return taken;
    }
    users::Taken add(const users::NewUser& user) override {
        const auto already = taken(user.email.key(), user.username.key());
        if (already.email) return {.email = true};
        if (already.username) return {.username = true};
        rows[user.id] = {{.id = user.id,
                          .email = user.email.text(),
                          .email_key = user.email.key(),
                          .username = user.username.text(),
                          .full_name = user.full_name.text,
                          .bio = user.bio.text,
                          .language = user.language,
                          .created_at = user.created_at},
                         user.password_hash};
        return {};
    }
    bool mark_verified(UserId id, std::string_view email_key, users::Epoch epoch, TimePoint) override {
        const auto row = rows.find(id);
        if (row == rows.end() || row->second.user.email_key != email_key || row->second.user.epoch != epoch)
            return false;
        return !std::exchange(row->second.user.is_verified, true);
    }
    void replace_password_hash(UserId id, std::string_view verified, std::string_view fresh) override {
        if (rows.at(id).password_hash == verified) rows.at(id).password_hash = fresh;
    }
    void raise_epoch(UserId id) override { ++rows.at(id).user.epoch; }

private:
    Devices& devices_;
};

class Sessions final : public sessions::Sessions {
public:
    Sessions(Users& users, Devices& devices, std::chrono::seconds idle) : users_{users}, idle_{idle} {
        devices.has_session = [this](DeviceId device) {
            return std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
                return row.second.session.device.id == device && !row.second.ended;
            });
        };
    }

    struct Row {
        sessions::Session session;
        std::optional<sessions::EndReason> ended;
    };
    std::map<SessionId, Row> rows;

    bool add(const sessions::Session& session) override {
        const auto user = users_.rows.find(session.user);
        if (user == users_.rows.end() || user->second.user.epoch != session.epoch) return false;
        rows[session.id] = {session, std::nullopt};
        return true;
    }
    std::optional<sessions::LiveSession> find_live(SessionId id, TimePoint now) override {
        const auto row = rows.find(id);
        if (row == rows.end() || !is_live(row->second, now)) return std::nullopt;
        return sessions::LiveSession{row->second.session,
                                     users_.rows.at(row->second.session.user).user.is_verified};
    }
    bool advance(SessionId id, sessions::Counter from, TimePoint now) override {
        const auto row = rows.find(id);
        if (row == rows.end() || !is_live(row->second, now) || row->second.session.counter != from)
            return false;
        ++row->second.session.counter;
        row->second.session.refreshed_at = row->second.session.last_active_at = now;
        return true;
    }
    void note_seen(SessionId id, sessions::Counter seen, TimePoint now) override {
        auto& session = rows.at(id).session;
        if (seen <= session.seen_counter) return;
        session.seen_counter = seen;
        session.last_active_at = now;
    }
    bool end(SessionId id, UserId user, sessions::EndReason reason, TimePoint) override {
        const auto row = rows.find(id);
        if (row == rows.end() || row->second.session.user != user || row->second.ended) return false;
        row->second.ended = reason;
        return true;
    }
    void end_all(UserId user, std::optional<SessionId> kept, sessions::EndReason reason,
                 TimePoint now) override {
        for (auto& [id, row] : rows)
            if (id != kept) end(id, user, reason, now);
    }
    void end_oldest(UserId user, std::size_t most, TimePoint now) override {
        std::vector<SessionId> live;
        for (const auto& [id, row] : rows)
            if (row.session.user == user && !row.ended) live.push_back(id);  // ids sort by time
        for (std::size_t i = 0; i + most < live.size(); ++i)
            end(live[i], user, sessions::EndReason::too_many, now);
    }

private:
    bool is_live(const Row& row, TimePoint now) const {
        return !row.ended && now < row.session.expires_at && now < row.session.refreshed_at + idle_ &&
               users_.rows.at(row.session.user).user.epoch == row.session.epoch;
    }

    Users& users_;
    std::chrono::seconds idle_;
};

class Roles final : public roles::Roles {
public:
    std::vector<roles::Role> defaults{{.name = "member"}};
    std::map<UserId, std::vector<roles::Role>> held;

    std::vector<roles::Role> held_by(UserId user) override { return held[user]; }
    void grant_defaults(UserId user, TimePoint) override { held[user] = defaults; }
};

class OneTimeTokens final : public accounts::OneTimeTokens {
public:
    std::map<accounts::TokenHash, accounts::OneTimeToken> rows;

    void issue(const accounts::OneTimeToken& token) override {
        std::erase_if(rows, [&](const auto& row) {
            return row.second.user == token.user && row.second.purpose == token.purpose &&
                   !row.second.is_consumed;
        });
        rows.emplace(token.hash, token);
    }
    std::optional<accounts::OneTimeToken> find(const accounts::TokenHash& hash) override {
        const auto row = rows.find(hash);
        return row == rows.end() ? std::nullopt : std::optional{row->second};
    }
    bool consume(const accounts::TokenHash& hash, TimePoint now) override {
        const auto row = rows.find(hash);
        if (row == rows.end() || now >= row->second.expires_at) return false;
        return !std::exchange(row->second.is_consumed, true);
    }
    std::optional<TimePoint> last_issued(UserId user, accounts::Purpose purpose) override {
        std::optional<TimePoint> last;
        for (const auto& [hash, row] : rows)
            if (row.user == user && row.purpose == purpose && (!last || *last < row.created_at))
                last = row.created_at;
        return last;
    }
};

class Outbox final : public outbox::Outbox {
public:
    struct Sent {
        outbox::Template which;
        std::string recipient;
        std::string secret;
    };
    std::vector<Sent> letters;

    void add(const outbox::Letter& letter, TimePoint) override {
        letters.push_back({letter.which, letter.recipient, std::string{letter.secret.reveal()}});
    }
};

class MailRequests final : public outbox::MailRequests {
public:
    explicit MailRequests(csauth::Random& random) : random_{random} {}

    struct Row {
        outbox::MailRequest request;
        bool is_open = true;
        bool is_sent = false;
    };
    std::vector<Row> rows;

    void add(outbox::RequestKind kind, std::string_view email_key, TimePoint now) override {
        rows.push_back({{RequestedMailId::make(now, random_), kind, std::string{email_key}, now}});
    }
    std::vector<outbox::MailRequest> open(std::size_t most) override {
        std::vector<outbox::MailRequest> open;
        for (const auto& row : rows)
            if (row.is_open && open.size() < most) open.push_back(row.request);
        return open;
    }
    std::optional<TimePoint> last_sent(outbox::RequestKind kind, std::string_view email_key) override {
        std::optional<TimePoint> last;
        for (const auto& row : rows)
            if (row.is_sent && row.request.kind == kind && row.request.email_key == email_key)
                last = row.request.created_at;
        return last;
    }
    bool close(RequestedMailId id, TimePoint) override { return std::exchange(row(id).is_open, false); }
    void mark_sent(RequestedMailId id) override { row(id).is_sent = true; }

private:
    Row& row(RequestedMailId id) {
        return *std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.request.id == id; });
    }
    csauth::Random& random_;
};

class AuditLog final : public audit::AuditLog {
public:
    std::vector<audit::Act> acts;

    void record(const audit::Act& act, const Origin&, TimePoint) override { acts.push_back(act); }
    long count(audit::Action action) const {
        return std::count_if(acts.begin(), acts.end(), [&](const auto& act) { return act.action == action; });
    }
};

}  // namespace csauth::fakes
