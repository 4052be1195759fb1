#include "ctl/session.h"

#include <algorithm>
#include <functional>
#include <iostream>
#include <span>

#include "base/timestamps.h"
#include "ctl/administration.h"
#include "ctl/table.h"
#include "json/writer.h"
#include "sessions/tokens.h"
#include "sessions/user_agent.h"
#include "store/session_search.h"

namespace csauth::ctl {
namespace {

/// Returns the filter that the options describe, or nullopt, after a complaint, if one is malformed.
std::optional<store::SessionFilter> filter_in(Administration& administration, const Arguments& arguments) {
    store::SessionFilter filter;
    for (const auto& [name, value] : arguments.options) {
        if (name == "user") {
            const auto user = administration.find_user(value);
            if (!user) return complain("there is no user " + value), std::nullopt;
            filter.user = user->id;
        } else if (name == "role") {
            auto role = roles::RoleName::parse(value);
            if (!role) return complain("'" + value + "' is no name of a role"), std::nullopt;
            if (!administration.has_role(role->text)) return std::nullopt;
            filter.role = std::move(role->text);
        } else if (name == "address") {
            filter.address = AddressRange::parse(value);
            if (!filter.address)
                return complain("'" + value + "' is no address, and no network"), std::nullopt;
        } else if (name == "older-than") {
            const auto age = duration_in(value);
            if (!age) return complain("--older-than: " + fault_of_duration(value)), std::nullopt;
            filter.created_before = administration.clock.now() - *age;
        }
    }
    return filter;
}

constexpr std::size_t kTogether = 20;

using Visit = std::function<void(const std::vector<store::FoundSession>&)>;

std::size_t for_each_part(Administration& administration, const Config& config,
                          const store::SessionFilter& filter, const Visit& visit) {
    store::SessionSearch search{administration.stores.database, config.tokens.idle_lifetime};
    const TimePoint now = administration.clock.now();
    SessionId after{};
    std::size_t count = 0;
    while (const auto part = search.next(filter, after, now)) {
        count += part->size();
        if (!part->empty()) visit(*part);
    }
    return count;
}

/// Returns the live sessions with these ids, or nullopt, after a complaint, if one does not exist.
std::optional<std::vector<store::FoundSession>> named_sessions(Administration& administration,
                                                               const std::vector<std::string>& ids) {
    std::vector<store::FoundSession> found;
    const TimePoint now = administration.clock.now();
    for (const auto& text : ids) {
        const auto id = SessionId::parse(text);
        if (!id) return complain("'" + text + "' is no id of a session"), std::nullopt;
        const auto live = administration.stores.sessions.find_live(*id, now);
        if (!live) return complain("there is no live session " + text + "; nothing was ended"), std::nullopt;
        found.push_back({.id = *id, .user = live->holder.id, .username = live->holder.username});
    }
    return found;
}

/// Ends sessions in one transaction, with a recall and an audit entry for each. The transaction must be
/// short, because its recalls carry the time at which they were posted, not that of the commit.
void revoke(Administration& administration, std::span<const store::FoundSession> part) {
    auto& stores = administration.stores;
    (void)stores.database.run([&]() -> Result<void> {
        const TimePoint now = administration.clock.now();
        for (const auto& session : part) {
            if (!stores.sessions.end(session.id, session.user, sessions::EndReason::revoked, now)) continue;
            stores.devices.detach_idle(session.user, now);
            stores.audit.record({.action = audit::Action::sessions_revoked,
                                 .subject = session.user,
                                 .detail = "session " + session.id.text()},
                                administration.origin, now);
        }
        return {};
    });
}

}  // namespace

int session_list(const Config& config, const Arguments& arguments) {
    Administration administration{config};
    const auto filter = filter_in(administration, arguments);
    if (!filter) return kNoSuchThing;
    const auto limit = limit_in(arguments);
    if (!limit) return kUsage;
    SessionId after{};
    if (const auto text = arguments.option("after")) {
        const auto id = SessionId::parse(*text);
        if (!id) return complain("--after: '" + *text + "' is no id of a session");
        after = *id;
    }
    store::SessionSearch search{administration.stores.database, config.tokens.idle_lifetime};
    const TimePoint now = administration.clock.now();
    std::size_t shown = 0;
    std::string last;
    bool has_more = false;
    json::Writer json;
    json.begin_array();
    Table table{{"ID", "SINCE", "USERNAME", "ADDRESS", "CLIENT"}};
    while (!has_more) {
        const auto part = search.next(*filter, after, now);
        if (!part) break;
        for (const auto& session : *part) {
            if ((has_more = shown == *limit)) break;
            ++shown;
            last = session.id.text();
            const auto client = sessions::client_named_in(session.user_agent);
            if (arguments.json)
                json.begin_object()
                    .member("id", session.id.text())
                    .member("user", session.user.text())
                    .member("username", session.username)
                    .member("ip", session.ip)
                    .member("client", client)
                    .member("created_at", rfc3339(session.created_at))
                    .end_object();
            else
                table.add({session.id.text(), minute_in_utc(session.created_at), session.username, session.ip,
                           std::string{client}});
        }
    }
    json.end_array();
    if (arguments.json)
        std::cout << json.text() << '\n';
    else
        table.print(std::cout);
    if (has_more) say_that_more_follows(shown, last);
    return 0;
}

int session_revoke(const Config& config, const Arguments& arguments) {
    const bool is_dry = arguments.options.contains("dry-run");
    const bool has_options = arguments.options.size() > (is_dry ? 1U : 0U);
    if (!has_options && arguments.words.empty()) {
        std::cerr
            << "csauthctl: say which: ids, or --user, --role, --address or --older-than. For all there is "
               "recall-all.\n";
        return kUsage;
    }
    if (has_options && !arguments.words.empty()) {
        std::cerr << "csauthctl: give ids or options, not both\n";
        return kUsage;
    }
    Administration administration{config};
    if (!has_options) {
        const auto named = named_sessions(administration, arguments.words);
        if (!named) return kNoSuchThing;
        if (is_dry) {
            std::cout << named->size() << " sessions would end\n";
            return 0;
        }
        if (!is_confirmed("End " + std::to_string(named->size()) + " sessions?", arguments)) return kUsage;
        for (std::span<const store::FoundSession> part{*named}; !part.empty();
             part = part.subspan(std::min(kTogether, part.size())))
            revoke(administration, part.first(std::min(kTogether, part.size())));
        std::cout << named->size() << " sessions have ended\n";
        return 0;
    }
    const auto filter = filter_in(administration, arguments);
    if (!filter) return kNoSuchThing;
    const auto count = for_each_part(administration, config, *filter, [](const auto&) {});
    if (is_dry) {
        std::cout << count << " sessions would end\n";
        return 0;
    }
    if (count > 0 && !is_confirmed("End " + std::to_string(count) + " sessions?", arguments)) return kUsage;
    const auto ended =
        for_each_part(administration, config, *filter, [&](std::span<const store::FoundSession> part) {
            for (; !part.empty(); part = part.subspan(std::min(kTogether, part.size())))
                revoke(administration, part.first(std::min(kTogether, part.size())));
        });
    std::cout << ended << " sessions have ended\n";
    return 0;
}

int recall_all(const Config& config, const Arguments& arguments) {
    if (!is_confirmed("Sign everybody out, and void every link that was mailed?", arguments)) return kUsage;
    Administration administration{config};
    auto& stores = administration.stores;
    const TimePoint began = administration.clock.now();
    const auto tell_everyone = [&] {
        (void)stores.database.run([&]() -> Result<void> {
            stores.recalls.post(recall::Recall::of_everyone());
            stores.audit.record({.action = audit::Action::everyone_recalled}, administration.origin,
                                administration.clock.now());
            return {};
        });
    };
    // The first recall makes every token be looked up from now on. The second one covers tokens that were
    // issued while the sessions were being ended.
    tell_everyone();
    store::SessionSearch search{stores.database, config.tokens.idle_lifetime};
    std::uint64_t all = 0;
    while (const auto some = search.end_some(began + sessions::kLeeway, administration.clock.now()))
        all += some;
    tell_everyone();
    std::cout << all << " sessions and links are void\n";
    return 0;
}

}  // namespace csauth::ctl
