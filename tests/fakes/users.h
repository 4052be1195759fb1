#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "base/transactions.h"
#include "base/unavailable.h"
#include "fakes/devices.h"
#include "fakes/recalls.h"
#include "fakes/reservations.h"
#include "fakes/transactions.h"
#include "recall/board.h"
#include "users/reservations.h"
#include "users/users.h"

namespace csauth::fakes {

class Users final : public users::Users, public Remembering {
public:
    std::function<void()> remember() override { return restorer(rows); }

    Users(Devices& devices, Reservations& reservations, Recalls& recalls)
        : devices_{devices}, reservations_{reservations}, recalls_{recalls} {}

    std::map<UserId, users::Credentials> rows;
    /// Tells whether others see a device of the user. The owner of the presence sets it.
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

}  // namespace csauth::fakes
