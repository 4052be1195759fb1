#include "ctl/limit_table.h"

#include <array>

#include "accounts/bans.h"
#include "accounts/deletion.h"
#include "accounts/email_change.h"
#include "accounts/one_time_tokens.h"
#include "accounts/password_reset.h"
#include "accounts/personal_data.h"
#include "accounts/requested_mail.h"
#include "accounts/user_creation.h"
#include "accounts/verification.h"
#include "audit/audit_log.h"
#include "audit/chain.h"
#include "crypto/jws.h"
#include "devices/device.h"
#include "devices/devices.h"
#include "handlers/asked_users.h"
#include "handlers/cookie_tokens.h"
#include "handlers/paging.h"
#include "http/form.h"
#include "http/multipart.h"
#include "http/return_address.h"
#include "images/imager.h"
#include "images/picture.h"
#include "json/object.h"
#include "limits/limit.h"
#include "presence/presences.h"
#include "presence/table.h"
#include "recall/board.h"
#include "roles/role.h"
#include "roles/role_administration.h"
#include "server/cgi.h"
#include "sessions/refresh.h"
#include "sessions/session_opener.h"
#include "sessions/tokens.h"
#include "streamer/catch_up.h"
#include "streamer/connection.h"
#include "streamer/records.h"
#include "streamer/streamer.h"
#include "users/email.h"
#include "users/password.h"
#include "users/profile.h"
#include "users/reservations.h"
#include "users/username.h"

namespace csauth {
namespace {

/// A limit with the constant that a reader can search for: "64 (`http::kMostCookies`)".
std::string named(const std::string& limit, const char* constant) { return limit + " (`" + constant + "`)"; }

std::string between(std::uint64_t least, std::uint64_t most) {
    return with_commas(least) + " to " + with_commas(most);
}

/// Returns a rate in words: "20, then one in 3 minutes".
std::string as_text(limits::Limit limit) {
    const auto& rate = limits::rate_of(limit);
    return with_commas(rate.free) + ", then one in " + in_words(rate.forgotten);
}

void add(std::vector<LimitRow>& rows, std::vector<LimitRow> more) {
    for (auto& row : more)
        rows.push_back(std::move(row));
}

std::vector<LimitRow> limits_of_requests() {
    const json::Limits json;
    return {
        {"JSON body", in_bytes(json.bytes) + " (`json::Limits`; nginx' `client_max_body_size`)",
         "413 `body_too_large`"},
        {"depth of JSON, counting the outermost object", with_commas(json.depth), "400 `malformed_json`"},
        {"members of all JSON objects together", with_commas(json.members), "400 `malformed_json`"},
        {"in JSON: a member twice, a NUL, invalid UTF-8, half a surrogate pair, trailing bytes", "none",
         "400 `malformed_json`"},
        {"one header; all headers", "24 KiB; 96 KiB (nginx)", "431 `headers_too_large`"},
        {"parameters from nginx: its own 14 and one for each header",
         named(with_commas(server::kMostParameters), "server::kMostParameters"), "431 `headers_too_large`"},
        {"requests of one client in progress; its live streams", "256; 200 (nginx)",
         "429 `too_many_requests`"},
        {"the request line", "24 KiB (nginx)", "414 `bad_request`"},
        {"a query string", named(in_bytes(http::kLongestQuery), "http::kLongestQuery"), "400 `bad_request`"},
        {"parameters of a query, none twice but `users`",
         named(with_commas(http::kMostParameters), "http::kMostParameters"), "400 `bad_request`"},
        {"a parameter that a list doesn't have", "none", "400 `bad_request`"},
        {"the Cookie header; cookies in it",
         in_bytes(http::kLongestCookieHeader) + "; " +
             named(with_commas(http::kMostCookies), "http::kMostCookies"),
         "the request counts as one without cookies"},
        {"refused tokens in cookies of one name",
         named(with_commas(handlers::cookies::kMostRefusedTokens), "cookies::kMostRefusedTokens"),
         "no other cookie is tried"},
        {"a token", named(with_commas(crypto::kLongestJws) + " characters", "crypto::kLongestJws"),
         "401 `invalid_token`"},
        {"items on a page of a list",
         named(with_commas(handlers::kMostItemsOfPage), "handlers::kMostItemsOfPage") + ", by default " +
             with_commas(handlers::kItemsOfPage),
         "400 `bad_request`"},
        {"the beginning of a name or address in a search", in_bytes(users::kLongestEmail),
         "400 `bad_request`"},
        {"a return address",
         named(with_commas(http::kLongestReturnAddress) + " characters", "http::kLongestReturnAddress"),
         "the person is sent to the site itself"},
    };
}

std::vector<LimitRow> limits_of_pictures() {
    const auto form = images::kLongestUpload - images::kLargestPicture;
    constexpr std::uint64_t million = 1'000'000;
    const auto whole_pictures = images::kMostScannedPixels / images::kMostPixels;
    return {
        {"a picture, with all bytes after its end",
         named(in_bytes(images::kLargestPicture), "images::kLargestPicture"), "413 `body_too_large`"},
        {"the form around a picture; the texts beside it in a profile",
         named(in_bytes(form), "images::kLongestUpload") + "; " + in_bytes(json::Limits{}.bytes),
         "413 `body_too_large`"},
        {"parts of a multipart form; the head of a part; its boundary",
         named(with_commas(http::kMostFormParts), "http::kMostFormParts") + "; " +
             named(in_bytes(http::kLongestPartHead), "http::kLongestPartHead") + "; " +
             named(with_commas(http::kLongestBoundary) + " characters", "http::kLongestBoundary"),
         "400 `bad_request`"},
        {"the side of a picture; its pixels",
         named(with_commas(images::kLongestSide), "images::kLongestSide") + "; " +
             named(with_commas(images::kMostPixels), "images::kMostPixels"),
         "422 `invalid`, before it is decoded"},
        {"scans of a JPEG picture", named(with_commas(images::kMostScans), "images::kMostScans"),
         "422 `invalid`, before it is decoded"},
        {"scans times pixels of a JPEG picture",
         named(with_commas(images::kMostScannedPixels / million) + " million", "images::kMostScannedPixels") +
             ": " + with_commas(whole_pictures) + " scans of the largest picture",
         "422 `invalid`, before it is decoded"},
        {"coefficients of a JPEG picture of several scans",
         named(in_bytes(images::kMostCoefficientBytes), "images::kMostCoefficientBytes"),
         "422 `invalid`, before it is decoded"},
        {"chunks of a PNG or WebP picture, segments of a JPEG picture, blocks of a GIF picture",
         named(with_commas(images::kMostParts), "images::kMostParts"), "422 `invalid`, before it is decoded"},
        {"memory to decode a picture; processor time; time in all",
         named(in_bytes(images::kDecoderMemory), "images::kDecoderMemory") + "; " +
             named(in_words(images::kDecoderTime), "images::kDecoderTime") + "; " +
             named(in_words(images::kDecoderPatience), "images::kDecoderPatience"),
         "422 `invalid`; 503 `service_unavailable`"},
        {"uploads that wait for the imager at once",
         "a quarter of `server.api_workers`, at least 1 (`limits::places_for`); in a profile 1 more",
         "503 with `Retry-After`"},
    };
}

std::vector<LimitRow> limits_of_people() {
    using namespace users;
    return {
        {"an e-mail address; its part before the @",
         named(in_bytes(kLongestEmail), "users::kLongestEmail") + "; " + in_bytes(kLongestLocalPart) +
             " (RFC 5321)",
         "422 `too_long`"},
        {"an e-mail address as it is sent, with white space around it",
         named(in_bytes(kLongestEmailGiven), "users::kLongestEmailGiven"), "422 `too_long`"},
        {"a username", between(kShortestUsername, kLongestUsername) + " characters",
         "422 `too_short`, `too_long`"},
        {"a password after NFC",
         between(kShortestPassword, kLongestPassword) + " characters, " + in_bytes(kLongestPasswordBytes) +
             "; 15 characters or more are recommended",
         "422 `too_short`, `too_long`"},
        {"digits and punctuation around a common word in a password",
         "7 characters, or more if they are common or a sequence themselves",
         "422 `common_password`, `predictable_password`"},
        {"a full name; a bio",
         with_commas(kLongestFullName) + "; " + with_commas(kLongestBio) + " characters", "422 `too_long`"},
        {"former usernames that one person keeps from others",
         with_commas(kMostHeldUsernames) + ", each for " + in_words(kUsernameHold),
         "429 `too_many_requests`"},
        {"the reason of a ban", with_commas(accounts::kLongestBanReason) + " characters", "422 `too_long`"},
        {"an account whose address nobody confirms",
         named(in_words(accounts::kUnverifiedLifetime), "accounts::kUnverifiedLifetime"),
         "it is deleted; its name and address are free again"},
        {"an export: sessions; devices; tokens; mails; acts",
         "the newest " + with_commas(accounts::kMostExportedSessions) + "; " +
             with_commas(accounts::kMostExportedDevices) + "; " + with_commas(accounts::kMostExportedTokens) +
             "; " + with_commas(accounts::kMostExportedMails) + "; " +
             with_commas(accounts::kMostExportedActs) + " (`accounts::kMostExported…`)",
         "the older ones are left out, and the list's `…_complete` is false"},
        {"the size of an export", named(in_bytes(accounts::kLargestExport), "accounts::kLargestExport"),
         "cannot be reached: if all lists are full of ordinary text it has about 3 MB"},
    };
}

std::vector<LimitRow> limits_of_roles() {
    using namespace roles;
    return {
        {"the name of a role; its description",
         with_commas(kLongestRoleName) + "; " + with_commas(kLongestDescription) + " characters",
         "422 `too_long`"},
        {"the priority of a role",
         between(static_cast<std::uint64_t>(kLowestPriority), static_cast<std::uint64_t>(kHighestPriority)),
         "422 `invalid`"},
        {"custom permissions of a role",
         in_bytes(kLongestCustomPermissions) + " as compact JSON, depth " +
             with_commas(kDeepestCustomPermissions) + "; the members of the whole request count",
         "422 `invalid`"},
        {"roles in all; roles of one user",
         named(with_commas(kMostRoles), "roles::kMostRoles") + "; " +
             named(with_commas(kMostRolesOfUser), "roles::kMostRolesOfUser"),
         "409 `limit_reached`"},
        {"holders of a role that is deleted",
         named(with_commas(kMostHoldersOfDeleted), "roles::kMostHoldersOfDeleted") +
             ": each is a row and an entry of the audit log, in one transaction",
         "409 `role_in_use`"},
        {"names of roles and permissions in a token",
         named(in_bytes(sessions::kRoomForRights), "sessions::kRoomForRights"),
         "the token has none, and they are looked up at each request"},
        {"names in `Remote-Permissions`", "4 KiB", "the others are left out"},
    };
}

std::vector<LimitRow> limits_of_sessions() {
    using namespace sessions;
    return {
        {"sessions of a user", named(with_commas(kMostSessions), "sessions::kMostSessions"),
         "the oldest one ends"},
        {"devices of a user without a session",
         named(with_commas(kMostIdleDevices), "sessions::kMostIdleDevices") + ", for 180 days",
         "the one that was away the longest is forgotten"},
        {"the name of a device", with_commas(devices::kLongestDeviceName) + " characters", "it is cut"},
        {"a push token", in_bytes(devices::kLongestPushToken), "422 `too_long`"},
        {"an access token; a session without use; a session",
         "10 minutes; 30 days; 90 days (`tokens.access_lifetime`, `tokens.idle_lifetime`, "
         "`tokens.session_lifetime`)",
         "401"},
        {"use of the previous refresh token",
         in_words(kRacingTabsGrace) +
             " after the newer one was issued, or until that was seen (`tokens.strict_refresh = on`: never); "
             "the "
             "first one of a session in token mode until a newer one is used (`tokens.rotation`)",
         "401 `session_ended`, and the session ends"},
        {"recalls on a node's board",
         with_commas(recall::Board::kBuckets * recall::Board::kEntriesOfBucket) +
             " within the life of an access token and 90 s",
         "more tokens are checked against the database"},
        {"the age of the board", named(in_words(recall::kStaleAfter), "recall::kStaleAfter"),
         "tokens are checked against the database"},
        {"sessions in a node's memory of activity that are not written yet",
         with_commas(std::uint64_t{Activity::kBuckets} * Activity::kSlotsOfBucket),
         "the worker writes the row itself"},
        {"connections that an edge worker keeps open", "512",
         "the next connection is closed after its answer"},
    };
}

std::vector<LimitRow> limits_of_links() {
    using namespace accounts;
    return {
        {"an invitation",
         named(in_words(kInvitationLifetime), "accounts::kInvitationLifetime") +
             "; sending another one doesn't change the first",
         "400 `one_time_token_invalid`"},
        {"unused links of one purpose that are kept of a user",
         named(with_commas(kMostLinks), "accounts::kMostLinks") +
             "; strangers can have at most 10 sent while they live",
         "the oldest one is deleted"},
        {"a verification link",
         named(in_words(kVerificationLifetime), "accounts::kVerificationLifetime") +
             ": twice the time in which its mail counts",
         "400 `one_time_token_invalid`"},
        {"a typed code; its tries",
         named(in_words(kCodeLifetime), "accounts::kCodeLifetime") + "; " +
             named(with_commas(kMostCodeTries), "accounts::kMostCodeTries") +
             ", and a wrong guess costs each live code of the user one",
         "400 `one_time_token_invalid`"},
        {"verification mails, and mails that confirm a new address",
         "one in " + in_words(kResendInterval) + " on request, " + with_commas(kMostConfirmationsADay) +
             " a day to an address",
         "none is sent; the answer is the same"},
        {"a link to choose a new password",
         named(in_words(kResetLifetime), "accounts::kResetLifetime") + ": its mail counts for " +
             in_words(kResetWindow) + ", and " + in_words(kResetTimeLeft) + " more",
         "400 `one_time_token_invalid`"},
        {"mails with such a link",
         named(with_commas(kMostResetsAnHour), "accounts::kMostResetsAnHour") +
             " an hour to an address; to a confirmed address one more while none of the links works, up to " +
             named(with_commas(kMostResetsInAnyCase), "accounts::kMostResetsInAnyCase"),
         "none is sent; the answer is the same"},
        {"a link to confirm a new address", in_words(kEmailChangeLifetime) + "; a newer request replaces it",
         "400 `one_time_token_invalid`, or `link_superseded` while the newer one works"},
        {"requests to change the address", "one in " + in_words(kEmailChangeInterval) + " for an account",
         "429 `too_many_requests`"},
        {"taking back a change of address",
         in_words(kRevertLifetime) + ", in which nobody else gets the former address",
         "400 `one_time_token_invalid`"},
        {"\"you have an account already\" mails",
         "one in " + in_words(kAlreadyRegisteredInterval) + " to an address", "none is sent"},
    };
}

std::vector<LimitRow> limits_of_presence() {
    using presence::Table;
    return {
        {"users in one question for presence; watched by a stream",
         named(with_commas(presence::kMostAsked), "presence::kMostAsked") + "; " +
             named(with_commas(handlers::kMostWatchedUsers), "handlers::kMostWatchedUsers"),
         "400 `bad_request`"},
        {"users in one question for push targets; devices in the answer",
         named(with_commas(handlers::kMostPushedUsers), "handlers::kMostPushedUsers") + "; " +
             named(with_commas(devices::kMostPushTargets), "devices::kMostPushTargets"),
         "400 `bad_request`"},
        {"devices in a node's table of presence",
         "at least " + with_commas(Table::kSpareBlocks * Table::kSlotsOfBlock) +
             ", all sessions of a user (`presence::Table`)",
         "503 with `Retry-After`"},
        {"streams of a user; of a node",
         named(with_commas(streamer::kMostStreamsOfUser), "streamer::kMostStreamsOfUser") +
             "; `server.streams`",
         "429 `too_many_requests`; 503"},
        {"bytes of a stream that its client has not read",
         named(in_bytes(streamer::kLongestBacklog), "streamer::kLongestBacklog"), "the stream is closed"},
        {"a request at the streamer: time to arrive; its parameters",
         named(in_words(streamer::kLongestRequest), "streamer::kLongestRequest") + "; " +
             named(in_bytes(streamer::kLongestParameters), "streamer::kLongestParameters") + " in " +
             with_commas(server::kMostParameters),
         "the connection is closed"},
        {"events that a client gets after a break",
         "those of one hour, " +
             named(with_commas(streamer::kMostMissedEvents), "streamer::kMostMissedEvents") +
             " on the whole node",
         "`reset`"},
    };
}

std::vector<LimitRow> limits_of_operation() {
    return {
        {"entries of a batch of the audit log",
         named(with_commas(audit::kMostEntriesOfBatch), "audit::kMostEntriesOfBatch"),
         "the next batch has the others"},
        {"the detail of an entry of the audit log",
         named(in_bytes(audit::kLongestDetail), "audit::kLongestDetail"), "it is cut"},
        {"refusals of a kind in the audit log, on each node",
         "of one account " + as_text(limits::Limit::failures_of_account_in_log) + "; of all " +
             as_text(limits::Limit::failures_in_log),
         "they are counted, and the count is written"},
        {"\"guesses have to wait\" in the audit log",
         as_text(limits::Limit::throttling_in_log) + " for an account", "it is not written again"},
        {"a key file; its first line", "a regular file; 4,095 characters", "csauthd doesn't start"},
    };
}

}  // namespace

std::string with_commas(std::uint64_t number) {
    auto text = std::to_string(number);
    constexpr std::size_t digits = 3;
    for (std::size_t end = text.size(); end > digits; end -= digits)
        text.insert(end - digits, ",");
    return text;
}

std::string in_bytes(std::size_t bytes) {
    constexpr std::size_t kib = 1024;
    constexpr std::size_t mib = kib * kib;
    if (bytes >= mib && bytes % mib == 0) return with_commas(bytes / mib) + " MiB";
    if (bytes >= kib && bytes % kib == 0) return with_commas(bytes / kib) + " KiB";
    return with_commas(bytes) + " bytes";
}

std::string in_words(std::chrono::milliseconds duration) {
    struct Unit {
        std::chrono::milliseconds length;
        int least;
        const char* name;
    };
    using namespace std::chrono_literals;
    static constexpr std::array<Unit, 4> units{
        {{24h, 4, "day"}, {1h, 1, "hour"}, {1min, 1, "minute"}, {1s, 1, "second"}}};
    for (const auto& [length, least, name] : units) {
        const auto count = duration / length;
        if (duration % length == 0ms && count >= least)
            return with_commas(static_cast<std::uint64_t>(count)) + ' ' + name + (count == 1 ? "" : "s");
    }
    return with_commas(static_cast<std::uint64_t>(duration.count())) + " milliseconds";
}

std::vector<LimitRow> limit_rows() {
    std::vector<LimitRow> rows = limits_of_requests();
    add(rows, limits_of_pictures());
    add(rows, limits_of_people());
    add(rows, limits_of_roles());
    add(rows, limits_of_sessions());
    add(rows, limits_of_links());
    add(rows, limits_of_presence());
    add(rows, limits_of_operation());
    return rows;
}

}  // namespace csauth
