#pragma once

#include "accounts/registration.h"
#include "accounts/requested_mail.h"
#include "accounts/verification.h"
#include "base/encoding.h"
#include "crypto/key_ring.h"
#include "crypto/password_hasher.h"
#include "fakes/clock.h"
#include "fakes/random.h"
#include "fakes/stores.h"
#include "sessions/authentication.h"
#include "sessions/gate.h"
#include "sessions/refresh.h"
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
    Devices devices;
    Users users{devices};
    Sessions sessions{users, devices, kIdle};
    Roles roles;
    OneTimeTokens one_time_tokens;
    Outbox outbox;
    MailRequests mail_requests{random};
    AuditLog audit;
    crypto::KeyRing access_keys = key_ring("access-1", 'a');
    crypto::KeyRing refresh_keys = key_ring("refresh-1", 'r');
    crypto::PasswordHasher hasher{{.memory_kib = 8, .passes = 1}, Secret{}};
    sessions::Tokens tokens{
        {.issuer = "csauth", .audience = "csauth"}, access_keys, refresh_keys, clock, random};
    sessions::Admission admission{sessions, devices, roles, audit, tokens, kSessionLifetime, clock, random};
    sessions::Authentication authentication{users, admission, transactions, audit, hasher, clock};
    accounts::VerificationMail verification_mail{one_time_tokens, outbox, clock, random};
    accounts::Verification verification{one_time_tokens, users, authentication, audit, transactions, clock};
    accounts::Registration registration{users,         roles, verification_mail, admission,
                                        mail_requests, audit, transactions,      hasher,
                                        clock,         random};
    accounts::RequestedMail requested_mail{mail_requests, users, one_time_tokens, verification_mail, outbox,
                                           transactions,  clock};
    sessions::Gate gate{tokens, sessions, clock};
    sessions::Refresh refresh{tokens, sessions, users, roles, outbox, audit, transactions, clock};
    sessions::SignOut sign_out{sessions, devices, users, audit, transactions, clock};
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
    Result<sessions::Admitted> register_account(std::string_view email, std::string_view username) {
        return registration.register_account(applicant(email, username), origin);
    }
    /// Ann, registered and verified.
    users::User ann() {
        const auto admitted = register_account("ann@example.com", "annie");
        users.rows.at(admitted->user.id).user.is_verified = true;
        return users.rows.at(admitted->user.id).user;
    }
    Result<sessions::Admitted> sign_in(std::string_view email, std::string_view password,
                                       const devices::DeviceClaim& device = {}) {
        return authentication.sign_in(*users::Email::parse(email), *users::Password::parse(password), device,
                                      origin);
    }
};

}  // namespace csauth::fakes
