#pragma once

#include "accounts/avatar.h"
#include "accounts/bans.h"
#include "accounts/deletion.h"
#include "accounts/email_change.h"
#include "accounts/mail_link.h"
#include "accounts/password_change.h"
#include "accounts/password_reset.h"
#include "accounts/personal_data.h"
#include "accounts/profile.h"
#include "accounts/profile_update.h"
#include "accounts/registration.h"
#include "accounts/requested_mail.h"
#include "accounts/user_administration.h"
#include "accounts/user_creation.h"
#include "accounts/verification.h"
#include "base/encoding.h"
#include "crypto/key_ring.h"
#include "crypto/password_hasher.h"
#include "devices/device_keys.h"
#include "fakes/clock.h"
#include "fakes/random.h"
#include "fakes/stores.h"
#include "presence/who_is_online.h"
#include "roles/hierarchy.h"
#include "roles/role_administration.h"
#include "sessions/authentication.h"
#include "sessions/device_list.h"
#include "sessions/gate.h"
#include "sessions/refresh.h"
#include "sessions/session_list.h"
#include "sessions/sign_out.h"

namespace csauth::fakes {

inline crypto::KeyRing key_ring(std::string_view id, char filling) {
    std::vector<crypto::Key> keys;
    keys.push_back(crypto::make_key(std::string{id}, as_bytes(std::string(32, filling))));
    return {std::move(keys), id};
}

/// The real services over fakes, with real hashing at toy cost.
struct World {
    static constexpr std::chrono::hours kIdle{30 * 24};
    static constexpr std::chrono::hours kSessionLifetime{90 * 24};

    Clock clock;
    Random random;
    Transactions transactions;
    recall::Board board{64};
    sessions::Activity activity{16};
    Recalls recalls{board, clock};
    Devices devices{recalls};
    Reservations reservations;
    Users users{devices, reservations, recalls};
    Sessions sessions{users, devices, recalls, kIdle};
    Roles roles{users, recalls};
    Directory directory{users, roles};
    OneTimeTokens one_time_tokens;
    Outbox outbox;
    MailRequests mail_requests{random};
    AuditLog audit;
    crypto::KeyRing access_keys = key_ring("access-1", 'a');
    crypto::KeyRing refresh_keys = key_ring("refresh-1", 'r');
    crypto::KeyRing site_keys = key_ring("site-1", 't');
    crypto::KeyRing seal_keys = key_ring("seal-1", 's');
    crypto::KeyRing device_ring = key_ring("device-1", 'd');
    crypto::AudienceRings audiences;
    devices::DeviceKeys device_keys{device_ring};
    crypto::PasswordHasher hasher{{.memory_kib = 8, .passes = 1}, Secret{}};
    users::ContextWords context_words{"Example Wiki", "https://auth.example.com"};
    sessions::Rotation rotation;
    sessions::Tokens tokens{{.issuer = "csauth", .audience = "csauth", .rotation = rotation},
                            {access_keys, refresh_keys, site_keys, audiences},
                            clock,
                            random};
    limits::Counters counters{random};
    limits::Limiter limiter{&counters, clock};
    sessions::SessionOpener session_opener{sessions, devices,          roles, outbox, audit,
                                           tokens,   kSessionLifetime, clock, random};
    audit::Unwritten unwritten;
    sessions::FailureLog failures{audit, unwritten, limiter, clock};
    sessions::Authentication authentication{users,   session_opener, transactions, audit,   failures,
                                            devices, device_keys,    hasher,       limiter, clock};
    roles::Hierarchy hierarchy{roles, users, transactions, clock};
    roles::RoleAdministration role_administration{hierarchy, roles, audit, clock};
    accounts::VerificationMail verification_mail{one_time_tokens, outbox, mail_requests,
                                                 seal_keys,       clock,  random};
    accounts::Verification verification{one_time_tokens, users,     authentication, audit,
                                        transactions,    seal_keys, clock};
    accounts::MailLinks mail_links{one_time_tokens, users, clock};
    accounts::Registration registration{
        users,        roles,  verification_mail, session_opener, mail_requests,
        transactions, hasher, context_words,     clock,          random};
    accounts::ResetMail reset_mail{one_time_tokens, outbox, clock, random};
    accounts::RequestedMail requested_mail{mail_requests, users,  one_time_tokens, verification_mail,
                                           reset_mail,    outbox, transactions,    clock};
    accounts::PasswordChange password_change{users, sessions,     devices, authentication, outbox,
                                             audit, transactions, hasher,  context_words,  clock};
    accounts::PasswordReset password_reset{one_time_tokens, users,        sessions, devices,       outbox,
                                           audit,           transactions, hasher,   context_words, clock};
    accounts::EmailChange email_change{
        one_time_tokens, users,  roles,         reservations, sessions,     devices, authentication,
        reset_mail,      outbox, mail_requests, audit,        transactions, clock,   random};
    Decoder decoder;
    AvatarFiles avatar_files;
    Places imager_places;
    accounts::Avatars avatars{users, decoder, imager_places, avatar_files, audit, transactions, clock};
    accounts::Profile profile{users, reservations, audit, transactions, clock};
    accounts::ProfileUpdate profile_update{users, profile, avatars, password_change, transactions, clock};
    accounts::Erasure erasure{users, reservations, outbox, mail_requests, audit, clock};
    accounts::Deletion deletion{one_time_tokens, authentication, erasure, hierarchy, clock};
    accounts::Bans bans{hierarchy, users, sessions, devices, outbox, audit, clock};
    accounts::UserAdministration user_administration{hierarchy,         users,   sessions, devices,
                                                     one_time_tokens,   profile, erasure,  reset_mail,
                                                     verification_mail, audit,   clock};
    accounts::UserCreation user_creation{
        hierarchy, role_administration, roles, users, one_time_tokens, outbox, mail_requests, audit,
        hasher,    context_words,       clock, random};
    accounts::PersonalDataExport personal_data{users,           roles,  sessions, devices,
                                               one_time_tokens, outbox, audit,    clock};
    Log log{"/dev/null", LogLevel::error};
    Outage unchecked{{.begun = "tokens_believed_unchecked", .ended = "tokens_checked_again"}};
    presence::Table presence{16};
    Presences presences{users};
    presence::WhoIsOnline who_is_online{presences, presence, clock};
    sessions::Gate gate{tokens, sessions, roles,    board, activity, presence, sessions::OnStale::allow,
                        clock,  log,      unchecked};
    sessions::Refresh refresh{
        tokens, sessions, activity, devices,      users,
        roles,  outbox,   audit,    transactions, {.unverified_audiences = {"newsletter"}},
        clock};
    sessions::SignOut sign_out{tokens, sessions, devices, users, audit, transactions, clock};
    sessions::SessionList session_list{sessions, devices, activity, audit, transactions, clock};
    sessions::DeviceList device_list{sessions, devices, audit, transactions, clock};
    explicit World(sessions::Rotation chosen = sessions::Rotation::on) : rotation{chosen} {
        sessions.held_by = [this](UserId user) { return roles.held_by(user); };
        audiences.add("billing", key_ring("billing-1", 'b'));
        audiences.add("newsletter", key_ring("newsletter-1", 'n'));
        board.fed(clock.uptime());
        transactions.checkpoint = [this] {
            return [this, users_then = users.rows, devices_then = devices.rows, sessions_then = sessions.rows,
                    reservations_then = reservations.rows, tokens_then = one_time_tokens.rows,
                    letters_then = outbox.letters, requests_then = mail_requests.rows, acts_then = audit.acts,
                    erased_then = audit.erased, entries_then = audit.entries, held_then = roles.held,
                    roles_then = roles.rows, tries_then = one_time_tokens.code_tries] {
                users.rows = users_then;
                devices.rows = devices_then;
                sessions.rows = sessions_then;
                reservations.rows = reservations_then;
                one_time_tokens.rows = tokens_then;
                outbox.letters = letters_then;
                mail_requests.rows = requests_then;
                audit.acts = acts_then;
                audit.erased = erased_then;
                audit.entries = entries_then;
                roles.held = held_then;
                roles.rows = roles_then;
                one_time_tokens.code_tries = tries_then;
            };
        };
    }

    Origin origin{.ip = "192.0.2.1", .user_agent = "test", .request_id = "r1"};

    accounts::Applicant applicant(std::string_view email, std::string_view username,
                                  std::string_view password = "correct horse") const {
        return {.email = *users::Email::parse(email),
                .username = *users::Username::parse(username),
                .password = *users::NewPassword::parse(password),
                .full_name = {},
                .bio = {},
                .language = "en",
                .device = {}};
    }
    Result<sessions::OpenedSession> register_account(std::string_view email, std::string_view username) {
        return registration.register_account(applicant(email, username), origin);
    }
    /// Ann, registered and verified.
    users::User ann() {
        const auto admitted = register_account("ann@example.com", "annie");
        users.rows.at(admitted->user.id).user.is_verified = true;
        return users.rows.at(admitted->user.id).user;
    }
    Result<sessions::OpenedSession> sign_in(std::string_view email, std::string_view password,
                                            const devices::DeviceClaim& device = {}) {
        return authentication.sign_in(*users::Email::parse(email), *users::Password::parse(password), device,
                                      origin);
    }
};

}  // namespace csauth::fakes
