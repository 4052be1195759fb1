#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "accounts/requested_mail.h"
#include "assembly.h"
#include "base/encoding.h"
#include "crypto/audience_rings.h"
#include "crypto/password_hasher.h"
#include "devices/device_keys.h"
#include "fakes/audit_log.h"
#include "fakes/avatar_files.h"
#include "fakes/clock.h"
#include "fakes/decoder.h"
#include "fakes/devices.h"
#include "fakes/directory.h"
#include "fakes/mail_requests.h"
#include "fakes/one_time_tokens.h"
#include "fakes/outbox.h"
#include "fakes/places.h"
#include "fakes/presences.h"
#include "fakes/random.h"
#include "fakes/recalls.h"
#include "fakes/reservations.h"
#include "fakes/roles.h"
#include "fakes/sessions.h"
#include "fakes/transactions.h"
#include "fakes/users.h"

namespace csauth::fakes {

inline crypto::KeyRing key_ring(std::string_view id, char filling) {
    std::vector<crypto::Key> keys;
    keys.push_back(crypto::make_key(std::string{id}, as_bytes(std::string(32, filling))));
    return {std::move(keys), id};
}

/// Fakes of all that services are made of, with real hashing at toy cost.
struct Fakes {
    static constexpr std::chrono::hours kIdle{30 * 24};
    static constexpr std::chrono::hours kSessionLifetime{90 * 24};

    explicit Fakes(csauth::sessions::Rotation chosen) : rotation{chosen} {
        sessions.held_by = [this](UserId user) { return roles.held_by(user); };
        audiences.add("billing", key_ring("billing-1", 'b'));
        audiences.add("newsletter", key_ring("newsletter-1", 'n'));
        board.fed(clock.uptime());
        transactions.checkpoint = [this] { return checkpoint(); };
    }

    accounts::Ports ports() {
        return {.users = users,
                .reservations = reservations,
                .roles = roles,
                .devices = devices,
                .sessions = sessions,
                .one_time_tokens = one_time_tokens,
                .outbox = outbox,
                .mail_requests = mail_requests,
                .audit = audit,
                .transactions = transactions,
                .clock = clock,
                .random = random};
    }
    csauth::sessions::NodeMemory memory() { return {board, activity, presence}; }
    AdministrationParts administration_parts() {
        return {.ports = ports(), .seal_keys = seal_keys, .hasher = hasher, .context_words = context_words};
    }
    RequestParts request_parts() {
        return {.tokens = tokens,
                .device_keys = device_keys,
                .limiter = limiter,
                .memory = memory(),
                .unwritten = unwritten,
                .presences = presences,
                .decoder = decoder,
                .imager_places = imager_places,
                .avatar_files = avatar_files,
                .session_lifetime = kSessionLifetime,
                .on_stale = csauth::sessions::OnStale::allow,
                .refresh = {.unverified_audiences = {"newsletter"}},
                .log = log,
                .unchecked = unchecked};
    }

    /// Returns a function that puts every store of the ports back. A port that is added must be named here,
    /// or this does not compile; a store that can't be remembered throws.
    std::function<void()> checkpoint() {
        const auto all = ports();
        const auto& [of_users, of_reservations, of_roles, of_devices, of_sessions, of_tokens, of_letters,
                     of_requests, of_acts, of_transactions, of_time, of_chance] = all;
        const auto remember = [](auto&... stores) {
            return std::vector{dynamic_cast<Remembering&>(stores).remember()...};
        };
        return [restorers = remember(of_users, of_reservations, of_roles, of_devices, of_sessions, of_tokens,
                                     of_letters, of_requests, of_acts)] {
            for (const auto& restore : restorers)
                restore();
        };
    }

    Clock clock;
    Random random;
    Transactions transactions;
    recall::Board board{64};
    csauth::sessions::Activity activity{16};
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
    csauth::devices::DeviceKeys device_keys{device_ring};
    crypto::PasswordHasher hasher{{.memory_kib = 8, .passes = 1}, Secret{}};
    csauth::users::ContextWords context_words{"Example Wiki", "https://auth.example.com"};
    csauth::sessions::Rotation rotation;
    csauth::sessions::Tokens tokens{{.issuer = "csauth", .audience = "csauth", .rotation = rotation},
                                    {access_keys, refresh_keys, site_keys, audiences},
                                    clock,
                                    random};
    limits::Counters counters{random};
    limits::Limiter limiter{&counters, clock};
    csauth::audit::Unwritten unwritten;
    Decoder decoder;
    AvatarFiles avatar_files;
    Places imager_places;
    Log log{"/dev/null", LogLevel::error};
    Outage unchecked{{.begun = "tokens_believed_unchecked", .ended = "tokens_checked_again"}};
    csauth::presence::Table presence{16};
    Presences presences{users};
};

/// The real services over fakes, assembled as in the workers.
struct World : Fakes, RequestServices {
    explicit World(csauth::sessions::Rotation chosen = csauth::sessions::Rotation::on)
        : Fakes{chosen}, RequestServices{administration_parts(), request_parts()} {}

    accounts::RequestedMail requested_mail{ports(), verification_mail, reset_mail};
    Origin origin{.ip = "192.0.2.1", .user_agent = "test", .request_id = "r1"};

    csauth::accounts::Applicant applicant(std::string_view email, std::string_view username,
                                          std::string_view password = "correct horse") const {
        return {.email = *csauth::users::Email::parse(email),
                .username = *csauth::users::Username::parse(username),
                .password = *csauth::users::NewPassword::parse(password),
                .full_name = {},
                .bio = {},
                .language = "en",
                .device = {}};
    }
    Result<csauth::sessions::OpenedSession> register_account(std::string_view email,
                                                             std::string_view username) {
        return registration.register_account(applicant(email, username), origin);
    }
    /// Ann, registered and verified.
    csauth::users::User ann() {
        const auto admitted = register_account("ann@example.com", "annie");
        users.rows.at(admitted->user.id).user.is_verified = true;
        return users.rows.at(admitted->user.id).user;
    }
    Result<csauth::sessions::OpenedSession> sign_in(std::string_view email, std::string_view password,
                                                    const csauth::devices::DeviceClaim& device = {}) {
        return authentication.sign_in(*csauth::users::Email::parse(email),
                                      *csauth::users::Password::parse(password), device, origin);
    }
};

}  // namespace csauth::fakes
