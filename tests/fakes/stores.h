#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "accounts/avatar.h"
#include "accounts/one_time_tokens.h"
#include "audit/audit_log.h"
#include "audit/ledger.h"
#include "base/encoding.h"
#include "base/transactions.h"
#include "base/unavailable.h"
#include "crypto/digest.h"
#include "devices/devices.h"
#include "outbox/outbox.h"
#include "presence/presences.h"
#include "recall/board.h"
#include "roles/authority.h"
#include "roles/roles.h"
#include "sessions/activity.h"
#include "sessions/sessions.h"
#include "users/directory.h"
#include "users/reservations.h"
#include "users/users.h"

/// The stores in memory. They hold state and are asked about it afterwards; the contracts in
/// tests/contracts hold for them as for those over MySQL.
namespace csauth::fakes {

/// Runs the body; when it gives an Error, what it did is undone.
/// A fake store whose state a transaction puts back when it is rolled back.
class Remembering {
public:
    virtual ~Remembering() = default;

    /// Returns a function that puts the present state back.
    virtual std::function<void()> remember() = 0;

protected:
    template <class... Members>
    static std::function<void()> restorer(Members&... members) {
        return [state = std::make_tuple(members...), target = std::tie(members...)]() mutable {
            target = state;
        };
    }
};

class Transactions final : public csauth::Transactions {
public:
    int committed = 0;
    int rolled_back = 0;
    /// Remembers the stores as they are, and gives what puts them back; set by the owner of the stores.
    std::function<std::function<void()>()> checkpoint = [] { return [] {}; };

protected:
    void attempt(const std::function<bool()>& body) override {
        const auto restore = checkpoint();
        if (body()) {
            ++committed;
        } else {
            ++rolled_back;
            restore();
        }
    }
};

/// Remembers what was posted, and puts it on a board, as the store does.
class Recalls final : public recall::Recalls {
public:
    Recalls(recall::Board& board, const csauth::Clock& clock) : board_{board}, clock_{clock} {}

    std::vector<recall::Recall> posted;

    void post(const recall::Recall& recall) override {
        posted.push_back(recall);
        board_.post(recall, clock_.now(), clock_.now());
    }

private:
    recall::Board& board_;
    const csauth::Clock& clock_;
};

class Devices final : public devices::Devices, public Remembering {
public:
    std::function<void()> remember() override { return restorer(rows); }

    explicit Devices(Recalls& recalls) : recalls_{recalls} {}

    struct Row {
        devices::Device device;
        UserId user;
        std::optional<std::string> push_token;
        TimePoint last_seen;
        TimePoint created_at;
    };
    std::map<DeviceId, Row> rows;
    /// Whether a device has a live session; set by whoever owns the sessions.
    std::function<bool(DeviceId)> has_session = [](DeviceId) { return false; };

    devices::Device sign_in(UserId user, const devices::DeviceClaim& claim, DeviceId fresh_id,
                            TimePoint now) override {
        auto known = claim.recognized ? rows.find(*claim.recognized) : rows.end();
        if (known != rows.end() && known->second.user != user) known = rows.end();
        if (known == rows.end() && claim.push_token)
            known = std::find_if(rows.begin(), rows.end(), [&](const auto& row) {
                return row.second.user == user && row.second.push_token == claim.push_token->text;
            });
        const DeviceId id = known == rows.end() ? fresh_id : known->first;
        if (known == rows.end())
            rows[id] = {.device = {id, devices::DeviceType::other, ""}, .user = user, .created_at = now};
        Row& row = rows[id];
        row.device.type = claim.type.value_or(row.device.type);
        if (!claim.name.empty()) row.device.name = claim.name;
        row.last_seen = now;
        if (claim.push_token) set_push_token(id, user, claim.push_token);
        return row.device;
    }

    void detach_idle(UserId user, TimePoint) override {
        for (auto& [id, row] : rows) {
            if (row.user != user || has_session(id)) continue;
            row.push_token.reset();
        }
    }
    void forget_oldest(UserId user, std::size_t most) override {
        std::vector<std::pair<TimePoint, DeviceId>> idle;
        for (const auto& [id, row] : rows)
            if (row.user == user && !has_session(id)) idle.emplace_back(row.last_seen, id);
        std::sort(idle.rbegin(), idle.rend());
        for (std::size_t i = most; i < idle.size(); ++i)
            rows.erase(idle[i].second);
    }
    void remove_all(UserId user) override {
        if (std::erase_if(rows, [&](const auto& row) { return row.second.user == user; }) > 0)
            recalls_.post(recall::Recall::of(user));
        on_removed(user);
    }
    std::vector<devices::DeviceRecord> page_of(UserId user, std::optional<DeviceId> before,
                                               std::size_t most) override {
        std::vector<devices::DeviceRecord> found;
        for (auto row = rows.rbegin(); row != rows.rend(); ++row)
            if (row->second.user == user && (!before || row->first < *before) && found.size() < most)
                found.push_back(record_of(row->second));
        return found;
    }
    std::optional<devices::DeviceRecord> find(DeviceId id, UserId user) override {
        const auto row = rows.find(id);
        if (row == rows.end() || row->second.user != user) return std::nullopt;
        return record_of(row->second);
    }
    void change(DeviceId id, UserId, const devices::DeviceChange& change) override {
        auto& device = rows.at(id).device;
        device.type = change.type.value_or(device.type);
        device.name = change.name.value_or(device.name);
    }
    void set_push_token(DeviceId id, UserId, const std::optional<devices::PushToken>& token) override {
        for (auto& [other, row] : rows)
            if (token && row.push_token == token->text) row.push_token.reset();
        rows.at(id).push_token = token ? std::optional{token->text} : std::nullopt;
    }
    bool remove(DeviceId id, UserId user) override {
        const auto row = rows.find(id);
        if (row == rows.end() || row->second.user != user) return false;
        rows.erase(row);
        recalls_.post(recall::Recall::of(user));
        on_device_removed(id);
        return true;
    }
    std::vector<devices::PushTarget> push_targets(std::span<const UserId> users, std::size_t most,
                                                  TimePoint) override {
        std::vector<devices::PushTarget> found;
        for (const auto& [id, row] : rows)
            if (found.size() < most && std::find(users.begin(), users.end(), row.user) != users.end() &&
                row.push_token && has_session(id))
                found.push_back({row.user, row.device, *row.push_token});
        return found;
    }
    std::function<void(DeviceId)> on_device_removed = [](DeviceId) {};
    /// What hangs on the devices goes with them; set by whoever owns the sessions.
    std::function<void(UserId)> on_removed = [](UserId) {};

private:
    static devices::DeviceRecord record_of(const Row& row) {
        return {row.device, row.push_token, false, row.last_seen, row.created_at};
    }

    Recalls& recalls_;
};

class Reservations final : public users::Reservations, public Remembering {
public:
    std::function<void()> remember() override { return restorer(rows); }

    struct Row {
        UserId holder;
        std::optional<TimePoint> until;
    };
    std::map<std::pair<users::Identifier, std::string>, Row> rows;

    void hold(users::Identifier kind, std::string_view key, UserId holder,
              std::optional<TimePoint> until) override {
        rows[{kind, std::string{key}}] = {holder, until};
    }
    void release(users::Identifier kind, std::string_view key, UserId holder) override {
        std::erase_if(rows, [&](const auto& row) {
            return row.first == std::pair{kind, std::string{key}} && row.second.holder == holder;
        });
    }
    bool is_held_from(UserId holder, users::Identifier kind, std::string_view key, TimePoint now) override {
        const auto row = rows.find({kind, std::string{key}});
        return row != rows.end() && row->second.holder != holder &&
               (!row->second.until || *row->second.until > now);
    }
    Held held_by(UserId holder, users::Identifier kind, TimePoint now) override {
        Held held;
        for (const auto& [key, row] : rows) {
            if (key.first != kind || row.holder != holder || !row.until || *row.until <= now) continue;
            ++held.count;
            held.next_end = std::min(held.next_end.value_or(*row.until), *row.until);
        }
        return held;
    }
};

class Users final : public users::Users, public Remembering {
public:
    std::function<void()> remember() override { return restorer(rows); }

    Users(Devices& devices, Reservations& reservations, Recalls& recalls)
        : devices_{devices}, reservations_{reservations}, recalls_{recalls} {}

    std::map<UserId, users::Credentials> rows;
    /// Whether others see a device of the user; set by whoever owns the presence.
    std::function<bool(UserId)> is_here = [](UserId) { return false; };
    std::map<UserId, TimePoint> waits_since;  ///< for its confirmation, where that is not since it was made

    std::optional<users::User> find(UserId id, TimePoint now) override {
        const auto known = credentials(id, now);
        return known ? std::optional{known->user} : std::nullopt;
    }
    std::optional<users::User> lock(UserId id, TimePoint now) override { return find(id, now); }
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
        known.user.was_ever_verified = known.user.was_ever_verified || known.user.is_verified;
        if (known.user.ban && known.user.ban->until && *known.user.ban->until <= now) known.user.ban.reset();
        known.user.is_online = is_here(id);
        if (known.user.is_online) known.user.last_seen = now;
        return known;
    }
    users::Taken taken(std::string_view email_key, std::string_view username_key, TimePoint now) override {
        users::Taken taken;
        taken.email = reservations_.is_held_from({}, users::Identifier::email, email_key, now);
        taken.username = reservations_.is_held_from({}, users::Identifier::username, username_key, now);
        for (const auto& [id, row] : rows) {
            taken.email = taken.email || row.user.email_key == email_key;
            taken.username = taken.username || users::username_key(row.user.username) == username_key;
        }
        return taken;
    }
    users::Taken add(const users::NewUser& user) override {
        const auto already = taken(user.email.key(), user.username.key(), user.created_at);
        if (already.email) return {.email = true};
        if (already.username) return {.username = true};
        rows[user.id] = {{.id = user.id,
                          .email = user.email.text(),
                          .email_key = user.email.key(),
                          .username = user.username.text(),
                          .full_name = user.full_name.text,
                          .bio = user.bio.text,
                          .language = user.language,
                          .avatar = {},
                          .created_at = user.created_at},
                         user.password_hash};
        return {};
    }
    bool mark_verified(UserId id, std::string_view email_key, users::Epoch epoch, TimePoint) override {
        const auto row = rows.find(id);
        if (row == rows.end() || row->second.user.email_key != email_key || row->second.user.epoch != epoch)
            return false;
        const bool changed = !std::exchange(row->second.user.is_verified, true);
        row->second.user.was_ever_verified = true;
        if (changed) recalls_.post(recall::Recall::of(id));
        return changed;
    }
    bool mark_unverified(UserId id, TimePoint now) override {
        const bool changed = std::exchange(rows.at(id).user.is_verified, false);
        if (changed) rows.at(id).user.was_ever_verified = true;
        if (changed) rows.at(id).user.avatar.reset();
        if (changed) waits_since[id] = now;
        if (changed) recalls_.post(recall::Recall::of(id));
        return changed;
    }
    void ban(UserId id, const users::Ban& ban, TimePoint) override {
        rows.at(id).user.ban = ban;
        raise_epoch(id);
    }
    bool lift_ban(UserId id, std::optional<TimePoint> ended) override {
        const auto row = rows.find(id);
        if (row == rows.end() || !row->second.user.ban) return false;
        if (ended && (!row->second.user.ban->until || *row->second.user.ban->until > *ended)) return false;
        row->second.user.ban.reset();
        return true;
    }
    std::vector<UserId> bans_ended(std::size_t most, TimePoint now) override {
        std::vector<UserId> ended;
        for (const auto& [id, row] : rows)
            if (row.user.ban && row.user.ban->until && *row.user.ban->until <= now && ended.size() < most)
                ended.push_back(id);
        return ended;
    }
    void replace_password_hash(UserId id, std::string_view verified, std::string_view fresh) override {
        if (rows.at(id).password_hash == verified) rows.at(id).password_hash = fresh;
    }
    void raise_epoch(UserId id) override {
        ++rows.at(id).user.epoch;
        recalls_.post(recall::Recall::of(id));
    }
    bool set_password(UserId id, users::Epoch read, std::string_view hash) override {
        auto& row = rows.at(id);
        if (row.user.epoch != read) return false;
        row.password_hash = hash;
        ++row.user.epoch;
        recalls_.post(recall::Recall::of(id));
        return true;
    }
    users::Change change_email(UserId id, std::string_view old_key, users::Epoch read,
                               const users::Email& fresh, TimePoint) override {
        auto& user = rows.at(id).user;
        if (user.email_key != old_key || user.epoch != read) return users::Change::outdated;
        for (const auto& [other, row] : rows)
            if (other != id && row.user.email_key == fresh.key()) return users::Change::taken;
        user.email = fresh.text();
        user.email_key = fresh.key();
        user.is_verified = user.was_ever_verified = true;
        recalls_.post(recall::Recall::of(id));
        return users::Change::done;
    }
    users::Change change_profile(UserId id, const users::ProfileChange& change) override {
        auto& user = rows.at(id).user;
        if (change.username) {
            for (const auto& [other, row] : rows)
                if (other != id && users::username_key(row.user.username) == change.username->key())
                    return users::Change::taken;
            user.username = change.username->text();
        }
        if (change.full_name) user.full_name = change.full_name->text;
        if (change.username || change.full_name) recalls_.post(recall::Recall::of(id));
        if (change.bio) user.bio = change.bio->text;
        if (change.language) user.language = *change.language;
        if (change.hide_presence) user.hide_presence = *change.hide_presence;
        return users::Change::done;
    }
    void set_avatar(UserId id, const std::optional<std::string>& hash) override {
        rows.at(id).user.avatar = hash;
    }
    bool is_avatar_in_use(std::string_view hash) override {
        return std::any_of(rows.begin(), rows.end(),
                           [&](const auto& row) { return row.second.user.avatar == hash; });
    }
    bool remove(UserId id, users::Epoch read) override {
        const auto row = rows.find(id);
        if (row == rows.end() || row->second.user.epoch != read) return false;
        rows.erase(row);
        recalls_.post(recall::Recall::of(id));
        devices_.remove_all(id);
        return true;
    }

    std::vector<UserId> unverified_since(TimePoint moment, std::size_t most) override {
        std::vector<UserId> found;
        for (const auto& [id, row] : rows) {
            const auto waits = waits_since.find(id);
            const auto since = waits == waits_since.end() ? row.user.created_at : waits->second;
            if (!row.user.is_verified && since < moment && found.size() < most) found.push_back(id);
        }
        return found;
    }

private:
    Devices& devices_;
    Reservations& reservations_;
    Recalls& recalls_;
};

class Sessions final : public sessions::Sessions, public Remembering {
public:
    std::function<void()> remember() override { return restorer(rows); }

    Sessions(Users& users, Devices& devices, Recalls& recalls, std::chrono::seconds idle)
        : users_{users}, devices_{devices}, recalls_{recalls}, idle_{idle} {
        devices.has_session = [this](DeviceId device) {
            return std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
                return row.second.session.device.id == device && !row.second.ended;
            });
        };
        devices.on_removed = [this](UserId user) {
            std::erase_if(rows, [&](const auto& row) { return row.second.session.user == user; });
        };
        devices.on_device_removed = [this](DeviceId id) {
            std::erase_if(rows, [&](const auto& row) { return row.second.session.device.id == id; });
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
    /// Set, the database is away.
    bool is_away = false;

    std::optional<sessions::LiveSession> find_live(SessionId id, TimePoint now) override {
        if (is_away) throw Unavailable{"away"};
        const auto row = rows.find(id);
        if (row == rows.end() || !is_live(row->second, now)) return std::nullopt;
        return sessions::LiveSession{row->second.session,
                                     sessions::holder_of(users_.rows.at(row->second.session.user).user)};
    }
    /// What the user's roles are; set by who has a store of them.
    std::function<std::vector<roles::Role>(UserId)> held_by = [](UserId) {
        return std::vector<roles::Role>{};
    };

    std::optional<sessions::TokenSession> find_for_refresh(SessionId id, TimePoint now) override {
        const auto live = find_live(id, now);
        if (!live || live->session.refreshed_at <= now - idle_ || users_.rows.at(live->session.user).user.ban)
            return std::nullopt;
        const auto& session = live->session;
        return sessions::TokenSession{{{.id = session.id,
                                        .user = session.user,
                                        .epoch = session.epoch,
                                        .counter = session.counter,
                                        .expires_at = session.expires_at},
                                       live->holder},
                                      held_by(session.user)};
    }
    bool advance_if_unchanged(const sessions::Session& found, TimePoint now) override {
        const auto row = rows.find(found.id);
        if (row == rows.end() || row->second.ended || row->second.session.epoch != found.epoch) return false;
        return advance(found.id, found.counter, now);
    }
    bool touch(const sessions::Session& found, TimePoint now) override {
        const auto row = rows.find(found.id);
        if (row == rows.end() || row->second.ended || row->second.session.epoch != found.epoch ||
            row->second.session.counter != found.counter)
            return false;
        row->second.session.refreshed_at = now;
        row->second.session.last_active_at = std::max(row->second.session.last_active_at, now);
        return true;
    }
    std::vector<sessions::Session> live_of(UserId user, TimePoint now) override {
        std::vector<sessions::Session> found;
        for (auto row = rows.rbegin(); row != rows.rend(); ++row)
            if (row->second.session.user == user && is_live(row->second, now))
                found.push_back(row->second.session);
        std::stable_sort(found.begin(), found.end(),
                         [](const auto& a, const auto& b) { return a.last_active_at > b.last_active_at; });
        return found;
    }
    bool advance(SessionId id, sessions::Counter from, TimePoint now) override {
        const auto row = rows.find(id);
        if (row == rows.end() || !is_live(row->second, now) || row->second.session.counter != from)
            return false;
        ++row->second.session.counter;
        row->second.session.refreshed_at = now;
        row->second.session.last_active_at = std::max(row->second.session.last_active_at, now);
        return true;
    }
    void note_seen(std::span<const sessions::Sighting> sightings) override {
        for (const auto& sighting : sightings) {
            const auto row = rows.find(sighting.session);
            if (row == rows.end()) continue;
            auto& session = row->second.session;
            session.seen_counter = std::max(session.seen_counter, sighting.counter);
            session.last_active_at = std::max(session.last_active_at, sighting.at);
        }
    }
    void adopt_epoch(SessionId id, UserId user) override {
        const auto row = rows.find(id);
        if (row != rows.end() && row->second.session.user == user && !row->second.ended)
            row->second.session.epoch = users_.rows.at(user).user.epoch;
    }
    sessions::Past past_of(const sessions::Session& session) override {
        sessions::Past past{.devices = devices_.page_of(session.user, {}, rows.size() + 1000).size()};
        for (const auto& [id, row] : rows) {
            if (row.session.user == session.user && !row.ended) ++past.sessions;
            if (row.session.user != session.user || id == session.id) continue;
            past.has_same_place = past.has_same_place || (row.session.ip == session.ip &&
                                                          row.session.user_agent == session.user_agent);
        }
        return past;
    }
    std::size_t unended_of(UserId user) override {
        return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [&](const auto& row) {
            return row.second.session.user == user && !row.second.ended;
        }));
    }
    std::vector<sessions::SessionRecord> newest_of(UserId user, std::size_t most) override {
        std::vector<sessions::SessionRecord> found;
        for (const auto& [id, row] : rows)
            if (row.session.user == user)
                found.push_back({row.session,
                                 row.ended ? std::optional{row.session.created_at} : std::nullopt,
                                 row.ended ? std::string{name_of(*row.ended)} : ""});
        std::stable_sort(found.begin(), found.end(), [](const auto& one, const auto& other) {
            return one.session.created_at > other.session.created_at;
        });
        if (found.size() > most) found.erase(found.begin() + static_cast<std::ptrdiff_t>(most), found.end());
        return found;
    }
    bool end(SessionId id, UserId user, sessions::EndReason reason, TimePoint) override {
        const auto row = rows.find(id);
        if (row == rows.end() || row->second.session.user != user || row->second.ended) return false;
        row->second.ended = reason;
        recalls_.post(recall::Recall::of(id));
        return true;
    }
    void end_all(UserId user, std::optional<SessionId> kept, sessions::EndReason reason,
                 TimePoint now) override {
        bool any = false;
        for (auto& [id, row] : rows)
            if (id != kept) any = end(id, user, reason, now) || any;
        if (any) recalls_.post(recall::Recall::of(user));
    }
    void end_on_device(UserId user, DeviceId device, sessions::EndReason reason, TimePoint now) override {
        for (auto& [id, row] : rows)
            if (row.session.device.id == device) end(id, user, reason, now);
    }
    bool end_oldest(UserId user, std::size_t most, TimePoint now) override {
        std::vector<SessionId> live;
        for (const auto& [id, row] : rows)
            if (row.session.user == user && !row.ended) live.push_back(id);  // ids sort by time
        for (std::size_t i = 0; i + most < live.size(); ++i)
            end(live[i], user, sessions::EndReason::too_many, now);
        return live.size() > most;
    }

private:
    bool is_live(const Row& row, TimePoint now) const {
        const TimePoint used_at = std::max(row.session.refreshed_at, row.session.last_active_at);
        if (row.ended || now >= row.session.expires_at || now >= used_at + idle_) return false;
        const auto user = users_.credentials(row.session.user, now);
        return user && user->user.epoch == row.session.epoch && !user->user.ban;
    }

    Users& users_;
    Devices& devices_;
    Recalls& recalls_;
    std::chrono::seconds idle_;
};

/// The roles that there are, and who holds them. Who can manage roles it finds among `users`.
class Roles final : public roles::Roles, public Remembering {
public:
    std::function<void()> remember() override { return restorer(held, rows); }

    Roles(Users& users, Recalls& recalls) : users_{users}, recalls_{recalls} {}

    std::map<std::string, roles::Role, std::less<>> rows{{"member", {.name = "member", .is_default = true}}};
    std::map<UserId, std::set<std::string, std::less<>>> held;
    int guards = 0;

    /// These the user holds, and nothing else.
    void give(UserId user, const std::vector<roles::Role>& given) {
        held[user].clear();
        for (const auto& role : given) {
            rows[role.name] = role;
            held[user].insert(role.name);
        }
    }

    std::vector<roles::Role> held_by(UserId user) override {
        std::vector<roles::Role> found;
        for (const auto& name : held[user])
            found.push_back(rows.at(name));
        return sorted(std::move(found));
    }
    std::vector<roles::Role> grant_defaults(UserId user, TimePoint) override {
        std::vector<roles::Role> granted;
        for (const auto& [name, role] : rows)
            if (role.is_default && held[user].insert(name).second) granted.push_back(role);
        return sorted(std::move(granted));
    }
    std::vector<roles::Role> all() override {
        std::vector<roles::Role> found;
        for (const auto& [name, role] : rows)
            found.push_back(role);
        return sorted(std::move(found));
    }
    std::optional<roles::Role> find(std::string_view name) override {
        const auto row = rows.find(name);
        return row == rows.end() ? std::nullopt : std::optional{row->second};
    }
    bool add(const roles::Role& role) override { return rows.emplace(role.name, role).second; }
    void change(const roles::Role& role) override {
        rows.at(role.name) = role;
        recalls_.post(recall::Recall::of_role(role.name));
    }
    std::vector<UserId> holders_of(std::string_view name, std::size_t most) override {
        std::vector<UserId> found;
        for (const auto& [user, names] : held)
            if (names.contains(name) && found.size() < most) found.push_back(user);
        return found;
    }
    void remove(std::string_view name) override {
        for (auto& [user, names] : held)
            names.erase(std::string{name});
        rows.erase(std::string{name});
        recalls_.post(recall::Recall::of_role(name));
    }
    bool grant(UserId user, std::string_view name, std::optional<UserId>, TimePoint) override {
        const bool is_new = held[user].insert(std::string{name}).second;
        if (is_new) recalls_.post(recall::Recall::of(user));
        return is_new;
    }
    bool revoke(UserId user, std::string_view name) override {
        const bool was_held = held[user].erase(std::string{name}) > 0;
        if (was_held) recalls_.post(recall::Recall::of(user));
        return was_held;
    }
    int highest_held() override {
        int highest = roles::kLowestPriority;
        for (const auto& [user, names] : held)
            for (const auto& name : names)
                highest = std::max(highest, rows.at(name).priority);
        return highest;
    }
    bool has_manager(TimePoint now) override {
        return std::any_of(held.begin(), held.end(), [&](const auto& entry) {
            const auto user = users_.find(entry.first, now);
            return user && user->is_verified && !user->ban &&
                   std::any_of(entry.second.begin(), entry.second.end(),
                               [&](const auto& name) { return rows.at(name).flags.can_manage_roles; });
        });
    }
    bool has_peer(TimePoint now) override {
        return std::any_of(users_.rows.begin(), users_.rows.end(), [&](const auto& row) {
            const auto user = users_.find(row.first, now);
            return user->is_verified && !user->ban &&
                   roles::Authority{held_by(row.first), highest_held()}.is_peer();
        });
    }
    void enter_guard() override { ++guards; }

private:
    static std::vector<roles::Role> sorted(std::vector<roles::Role> roles) {
        std::stable_sort(roles.begin(), roles.end(),
                         [](const auto& a, const auto& b) { return a.priority > b.priority; });
        return roles;
    }

    Users& users_;
    Recalls& recalls_;
};

/// Nobody is online elsewhere, but as it is set.
class Presences final : public presence::Presences {
public:
    explicit Presences(Users& users) : users_{users} {}

    std::map<UserId, presence::Status> elsewhere;
    std::map<UserId, TimePoint> went_at;

    std::vector<presence::Record> of(std::span<const UserId> users) override {
        std::vector<presence::Record> found;
        for (const UserId id : users) {
            const auto row = users_.rows.find(id);
            if (row == users_.rows.end() || !row->second.user.is_verified) continue;
            const auto went = went_at.find(id);
            found.push_back(
                {.user = id,
                 .hides = row->second.user.hide_presence,
                 .elsewhere = elsewhere[id],
                 .last_seen = went == went_at.end() ? std::nullopt : std::optional{went->second}});
        }
        return found;
    }

private:
    Users& users_;
};

/// Finds among `users` by looking at each.
class Directory final : public users::Directory {
public:
    Directory(Users& users, Roles& roles) : users_{users}, roles_{roles} {}

    std::optional<std::vector<users::ListedUser>> page(const users::UserFilter& filter,
                                                       std::string_view position, std::size_t most,
                                                       TimePoint now) override {
        if (!filter.search && !position.empty() && !UserId::parse(position)) return std::nullopt;
        std::vector<users::ListedUser> found;
        for (const auto& [id, row] : users_.rows) {
            const auto user = users_.find(id, now);
            const auto held = roles_.held_by(id);
            if (filter.role && std::none_of(held.begin(), held.end(),
                                            [&](const auto& role) { return role.name == *filter.role; }))
                continue;
            if (filter.status && status_of(*user) != *filter.status) continue;
            if (filter.created_since && user->created_at < *filter.created_since) continue;
            auto at = id.text();
            if (filter.search) {
                const auto name = users::username_key(user->username).value_or("");
                if (name.starts_with(filter.search->key))
                    at = name;
                else if (user->email_key.starts_with(filter.search->key))
                    at = user->email_key;
                else
                    continue;
            }
            if (!position.empty() && (filter.search ? at <= position : at >= position)) continue;
            found.push_back({*user, roles::names_of(held), at});
        }
        std::sort(found.begin(), found.end(), [&](const auto& a, const auto& b) {
            return filter.search ? a.position < b.position : a.position > b.position;
        });
        if (found.size() > most) found.erase(found.begin() + static_cast<std::ptrdiff_t>(most), found.end());
        return found;
    }

private:
    static users::Status status_of(const users::User& user) {
        if (user.ban) return users::Status::banned;
        return user.is_verified ? users::Status::active : users::Status::unverified;
    }

    Users& users_;
    Roles& roles_;
};

class OneTimeTokens final : public accounts::OneTimeTokens, public Remembering {
public:
    std::function<void()> remember() override { return restorer(rows, code_tries); }

    std::map<accounts::TokenHash, accounts::OneTimeToken> rows;
    std::map<accounts::TokenHash, unsigned> code_tries;

    void add(const accounts::OneTimeToken& token) override { rows.emplace(token.hash, token); }
    void drop_oldest(UserId user, accounts::Purpose purpose, std::size_t most) override {
        std::vector<std::pair<TimePoint, accounts::TokenHash>> unconsumed;
        for (const auto& [hash, row] : rows)
            if (row.user == user && row.purpose == purpose && !row.is_consumed)
                unconsumed.emplace_back(row.created_at, hash);
        std::sort(unconsumed.rbegin(), unconsumed.rend());
        for (std::size_t i = most; i < unconsumed.size(); ++i)
            rows.erase(unconsumed[i].second);
    }
    std::vector<accounts::OneTimeToken> take_code_tries(UserId user, accounts::Purpose purpose, unsigned most,
                                                        TimePoint now) override {
        std::vector<accounts::OneTimeToken> live;
        for (const auto& [hash, row] : rows)
            if (row.user == user && row.purpose == purpose && row.code && now < row.code->expires_at &&
                code_tries[hash] < most) {
                ++code_tries[hash];
                live.push_back(row);
            }
        std::sort(live.begin(), live.end(),
                  [](const auto& a, const auto& b) { return a.created_at > b.created_at; });
        return live;
    }
    void drop_issued_after(UserId user, accounts::Purpose purpose, TimePoint moment) override {
        std::erase_if(rows, [&](const auto& row) {
            return row.second.user == user && row.second.purpose == purpose && row.second.created_at > moment;
        });
    }
    std::vector<accounts::OneTimeToken> newest_of(UserId user, std::size_t most) override {
        auto found = all_of(user);
        std::stable_sort(found.begin(), found.end(), [](const auto& one, const auto& other) {
            return one.created_at > other.created_at;
        });
        if (found.size() > most) found.erase(found.begin() + static_cast<std::ptrdiff_t>(most), found.end());
        return found;
    }
    std::vector<accounts::OneTimeToken> all_of(UserId user) override {
        std::vector<accounts::OneTimeToken> found;
        for (const auto& [hash, row] : rows)
            if (row.user == user) found.push_back(row);
        std::stable_sort(found.begin(), found.end(),
                         [](const auto& a, const auto& b) { return a.created_at < b.created_at; });
        return found;
    }
    void issue(const accounts::OneTimeToken& token) override {
        for (auto& [hash, row] : rows) {
            if (row.user != token.user || row.purpose != token.purpose || row.is_consumed) continue;
            row.expires_at = std::min(row.expires_at, token.created_at);
            if (row.code) row.code->expires_at = std::min(row.code->expires_at, token.created_at);
        }
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

class Outbox final : public outbox::Outbox, public Remembering {
public:
    std::function<void()> remember() override { return restorer(letters); }

    struct Sent {
        outbox::Template which;
        std::string recipient;
        std::string secret;
        std::string code;
        std::optional<UserId> user;
        TimePoint give_up_at;
        std::map<std::string, std::string> parameters;
    };
    std::vector<Sent> letters;

    void add(const outbox::Letter& letter, TimePoint) override {
        letters.push_back({letter.which, letter.recipient, std::string{letter.token.reveal()},
                           std::string{letter.code.reveal()}, letter.user, letter.give_up_at,
                           letter.parameters});
    }
    void withdraw(UserId user) override {
        std::erase_if(letters, [&](const Sent& letter) { return letter.user == user; });
    }
    std::vector<outbox::MailRecord> newest_of(UserId user, std::size_t most) override {
        std::vector<outbox::MailRecord> found;
        for (auto letter = letters.rbegin(); letter != letters.rend() && found.size() < most; ++letter)
            if (letter->user == user)
                found.push_back({.id = {},
                                 .which = std::string{name_of(letter->which)},
                                 .language = "en",
                                 .recipient = letter->recipient,
                                 .state = "queued",
                                 .created_at = {},
                                 .next_attempt_at = {},
                                 .give_up_at = letter->give_up_at,
                                 .finished_at = {},
                                 .last_error = {},
                                 .parameters = "{}"});
        return found;
    }

    /// The newest letter of a kind to that address.
    const Sent* last(outbox::Template which, std::string_view recipient) const {
        const auto found = std::find_if(letters.rbegin(), letters.rend(), [&](const Sent& letter) {
            return letter.which == which && letter.recipient == recipient;
        });
        return found == letters.rend() ? nullptr : &*found;
    }
};

class MailRequests final : public outbox::MailRequests, public Remembering {
public:
    std::function<void()> remember() override { return restorer(rows); }

    explicit MailRequests(csauth::Random& random) : random_{random} {}

    struct Row {
        outbox::MailRequest request;
        bool is_open = true;
        bool is_sent = false;
        TimePoint handled_at = {};
    };
    std::vector<Row> rows;

    void add(outbox::RequestKind kind, std::string_view email_key, TimePoint now,
             std::string_view return_to) override {
        rows.push_back({{RequestedMailId::make(now, random_), kind, std::string{email_key}, now,
                         std::string{return_to}}});
    }
    std::vector<outbox::MailRequest> open(std::size_t most) override {
        std::vector<outbox::MailRequest> open;
        for (const auto& row : rows)
            if (row.is_open && open.size() < most) open.push_back(row.request);
        return open;
    }
    std::size_t sent_since(outbox::RequestKind kind, std::string_view email_key, TimePoint since) override {
        return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [&](const Row& row) {
            return row.is_sent && row.request.kind == kind && row.request.email_key == email_key &&
                   row.handled_at > since;
        }));
    }
    void note_sent(outbox::RequestKind kind, std::string_view email_key, TimePoint now) override {
        rows.push_back(
            {{RequestedMailId::make(now, random_), kind, std::string{email_key}, now}, false, true, now});
    }
    void forget(std::string_view email_key) override {
        std::erase_if(rows, [&](const Row& row) { return row.request.email_key == email_key; });
    }
    bool close(RequestedMailId id, TimePoint now) override {
        row(id).handled_at = now;
        return std::exchange(row(id).is_open, false);
    }
    void mark_sent(RequestedMailId id) override { row(id).is_sent = true; }

private:
    Row& row(RequestedMailId id) {
        return *std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.request.id == id; });
    }
    csauth::Random& random_;
};

/// Decodes every picture alike, until it is told otherwise.
class Decoder final : public images::Decoder {
public:
    std::optional<images::DecoderRefusal> refusal;

    Result<images::AvatarPictures, images::DecoderRefusal> decode(std::string_view file) override {
        if (refusal) return *refusal;
        return images::AvatarPictures{"large " + std::string{file}, "small"};
    }
};

class Places final : public csauth::Places {
public:
    std::size_t free = 1;

    bool take() override {
        if (free == 0) return false;
        --free;
        return true;
    }
    void give_back() override { ++free; }
};

class AvatarFiles final : public accounts::AvatarFiles {
public:
    std::set<std::string, std::less<>> kept;
    bool is_full = false;

    Result<std::string> keep(const images::AvatarPictures& pictures) override {
        if (is_full) return Error{.code = ErrorCode::service_unavailable};
        return *kept.insert(hex(crypto::sha256(pictures.large))).first;
    }
    void remove(std::string_view name) override { kept.erase(std::string{name}); }
};

class AuditLog final : public audit::AuditLog, public Remembering {
public:
    std::function<void()> remember() override { return restorer(acts, erased, entries); }

    std::vector<audit::Act> acts;

    std::set<UserId> erased;

    std::vector<audit::Entry> entries;

    using audit::AuditLog::record;
    void record(std::span<const audit::Act> all, const Origin& origin, TimePoint now) override {
        for (const auto& act : all) {
            acts.push_back(act);
            EntryId id{Uuid::first_of(now)};
            id.uuid.bytes.back() = static_cast<std::uint8_t>(entries.size());
            entries.push_back({.id = id,
                               .at = now,
                               .action = std::string{name_of(act.action)},
                               .outcome = std::string{name_of(act.outcome)},
                               .actor = act.actor,
                               .subject = act.subject,
                               .ip = origin.ip,
                               .request_id = origin.request_id,
                               .detail = act.detail.substr(0, audit::kLongestDetail)});
        }
    }
    std::vector<audit::Entry> page(const audit::Filter& filter, std::optional<EntryId> before,
                                   std::size_t most) override {
        return newest(before, most, [&](const audit::Entry& entry) {
            return (!filter.user || entry.actor == filter.user || entry.subject == filter.user) &&
                   (!filter.action || entry.action == name_of(*filter.action)) &&
                   (!filter.since || entry.at >= *filter.since);
        });
    }
    std::vector<audit::Entry> about(UserId subject, std::optional<EntryId> before,
                                    std::size_t most) override {
        return newest(before, most, [&](const audit::Entry& entry) { return entry.subject == subject; });
    }
    void request_erasure(UserId user, TimePoint) override { erased.insert(user); }
    long count(audit::Action action) const {
        return std::count_if(acts.begin(), acts.end(), [&](const auto& act) { return act.action == action; });
    }

private:
    template <class Fits>
    std::vector<audit::Entry> newest(std::optional<EntryId> before, std::size_t most, Fits fits) {
        std::vector<audit::Entry> found;
        for (auto entry = entries.rbegin(); entry != entries.rend() && found.size() < most; ++entry)
            if (fits(*entry) && (!before || entry->id.uuid.bytes < before->uuid.bytes))
                found.push_back(*entry);
        return found;
    }
};

/// The log as it is sealed, without anything in it.
class Ledger final : public audit::Ledger {
public:
    struct Row {
        audit::SealedEntry entry;
        std::optional<audit::BatchNumber> batch = {};
    };
    std::vector<Row> rows;  ///< in the order of their ids
    std::map<audit::BatchNumber, audit::Batch> sealed;
    std::optional<audit::Beginning> begins;
    std::set<UserId> users;  ///< who exists

    std::vector<audit::SealedEntry> unsealed(std::size_t most) override {
        return some(most, [](const Row& row) { return !row.batch; });
    }
    std::optional<audit::Batch> last_batch() override {
        return sealed.empty() ? std::nullopt : std::optional{sealed.rbegin()->second};
    }
    bool add(const audit::Batch& batch, const std::vector<audit::SealedEntry>& entries) override {
        if (!sealed.emplace(batch.number, batch).second) return false;
        for (Row& row : rows)
            for (const auto& entry : entries)
                if (row.entry.entry.id == entry.entry.id) row.batch = batch.number;
        return true;
    }
    std::vector<audit::Batch> batches(audit::BatchNumber from, std::size_t most) override {
        std::vector<audit::Batch> found;
        for (auto batch = sealed.lower_bound(from); batch != sealed.end() && found.size() < most; ++batch)
            found.push_back(batch->second);
        return found;
    }
    std::vector<audit::SealedEntry> entries_of(audit::BatchNumber number) override {
        return some(rows.size(), [&](const Row& row) { return row.batch == number; });
    }
    std::vector<audit::SealedEntry> entries(std::optional<EntryId> after, std::size_t most) override {
        return some(most, [&](const Row& row) {
            return !after || row.entry.entry.id.uuid.bytes > after->uuid.bytes;
        });
    }
    bool has_strays(audit::BatchNumber first, audit::BatchNumber last) override {
        return std::any_of(rows.begin(), rows.end(), [&](const Row& row) {
            return row.batch && (*row.batch < first || *row.batch > last) && !sealed.contains(*row.batch);
        });
    }
    std::vector<UserId> not_deleted(const std::vector<UserId>& asked) override {
        std::vector<UserId> found;
        for (const UserId id : asked) {
            const bool is_deleted = std::any_of(rows.begin(), rows.end(), [&](const Row& row) {
                return row.entry.entry.action == "user_deleted" && row.entry.entry.subject == id;
            });
            if (users.contains(id) || !is_deleted) found.push_back(id);
        }
        return found;
    }
    std::optional<audit::Beginning> beginning() override { return begins; }
    void drop(audit::BatchNumber number, const audit::Beginning& beginning) override {
        begins = beginning;
        sealed.erase(number);
        std::erase_if(rows, [&](const Row& row) { return row.batch == number; });
    }

private:
    template <class Fits>
    std::vector<audit::SealedEntry> some(std::size_t most, Fits fits) {
        std::vector<audit::SealedEntry> found;
        for (const Row& row : rows)
            if (fits(row) && found.size() < most) found.push_back(row.entry);
        return found;
    }
};

}  // namespace csauth::fakes
