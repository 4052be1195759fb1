#include "crypto/password_hasher.h"

#include <rapidjson/document.h>
#include <sodium.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <boost/test/unit_test.hpp>

#include "crypto/django_hashes.h"
#include "crypto/kept_memory.h"
#include "crypto/key_ring.h"
#include "data.h"
#include "fakes/random.h"
#include "fakes/world.h"
#include "unit/foundation/crypto/vectors.h"

using namespace csauth;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(password_hasher)

const crypto::HashCost kToy{.memory_kib = 8, .passes = 1};

BOOST_AUTO_TEST_CASE(a_hash_matches_its_password_alone) {
    const crypto::PasswordHasher hasher{kToy, Secret{}};
    const auto hash = hasher.hash("correct horse");
    BOOST_TEST(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
    BOOST_TEST(hasher.verify("correct horse", hash));
    for (const char* wrong : {"correct hors", "Correct horse", "correct horse ", "", "correct horsf"})
        BOOST_TEST(!hasher.verify(wrong, hash), wrong);
    using namespace std::string_view_literals;
    BOOST_TEST(!hasher.verify("correct horse\0x"sv, hash));
    BOOST_TEST(!hasher.verify("correct horse", hasher.decoy()));
    BOOST_TEST(!hasher.is_outdated(hasher.decoy()));  // it costs what a real one does
    BOOST_TEST(hasher.decoy().size() == hasher.hash("correct horse").size());
    BOOST_TEST(hasher.hash("correct horse") != hash);
}

BOOST_AUTO_TEST_CASE(a_hash_is_the_same_in_memory_that_is_kept) {
    constexpr std::size_t kib = 70;  // of which Argon2id takes 68
    const crypto::PasswordHasher hasher{{.memory_kib = kib, .passes = 2}, Secret{}};
    const auto before = hasher.hash("correct horse");
    crypto::keep_hash_memory(kib);
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(hasher.verify("correct horse", before));
        BOOST_TEST(!hasher.verify("correct hors", before));
    }
    const auto after = hasher.hash("correct horse");
    crypto::keep_hash_memory(0);
    BOOST_TEST(hasher.verify("correct horse", after));
}

BOOST_AUTO_TEST_CASE(memory_that_is_kept_is_given_to_one_at_a_time) {
    constexpr std::size_t bytes = 64 * 1024;
    const auto map = [] {
        return ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    };
    crypto::keep_hash_memory(bytes / 1024);
    void* const first = map();
    void* const second = map();
    BOOST_TEST(first != second);
    static_cast<char*>(first)[bytes - 1] = 1;
    static_cast<char*>(second)[bytes - 1] = 2;
    BOOST_TEST(static_cast<char*>(first)[bytes - 1] == 1);
    BOOST_TEST(::munmap(second, bytes) == 0);
    BOOST_TEST(::munmap(first, bytes) == 0);
#if !defined(__SANITIZE_ADDRESS__)
    BOOST_TEST(map() == first);
    BOOST_TEST(::munmap(first, bytes) == 0);
#endif
    crypto::keep_hash_memory(0);
}

BOOST_AUTO_TEST_CASE(a_hash_of_other_parameters_is_outdated) {
    const crypto::PasswordHasher hasher{kToy, Secret{}};
    const crypto::PasswordHasher dearer{{.memory_kib = 16, .passes = 1}, Secret{}};
    const auto hash = hasher.hash("correct horse");
    BOOST_TEST(!hasher.is_outdated(hash));
    BOOST_TEST(dearer.is_outdated(hash));
    BOOST_TEST(dearer.verify("correct horse", hash));
}

BOOST_AUTO_TEST_CASE(a_pepper_is_needed_once_it_is_used) {
    const crypto::PasswordHasher plain{kToy, Secret{}};
    const crypto::PasswordHasher peppered{kToy,
                                          Secret{std::string_view{"a pepper of 32 bytes, more or less"}}};
    const crypto::PasswordHasher other{kToy,
                                       Secret{std::string_view{"another pepper, which is not the one"}}};
    const auto hash = peppered.hash("correct horse");
    BOOST_TEST(peppered.verify("correct horse", hash));
    BOOST_TEST(!other.verify("correct horse", hash));
    BOOST_CHECK_THROW((void)plain.verify("correct horse", hash), std::runtime_error);
    BOOST_TEST(peppered.verify("correct horse", plain.hash("correct horse")));
    BOOST_TEST(peppered.is_outdated(plain.hash("correct horse")));
    BOOST_TEST(!peppered.is_outdated(hash));
}

BOOST_AUTO_TEST_CASE(withheld_hasher_refuses_every_use) {
    const auto hasher = crypto::PasswordHasher::withheld();
    BOOST_CHECK_THROW((void)hasher.hash("password"), std::logic_error);
    BOOST_CHECK_THROW((void)hasher.verify("password", "x"), std::logic_error);
    BOOST_CHECK_THROW((void)hasher.is_outdated("x"), std::logic_error);
    BOOST_CHECK_THROW((void)hasher.decoy(), std::logic_error);
}

BOOST_AUTO_TEST_CASE(the_argon2_vectors_of_the_competition_match) {
    const crypto::PasswordHasher hasher{kToy, Secret{}};
    const auto document = parsed("argon2/cases.json");
    int seen = 0;
    for (const auto& test : document["cases"].GetArray()) {
        if (!test.HasMember("encoded") || std::string_view{test["type"].GetString()} != "Argon2_id") continue;
        if (test["m_kib"].GetInt() > 65536) continue;
        const std::string encoded = test["encoded"].GetString();
        BOOST_TEST(hasher.verify(test["pwd"].GetString(), encoded), encoded);
        BOOST_TEST(!hasher.verify("differentpassword2", encoded));
        ++seen;
    }
    BOOST_TEST(seen >= 5);
}

BOOST_AUTO_TEST_CASE(djangos_formats_are_verified) {
    // Made by Django's hashers (scrypt by Python, in Django's format) from the password "correct horse".
    for (const char* encoded : {
#include "data/django_hashes.inc"
         }) {
        BOOST_TEST(crypto::matches_django_hash("correct horse", encoded).value_or(false), encoded);
        BOOST_TEST(!crypto::matches_django_hash("correct horsf", encoded).value_or(true), encoded);
    }
}

BOOST_AUTO_TEST_CASE(a_hostile_hash_costs_nothing) {
    for (const char* encoded :
         {"", "plain", "md5$salt$hash",
          "pbkdf2_sha256$3000001$salt$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
          "pbkdf2_sha256$0$salt$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "pbkdf2_sha256$-1$salt$AAAA",
          "pbkdf2_sha256$1000$salt$AAAA", "pbkdf2_sha256$99999999999999999999$s$AAAA", "pbkdf2_sha256$1",
          "scrypt$1048576$salt$64$1$AAAA", "scrypt$3$salt$8$1$AAAA", "scrypt$16384$salt$8$99$AAAA",
          "scrypt$16384$salt", "bcrypt_sha256$$2b$15$AAAAAAAAAAAAAAAAAAAAAA", "bcrypt_sha256$$1$04$AAAA",
          "bcrypt_sha256$", "argon2$argon2id$v=19$m=9999999,t=2,p=1$c2FsdHNhbHQ$AAAA",
          "argon2$argon2id$v=19$m=8,t=99,p=1$c2FsdA$AAAA", "argon2$argon2i$v=19$m=8,t=1,p=1$c2FsdA$AAAA"})
        BOOST_TEST(!crypto::matches_django_hash("correct horse", encoded).has_value(), encoded);
}

BOOST_AUTO_TEST_SUITE_END()
