#include "ctl/user.h"

#include <algorithm>
#include <iostream>
#include <string>

#include "base/lists.h"
#include "base/secret.h"
#include "base/timestamps.h"
#include "ctl/administration.h"
#include "ctl/table.h"
#include "handlers/views/users.h"
#include "json/writer.h"
#include "mail_composer.h"

namespace csauth::ctl {
namespace {

constexpr std::size_t kListedATime = 500;
constexpr const char* kAdminRole = "admin";

const roles::Actor kOperator = roles::Actor::the_operator();

std::string_view status_of(const users::User& user) {
    if (user.ban) return name_of(users::Status::banned);
    return name_of(user.is_verified ? users::Status::active : users::Status::unverified);
}

void write(json::Writer& json, const users::User& user, const std::vector<std::string>& role_names,
           const std::string& invitation_link = "") {
    handlers::views::begin_managed_user(json, user, role_names);
    json.member("status", status_of(user));
    if (!invitation_link.empty()) json.member("invitation_link", invitation_link);
    json.end_object();
}

/// Prints a user. `link`: the link of an invitation that the operator delivers; empty if there is none.
void print(const users::User& user, const std::vector<std::string>& role_names, bool as_json,
           const std::string& link = "") {
    if (as_json) {
        json::Writer json;
        write(json, user, role_names, link);
        std::cout << json.text() << '\n';
        return;
    }
    std::cout << "id         " << user.id.text() << "\nusername   " << user.username << "\naddress    "
              << user.email << (user.is_verified ? "" : " (not confirmed)") << "\nname       "
              << user.full_name << "\nroles      " << joined(role_names) << "\nlanguage   " << user.language
              << "\nsince      " << minute_in_utc(user.created_at) << "\nlast seen  "
              << (user.last_seen ? minute_in_utc(*user.last_seen) : "never") << '\n';
    if (user.ban)
        std::cout << "banned     "
                  << (user.ban->until ? "until " + minute_in_utc(*user.ban->until) : std::string{"for good"})
                  << ": " << user.ban->reason << '\n';
    if (!link.empty()) std::cout << "link       " << link << '\n';
}

/// Returns how an invitation is delivered (--print-link, --no-mail). Returns nullopt, after a complaint, if
/// it would not be delivered at all.
std::optional<accounts::Delivery> delivery_in(const Arguments& arguments) {
    const accounts::Delivery delivery{.by_mail = !arguments.has("no-mail"),
                                      .by_operator = arguments.has("print-link")};
    if (delivery.by_mail || delivery.by_operator) return delivery;
    std::cerr << "csauthctl: with --no-mail nobody gets the link: add --print-link\n";
    return std::nullopt;
}

/// Prints an invited user with the link, if the operator delivers it, and where the mail is.
void print_invited(const Config& config, const accounts::CreatedUser& invited, accounts::Delivery delivery,
                   bool as_json) {
    const std::string link = delivery.by_operator
                                 ? link_to(config, outbox::Template::invitation, invited.link_token.reveal())
                                 : "";
    print(invited.user, roles::names_of(invited.roles), as_json, link);
    if (as_json || !delivery.by_mail) return;
    std::cout << "A mail with the invitation to " << invited.user.email
              << " is queued. 'csauthctl mail list' shows whether it was sent.\n";
}

/// Runs `act` on the user that the first word names, after `question` if it is not empty. Then prints the
/// username and `say`. Returns the exit status.
template <class Act>
int act_on_user(const Config& config, const Arguments& arguments, const std::string& question,
                const std::string& say, Act act) {
    Administration administration{config};
    const auto user = administration.user_named_by(arguments);
    if (!user) return kNoSuchThing;
    if (!question.empty() && !is_confirmed(question + ' ' + user->username + '?', arguments)) return kUsage;
    const auto done = act(administration, user->id);
    if (!done) return complain(done.error());
    std::cout << user->username << say << '\n';
    return 0;
}

/// Returns an argument or option as a value of the domain, or nullopt, after a complaint, if it is malformed.
template <class T>
std::optional<T> parsed(const std::string& what, const std::string& given) {
    auto value = T::parse(given);
    if (value) return std::move(*value);
    complain(what + ": " + value.error().detail);
    return std::nullopt;
}

/// Sets `end` to the end of a ban (--until TIME or --for DURATION). Complains and returns false if that is
/// malformed.
bool read_end(const Arguments& arguments, TimePoint now, std::optional<TimePoint>& end) {
    if (const auto until = arguments.option("until")) {
        const auto moment = parsed<Moment>("--until", *until);
        if (!moment) return false;
        end = moment->time;
    } else if (const auto length = arguments.option("for")) {
        const auto duration = duration_in(*length);
        if (!duration) {
            complain("--for: " + fault_of_duration(*length));
            return false;
        }
        end = now + *duration;
    }
    return true;
}

}  // namespace

int user_add(const Config& config, const Arguments& arguments) {
    if (arguments.has("password-stdin") && (arguments.has("print-link") || arguments.has("no-mail"))) {
        std::cerr
            << "csauthctl: with --password-stdin there is no invitation: leave --print-link and --no-mail "
               "out\n";
        return kUsage;
    }
    const auto delivery = delivery_in(arguments);
    if (!delivery) return kUsage;
    auto email = parsed<users::Email>("EMAIL", arguments.words.at(0));
    auto username = parsed<users::Username>("USERNAME", arguments.words.at(1));
    auto full_name = parsed<users::FullName>("--full-name", arguments.option("full-name").value_or(""));
    auto language = parsed<users::Language>(
        "--language", arguments.option("language").value_or(std::string{users::kLanguages[0]}));
    if (!email || !username || !full_name || !language) return kNoSuchThing;
    std::vector<roles::RoleName> role_names;
    for (const auto& text : split_list(arguments.option("role").value_or(""))) {
        auto name = parsed<roles::RoleName>("--role", text);
        if (!name) return kNoSuchThing;
        role_names.push_back(std::move(*name));
    }
    if (arguments.has("admin")) role_names.push_back({kAdminRole});
    const accounts::Invitee invitee{std::move(*email), std::move(*username), std::move(*full_name),
                                    std::move(language->tag), std::move(role_names)};

    Administration administration{config};
    const bool has_password = arguments.has("password-stdin");
    std::optional<users::NewPassword> password;
    if (has_password) {
        std::string line;
        std::getline(std::cin, line);
        password = parsed<users::NewPassword>("the password", line);
        wipe(line);
        if (!password) return kNoSuchThing;
    }
    const auto created =
        password ? administration.user_creation.create(invitee, *password, administration.origin)
                 : administration.user_creation.invite(kOperator, invitee, administration.origin, *delivery);
    if (!created) return complain(created.error());
    if (password)
        print(created->user, roles::names_of(created->roles), arguments.json);
    else
        print_invited(config, *created, *delivery, arguments.json);
    return 0;
}

int user_invite(const Config& config, const Arguments& arguments) {
    const auto delivery = delivery_in(arguments);
    if (!delivery) return kUsage;
    Administration administration{config};
    const auto user = administration.user_named_by(arguments);
    if (!user) return kNoSuchThing;
    const auto invited =
        administration.user_creation.invite_again(kOperator, user->id, administration.origin, *delivery);
    if (!invited) return complain(invited.error());
    print_invited(config, *invited, *delivery, arguments.json);
    return 0;
}

int user_list(const Config& config, const Arguments& arguments) {
    users::UserFilter filter;
    if (const auto text = arguments.option("search")) {
        filter.search = parsed<users::SearchPrefix>("--search", *text);
        if (!filter.search) return kNoSuchThing;
    }
    if (const auto text = arguments.option("status")) {
        filter.status = users::status_named(*text);
        if (!filter.status) return complain("--status is active, unverified or banned");
    }
    if (const auto text = arguments.option("role")) {
        auto role = parsed<roles::RoleName>("--role", *text);
        if (!role) return kNoSuchThing;
        filter.role = std::move(role->text);
    }
    const auto limit = limit_in(arguments);
    if (!limit) return kUsage;
    Administration administration{config};
    if (filter.role && !administration.has_role(*filter.role)) return kNoSuchThing;
    const TimePoint now = administration.clock.now();
    std::string position = arguments.option("after").value_or("");
    std::size_t shown = 0;
    bool has_more = true;
    json::Writer json;
    json.begin_array();
    Table table{{"ID", "STATUS", "USERNAME", "ADDRESS", "ROLES"}};
    while (shown < *limit && has_more) {
        const std::size_t most = std::min(kListedATime, *limit - shown);
        // One more user than needed shows whether more follow.
        auto some = administration.stores.directory.page(filter, position, most + 1, now);
        if (!some) return complain("--after: '" + position + "' is no position that a list has named");
        has_more = some->size() > most;
        if (has_more) some->pop_back();
        for (const auto& [user, role_names, at] : *some) {
            if (arguments.json)
                write(json, user, role_names);
            else
                table.add({user.id.text(), std::string{status_of(user)}, user.username, user.email,
                           joined(role_names)});
            position = at;
        }
        shown += some->size();
    }
    json.end_array();
    if (arguments.json)
        std::cout << json.text() << '\n';
    else
        table.print(std::cout);
    if (has_more) say_that_more_follows(shown, position);
    return 0;
}

int user_show(const Config& config, const Arguments& arguments) {
    Administration administration{config};
    const auto named = administration.user_named_by(arguments);
    const auto user = named ? administration.stores.users.find(named->id, administration.clock.now()) : named;
    if (!user) return kNoSuchThing;
    print(*user, roles::names_of(administration.stores.roles.held_by(user->id)), arguments.json);
    return 0;
}

int user_ban(const Config& config, const Arguments& arguments) {
    if (!arguments.has("reason")) {
        std::cerr << "csauthctl: say why with --reason; the user is told\n";
        return kUsage;
    }
    const auto reason = parsed<accounts::BanReason>("--reason", *arguments.option("reason"));
    std::optional<TimePoint> until;
    if (arguments.has("until") && arguments.has("for")) {
        std::cerr << "csauthctl: --until or --for, not both\n";
        return kUsage;
    }
    if (!reason || !read_end(arguments, SystemClock{}.now(), until)) return kNoSuchThing;
    Administration administration{config};
    const auto user = administration.user_named_by(arguments);
    if (!user) return kNoSuchThing;
    const auto banned = administration.bans.ban(kOperator, user->id, *reason, until, administration.origin);
    if (!banned) return complain(banned.error());
    const auto& ban = banned->ban;
    const bool is_known =
        user->ban && ban && user->ban->until == ban->until && user->ban->reason == ban->reason;
    std::cout << user->username << (is_known ? " is already banned " : " is banned ")
              << (ban && ban->until ? "until " + minute_in_utc(*ban->until) : std::string{"for good"})
              << (is_known ? ", for this reason" : "") << '\n';
    return 0;
}

int user_unban(const Config& config, const Arguments& arguments) {
    return act_on_user(config, arguments, "", " is not banned",
                       [](Administration& administration, UserId user) {
                           return administration.bans.lift(kOperator, user, administration.origin);
                       });
}

int user_verify(const Config& config, const Arguments& arguments) {
    return act_on_user(config, arguments, "", " is verified",
                       [](Administration& administration, UserId user) {
                           return administration.user_administration.change(
                               kOperator, user, {.is_verified = true}, administration.origin);
                       });
}

int user_delete(const Config& config, const Arguments& arguments) {
    return act_on_user(config, arguments, "Delete the account of", " is deleted",
                       [](Administration& administration, UserId user) {
                           return administration.user_administration.remove(kOperator, user,
                                                                            administration.origin);
                       });
}

int user_logout(const Config& config, const Arguments& arguments) {
    return act_on_user(
        config, arguments, "", " is signed out everywhere", [](Administration& administration, UserId user) {
            return administration.user_administration.sign_out(kOperator, user, administration.origin);
        });
}

int user_reset(const Config& config, const Arguments& arguments) {
    return act_on_user(config, arguments, "Void the password of", " gets a mail to choose another password",
                       [](Administration& administration, UserId user) {
                           return administration.user_administration.reset_password(kOperator, user,
                                                                                    administration.origin);
                       });
}

}  // namespace csauth::ctl
