#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <vector>

#include "base/transactions.h"
#include "base/unavailable.h"
#include "fakes/devices.h"
#include "fakes/recalls.h"
#include "fakes/transactions.h"
#include "fakes/users.h"
#include "recall/board.h"
#include "roles/authority.h"
#include "roles/roles.h"
#include "sessions/activity.h"
#include "sessions/sessions.h"

namespace csauth::fakes {

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
    /// Returns the user's roles. The owner of a store of roles sets it.
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

}  // namespace csauth::fakes
