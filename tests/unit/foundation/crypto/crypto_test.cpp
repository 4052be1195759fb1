#include <rapidjson/document.h>
#include <sodium.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "base/encoding.h"
#include "crypto/digest.h"
#include "crypto/django_hashes.h"
#include "crypto/jws.h"
#include "crypto/kept_memory.h"
#include "crypto/key_ring.h"
#include "crypto/password_hasher.h"
#include "crypto/sealed_box.h"
#include "data.h"
#include "fakes/random.h"
#include "fakes/world.h"

using namespace csauth;

namespace {

std::string unhex(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); i += 2)
        bytes += static_cast<char>(std::stoi(std::string{text.substr(i, 2)}, nullptr, 16));
    return bytes;
}

rapidjson::Document parsed(const char* file) {
    rapidjson::Document document;
    const auto text = tests::content(tests::data(file));
    document.Parse(text.data(), text.size());
    BOOST_REQUIRE(!document.HasParseError());
    return document;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(digest)

BOOST_AUTO_TEST_CASE(hmac_sha256_has_the_vectors_of_wycheproof) {
    const auto document = parsed("wycheproof/hmac_sha256_test.json");
    int valid = 0;
    int invalid = 0;
    for (const auto& group : document["testGroups"].GetArray()) {
        for (const auto& test : group["tests"].GetArray()) {
            const auto key = unhex(test["key"].GetString());
            const auto expected = unhex(test["tag"].GetString());
            const auto tag = crypto::HmacSha256{as_bytes(key)}.tag(unhex(test["msg"].GetString()));
            const bool same =
                crypto::equal_in_constant_time(as_text(tag).substr(0, expected.size()), expected);
            BOOST_TEST(same == (std::string_view{test["result"].GetString()} == "valid"),
                       test["tcId"].GetInt());
            ++(same ? valid : invalid);
        }
    }
    BOOST_TEST(valid == 66);
    BOOST_TEST(invalid == 108);
}

BOOST_AUTO_TEST_CASE(one_key_makes_many_tags) {
    const crypto::HmacSha256 hmac{as_bytes("key")};
    const auto first = hmac.tag("message");
    BOOST_TEST(hex(hmac.tag("other")) != hex(first));
    BOOST_TEST(hex(hmac.tag("message")) == hex(first));
    BOOST_TEST(hex(crypto::sha256("abc")) ==
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(jws)

BOOST_AUTO_TEST_CASE(wycheproof_is_judged_as_it_says_and_other_algorithms_are_refused) {
    const auto document = parsed("wycheproof/json_web_signature_test.json");
    int judged = 0;
    int others = 0;
    for (const auto& group : document["testGroups"].GetArray()) {
        const auto& jwk = group.HasMember("private") ? group["private"] : group["public"];
        const bool is_hs256 = std::string_view{jwk["kty"].GetString()} == "oct";
        std::vector<crypto::Key> keys;
        const auto bytes = is_hs256 ? *decode_base64url(jwk["k"].GetString()) : std::string(32, 'k');
        const std::string id = jwk.HasMember("kid") ? jwk["kid"].GetString() : "kid";
        keys.push_back(crypto::make_key(id, as_bytes(bytes)));
        const crypto::KeyRing ring{std::move(keys), id};
        for (const auto& test : group["tests"].GetArray()) {
            if (!test["jws"].IsString()) continue;
            const bool good = crypto::verify_jws(test["jws"].GetString(), ring).has_value();
            const int id_of_test = test["tcId"].GetInt();
            // 367 and 370 are 357 to the byte: their padding was lost. 372 and 373 hold a '?', which is in no
            // base64url, and are marked as valid; RFC 7515 section 2 says otherwise.
            const bool lost_its_flaw = id_of_test == 367 || id_of_test == 370;
            const bool has_a_flaw = id_of_test == 372 || id_of_test == 373;
            const bool marked_valid = std::string_view{test["result"].GetString()} == "valid";
            const bool expected = is_hs256 && ((marked_valid && !has_a_flaw) || lost_its_flaw);
            BOOST_TEST(good == expected, test["tcId"].GetInt() << " " << test["comment"].GetString());
            ++(is_hs256 ? judged : others);
        }
    }
    BOOST_TEST(judged == 40);
    BOOST_TEST(others > 350);
}

std::string token(std::string_view header, std::string_view payload, const crypto::KeyRing& ring) {
    const std::string signed_part = base64url(header) + '.' + base64url(payload);
    return signed_part + '.' + base64url(as_text(ring.active().hmac.tag(signed_part)));
}

BOOST_AUTO_TEST_CASE(what_is_signed_is_verified_and_every_changed_byte_is_refused) {
    const auto ring = fakes::key_ring("k1", 'x');
    const auto good = crypto::sign_jws(R"({"a":1})", ring);
    const auto verified = crypto::verify_jws(good, ring);
    BOOST_REQUIRE(verified);
    BOOST_TEST(verified->payload == R"({"a":1})");
    BOOST_TEST(verified->type == "JWT");
    for (std::size_t i = 0; i < good.size(); ++i) {
        std::string changed = good;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        BOOST_TEST(!crypto::verify_jws(changed, ring).has_value(), i);
        BOOST_TEST(!crypto::verify_jws(good.substr(0, i), ring).has_value(), i);
    }
    BOOST_TEST(!crypto::verify_jws(good, fakes::key_ring("k1", 'y')).has_value());
    BOOST_TEST(!crypto::verify_jws(good, fakes::key_ring("k2", 'x')).has_value());
}

BOOST_AUTO_TEST_CASE(a_header_chooses_nothing_but_a_key_of_the_ring) {
    const auto ring = fakes::key_ring("k1", 'x');
    BOOST_TEST(
        crypto::verify_jws(token(R"({"alg":"HS256","kid":"k1","typ":"JWT"})", "{}", ring), ring).has_value());
    for (const char* header : {R"({"alg":"none","kid":"k1"})",
                               R"({"alg":"None","kid":"k1"})",
                               R"({"alg":"hs256","kid":"k1"})",
                               R"({"alg":"HS256 ","kid":"k1"})",
                               R"({"alg":"HS384","kid":"k1"})",
                               R"({"alg":"HS512","kid":"k1"})",
                               R"({"alg":"RS256","kid":"k1"})",
                               R"({"alg":["HS256"],"kid":"k1"})",
                               R"({"alg":null,"kid":"k1"})",
                               R"({"kid":"k1"})",
                               R"({"alg":"HS256"})",
                               R"({"alg":"HS256","kid":"k2"})",
                               R"({"alg":"HS256","kid":""})",
                               R"({"alg":"HS256","kid":1})",
                               R"({"alg":"HS256","kid":"../k1"})",
                               R"({"alg":"HS256","kid":"k1","crit":["exp"]})",
                               R"({"alg":"HS256","kid":"k1","crit":[]})",
                               R"({"alg":"HS256","kid":"k1","jku":"https://evil.example"})",
                               R"({"alg":"HS256","kid":"k1","jwk":{}})",
                               R"({"alg":"HS256","kid":"k1","x5u":"u"})",
                               R"({"alg":"HS256","kid":"k1","x5c":[]})",
                               R"({"alg":"HS256","kid":"k1","b64":false})",
                               R"({"alg":"HS256","kid":"k1","zip":"DEF"})",
                               R"({"alg":"HS256","kid":"k1","cty":"JWT"})",
                               R"({"alg":"HS256","kid":"k1","enc":"A128GCM"})",
                               R"({"alg":"HS256","alg":"HS256","kid":"k1"})",
                               R"({"alg":"HS256","kid":"k1","typ":1})",
                               R"(["HS256"])",
                               "HS256",
                               "",
                               R"({"alg":"HS256","kid":"k1"} )"
                               "\x01"})
        BOOST_TEST(!crypto::verify_jws(token(header, "{}", ring), ring).has_value(), header);
}

BOOST_AUTO_TEST_CASE(a_token_is_looked_at_up_to_its_limit) {
    const auto ring = fakes::key_ring("k1", 'x');
    std::string payload = "x";
    while (crypto::sign_jws(payload, ring).size() < crypto::kLongestJws - 3)
        payload += 'x';
    auto at_limit = crypto::sign_jws(payload, ring);
    BOOST_TEST(at_limit.size() <= crypto::kLongestJws);
    BOOST_TEST(crypto::verify_jws(at_limit, ring).has_value());
    while (at_limit.size() <= crypto::kLongestJws)
        at_limit = crypto::sign_jws(payload += 'x', ring);
    BOOST_TEST(!crypto::verify_jws(at_limit, ring).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(key_ring)

BOOST_AUTO_TEST_CASE(a_ring_is_made_once_and_loaded) {
    const tests::TemporaryDirectory directory;
    fakes::Random random;
    const auto path = directory.path() / "access";
    BOOST_TEST(*crypto::create_ring(directory.path(), "access", random));
    BOOST_TEST(!*crypto::create_ring(directory.path(), "access", random));
    const auto ring = crypto::KeyRing::load(path);
    BOOST_REQUIRE(ring);
    BOOST_TEST(ring->active().bytes.bytes().size() == 32U);
    BOOST_TEST(ring->find(ring->active().id) == &ring->active());
    BOOST_TEST(ring->find("other") == nullptr);
    for (const auto& entry : std::filesystem::directory_iterator{path})
        BOOST_CHECK(entry.status().permissions() == std::filesystem::perms::owner_read);
}

BOOST_AUTO_TEST_CASE(a_ring_that_can_not_be_trusted_is_refused) {
    using std::filesystem::perms;
    const auto key32 = base64url(std::string(32, 'k'));
    const struct {
        const char* why;
        const char* file;
        std::string text;
        perms mode;
        const char* active;
    } cases[] = {{"short", "a.key", base64url(std::string(31, 'k')), perms::owner_read, "a"},
                 {"open", "a.key", key32, perms::owner_read | perms::others_read, "a"},
                 {"no base64url", "a.key", "not a key!", perms::owner_read, "a"},
                 {"empty", "a.key", "", perms::owner_read, "a"},
                 {"bad id", "a b.key", key32, perms::owner_read, "a b"},
                 {"another active", "a.key", key32, perms::owner_read, "b"}};
    for (const auto& c : cases) {
        const tests::TemporaryDirectory directory;
        directory.write(c.file, c.text, c.mode);
        directory.write("active", c.active);
        BOOST_TEST(!crypto::KeyRing::load(directory.path()), c.why);
    }
    const tests::TemporaryDirectory directory;
    directory.write("a.key", key32);
    BOOST_TEST(!crypto::KeyRing::load(directory.path()));  // nothing says which one signs
    directory.write("active", "a\n");
    BOOST_TEST(!!crypto::KeyRing::load(directory.path()));
    BOOST_TEST(!crypto::KeyRing::load("/nowhere"));
}

BOOST_AUTO_TEST_CASE(key_file_that_is_no_small_file_is_refused) {
    const auto key32 = base64url(std::string(32, 'k'));
    const tests::TemporaryDirectory directory;
    directory.write("active", "a");
    const auto file = directory.path() / "a.key";
    constexpr std::size_t longest = 4096;
    directory.write("a.key", key32 + '\n' + std::string(2 * longest, 'x'));
    BOOST_TEST(!!crypto::KeyRing::load(directory.path()));  // the first line is what counts
    std::filesystem::remove(file);
    directory.write("a.key", base64url(std::string(3 * longest / 4, 'k')));  // as many characters as fit
    BOOST_TEST(!crypto::KeyRing::load(directory.path()));
    std::filesystem::remove(file);
    directory.write("a.key", base64url(std::string(3 * longest / 4 - 1, 'k')));
    BOOST_TEST(!!crypto::KeyRing::load(directory.path()));
    std::filesystem::remove(file);
    BOOST_REQUIRE(::mkfifo(file.c_str(), 0400) == 0);  // reading it would wait for a writer
    BOOST_TEST(!crypto::KeyRing::load(directory.path()));
    std::filesystem::remove(file);
    std::filesystem::create_directory(file);
    BOOST_TEST(!crypto::KeyRing::load(directory.path()));
}

BOOST_AUTO_TEST_CASE(withheld_ring_refuses_every_use) {
    auto ring = crypto::KeyRing::withheld("refresh");
    BOOST_CHECK_EXCEPTION((void)ring.active(), std::logic_error, [](const std::logic_error& e) {
        return std::string{e.what()}.find("refresh") != std::string::npos;
    });
    BOOST_CHECK_THROW((void)ring.find("a"), std::logic_error);
    BOOST_CHECK_THROW((void)ring.find_by_header("a"), std::logic_error);
    BOOST_CHECK_THROW((void)crypto::sign_jws("{}", ring), std::logic_error);
    const auto token = crypto::sign_jws("{}", fakes::key_ring("a", 'a'));
    BOOST_CHECK_THROW((void)crypto::verify_jws(token, ring), std::logic_error);
    const auto followed = ring.follow();
    BOOST_REQUIRE(!!followed);
    BOOST_TEST(!*followed);

    auto audiences = crypto::AudienceRings::withheld();
    BOOST_CHECK_THROW((void)audiences.find("billing"), std::logic_error);
    BOOST_CHECK_THROW((void)audiences.all(), std::logic_error);
    BOOST_TEST(!*audiences.follow());
    BOOST_TEST(crypto::AudienceRings{}.find("billing") == nullptr);  // none is not the same as withheld
}

BOOST_AUTO_TEST_CASE(keys_are_added_activated_and_retired) {
    const tests::TemporaryDirectory directory;
    fakes::Random random;
    const auto& top = directory.path();
    BOOST_REQUIRE(*crypto::create_ring(top, "audiences/billing", random));
    const auto first = crypto::key_files(top, "audiences/billing")->at(0);
    BOOST_TEST(first.is_active);
    const auto added = crypto::add_key(top, "audiences/billing", random);
    BOOST_REQUIRE(!!added);
    BOOST_TEST(!*crypto::retire_key(top, "audiences/billing", first.id));  // it signs
    BOOST_TEST(!*crypto::activate_key(top, "audiences/billing", "none"));
    BOOST_TEST(!*crypto::activate_key(top, "audiences/billing", "../x"));
    BOOST_TEST(*crypto::activate_key(top, "audiences/billing", added->id));
    BOOST_TEST(*crypto::retire_key(top, "audiences/billing", first.id));
    BOOST_TEST(!*crypto::retire_key(top, "audiences/billing", first.id));
    const auto left = crypto::key_files(top, "audiences/billing");
    BOOST_REQUIRE(left->size() == 1U);
    BOOST_TEST(left->at(0).id == added->id);
    BOOST_TEST(left->at(0).is_active);
    BOOST_CHECK_THROW((void)crypto::add_key(top, "none", random), std::system_error);
}

BOOST_AUTO_TEST_CASE(ring_behind_a_link_is_refused_and_left_alone) {
    const tests::TemporaryDirectory directory;
    const tests::TemporaryDirectory elsewhere;
    fakes::Random random;
    const auto top = directory.path() / "keys";
    std::filesystem::create_directories(top);
    if (::geteuid() == 0) BOOST_REQUIRE(::chown(top.c_str(), 65534, 65534) == 0);
    std::filesystem::create_directory_symlink(elsewhere.path(), top / "access");
    std::filesystem::create_directory_symlink(elsewhere.path(), top / "audiences");
    for (const std::string ring : {"access", "audiences/billing"}) {
        const auto made = crypto::create_ring(top, ring, random);
        BOOST_REQUIRE(!made);
        BOOST_TEST(made.error().find((top / ring.substr(0, ring.find('/'))).string()) != std::string::npos);
        BOOST_TEST(!crypto::key_files(top, ring));
        BOOST_TEST(!crypto::add_key(top, ring, random));
        BOOST_TEST(!crypto::activate_key(top, ring, "a"));
        BOOST_TEST(!crypto::retire_key(top, ring, "a"));
    }
    BOOST_TEST(std::filesystem::is_empty(elsewhere.path()));
    struct stat status {};
    BOOST_REQUIRE(::stat(elsewhere.path().c_str(), &status) == 0);
    BOOST_TEST(status.st_uid == ::geteuid());  // it was not given away
}

BOOST_AUTO_TEST_CASE(links_in_a_ring_are_not_followed) {
    const tests::TemporaryDirectory directory;
    const tests::TemporaryDirectory elsewhere;
    fakes::Random random;
    const auto& top = directory.path();
    BOOST_REQUIRE(*crypto::create_ring(top, "access", random));
    const auto victim = elsewhere.write("victim", "untouched\n");
    const auto id = crypto::key_files(top, "access")->at(0).id;
    std::filesystem::create_symlink(victim, top / "access" / "active.new");
    std::filesystem::create_symlink(victim, top / "access" / "planted.key");
    BOOST_TEST(*crypto::activate_key(top, "access", id));  // the link made room
    BOOST_TEST(!*crypto::activate_key(top, "access", "planted"));
    BOOST_TEST(!*crypto::retire_key(top, "access", "planted"));
    std::filesystem::remove(top / "access" / "active");
    std::filesystem::create_symlink(victim, top / "access" / "active");
    const auto made = crypto::create_ring(top, "access", random);
    BOOST_REQUIRE(!made);
    BOOST_TEST(made.error().find("active is a symbolic link") != std::string::npos);
    BOOST_TEST(!crypto::retire_key(top, "access", id));
    BOOST_TEST(tests::content(victim) == "untouched\n");
}

BOOST_AUTO_TEST_CASE(what_root_makes_belongs_to_the_owner_of_keys_dir) {
    if (::geteuid() != 0) return;  // nobody else can give files away
    const tests::TemporaryDirectory directory;
    fakes::Random random;
    constexpr uid_t service = 65534;
    BOOST_REQUIRE(::chown(directory.path().c_str(), service, service) == 0);
    BOOST_REQUIRE(*crypto::create_ring(directory.path(), "audiences/billing", random));
    for (const auto& entry : std::filesystem::recursive_directory_iterator{directory.path()}) {
        struct stat status {};
        BOOST_REQUIRE(::stat(entry.path().c_str(), &status) == 0);
        BOOST_TEST(status.st_uid == service, entry.path());
    }
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(sealed_box)

BOOST_AUTO_TEST_CASE(a_box_opens_for_its_context_and_key_alone) {
    const auto ring = fakes::key_ring("k1", 'x');
    fakes::Random random;
    const auto box = crypto::seal("the token", "row 1", ring, random);
    BOOST_TEST(box.find("the token") == std::string::npos);
    BOOST_TEST(crypto::open(box, "row 1", ring)->reveal() == "the token");
    BOOST_TEST(!crypto::open(box, "row 2", ring).has_value());
    BOOST_TEST(!crypto::open(box, "row 1", fakes::key_ring("k1", 'y')).has_value());
    BOOST_TEST(!crypto::open(box, "row 1", fakes::key_ring("k2", 'x')).has_value());
    BOOST_TEST((crypto::seal("the token", "row 1", ring, random) != box));
    for (std::size_t i = 0; i < box.size(); ++i) {
        std::string changed = box;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        BOOST_TEST(!crypto::open(changed, "row 1", ring).has_value(), i);
        BOOST_TEST(!crypto::open(box.substr(0, i), "row 1", ring).has_value(), i);
    }
    BOOST_TEST(crypto::open(crypto::seal("", "c", ring, random), "c", ring)->empty());
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(passwords)

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
