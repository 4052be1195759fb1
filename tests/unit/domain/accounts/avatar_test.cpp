#include "accounts/avatar.h"

#include <gd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <csignal>

#include "fakes/random.h"
#include "fakes/world.h"
#include "handlers/views/users.h"
#include "images/imager.h"
#include "images/picture.h"
#include "unit/domain/images/picture_builder.h"

using namespace csauth;
using namespace std::string_literals;
using images::Format;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(avatar)

struct Fixture : fakes::World {
    UserId id = ann().id;
    std::string png = picture(Format::png, 10, 10);

    std::optional<ErrorCode> put(std::string_view file) {
        const auto outcome = avatars.replace(id, file, origin);
        return outcome ? std::nullopt : std::optional{outcome.error().code};
    }
};

BOOST_FIXTURE_TEST_CASE(a_picture_takes_the_place_of_the_one_before, Fixture) {
    BOOST_TEST(!put(png));
    const auto first = users.rows.at(id).user.avatar;
    BOOST_REQUIRE(first.has_value());
    BOOST_TEST(avatar_files.kept.contains(*first));
    BOOST_TEST(!put(png));  // the same again
    BOOST_TEST(audit.count(audit::Action::user_updated) == 1);
    BOOST_TEST(!put(picture(Format::jpeg, 10, 10)));
    BOOST_TEST(!avatar_files.kept.contains(*first));
    BOOST_TEST(avatar_files.kept.size() == 1U);
    BOOST_TEST(!!avatars.remove(id, origin));
    BOOST_TEST(!!avatars.remove(id, origin));
    BOOST_TEST(!users.rows.at(id).user.avatar.has_value());
    BOOST_TEST(avatar_files.kept.empty());
}

BOOST_FIXTURE_TEST_CASE(a_picture_that_somebody_else_shows_stays, Fixture) {
    const auto bob = register_account("bob@example.com", "bobby")->user.id;
    users.rows.at(bob).user.is_verified = true;
    BOOST_TEST(!put(png));
    BOOST_TEST(!!avatars.replace(bob, png, origin));
    BOOST_TEST(!!avatars.remove(id, origin));
    BOOST_TEST(avatar_files.kept.size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(each_trouble_has_its_answer_and_the_old_picture_stays, Fixture) {
    BOOST_TEST(!put(png));
    const auto before = users.rows.at(id).user.avatar;
    BOOST_CHECK(put("<svg/>") == ErrorCode::unsupported_media_type);
    BOOST_CHECK(put(png.substr(0, png.size() - 1)) == ErrorCode::validation_failed);
    BOOST_CHECK(put(claiming(8192, 6145)) == ErrorCode::validation_failed);
    BOOST_CHECK(put(png + std::string(images::kLargestPicture + 1 - png.size(), 'x')) ==
                ErrorCode::body_too_large);
    decoder.refusal = images::DecoderRefusal::bad_picture;
    BOOST_CHECK(put(picture(Format::png, 9, 9)) == ErrorCode::validation_failed);
    decoder.refusal = images::DecoderRefusal::unavailable;
    BOOST_CHECK(put(picture(Format::png, 9, 9)) == ErrorCode::service_unavailable);
    decoder.refusal.reset();
    imager_places.free = 0;
    BOOST_CHECK(put(picture(Format::png, 9, 9)) == ErrorCode::service_unavailable);
    imager_places.free = 1;
    avatar_files.is_full = true;
    BOOST_CHECK(put(picture(Format::png, 9, 9)) == ErrorCode::service_unavailable);
    BOOST_CHECK(users.rows.at(id).user.avatar == before);
}

BOOST_FIXTURE_TEST_CASE(upload_without_a_free_place_is_told_when_to_retry, Fixture) {
    imager_places.free = 0;
    const auto refused = avatars.replace(id, png, origin);
    BOOST_REQUIRE(!refused);
    BOOST_CHECK(refused.error().code == ErrorCode::service_unavailable);
    BOOST_TEST(refused.error().retry_after.has_value());
    BOOST_TEST(avatar_files.kept.empty());
    // Bad files never wait for a place.
    BOOST_CHECK(put(png.substr(0, png.size() - 1)) == ErrorCode::validation_failed);
}

BOOST_FIXTURE_TEST_CASE(picture_of_the_largest_size_is_taken, Fixture) {
    BOOST_TEST(!put(png + std::string(images::kLargestPicture - png.size(), 'x')));
}

BOOST_FIXTURE_TEST_CASE(upload_gives_its_place_back_whatever_comes_of_it, Fixture) {
    BOOST_TEST(!put(png));
    BOOST_TEST(imager_places.free == 1U);
    for (const auto refusal : {images::DecoderRefusal::bad_picture, images::DecoderRefusal::unavailable}) {
        decoder.refusal = refusal;
        BOOST_TEST(put(png).has_value());
        BOOST_TEST(imager_places.free == 1U);
    }
    decoder.refusal.reset();
    avatar_files.is_full = true;
    BOOST_TEST(put(png).has_value());
    BOOST_TEST(imager_places.free == 1U);
}

BOOST_FIXTURE_TEST_CASE(confirmation_lost_during_an_upload_refuses_it, Fixture) {
    users.rows.at(id).user.is_verified = false;
    BOOST_CHECK(put(png) == ErrorCode::email_unverified);
    BOOST_TEST(!users.rows.at(id).user.avatar.has_value());
    BOOST_TEST(!!avatars.remove(id, origin));
}

BOOST_FIXTURE_TEST_CASE(picture_of_an_unconfirmed_account_is_not_shown, Fixture) {
    BOOST_TEST(!put(png));
    auto& user = users.rows.at(id).user;
    const auto shows_it = [&] {
        const std::string path = "/avatars/";
        return std::array{handlers::views::stranger(user).find(path) != std::string::npos,
                          handlers::views::managed_user(user, {}).find(path) != std::string::npos,
                          handlers::views::user(user, {}).find(path) != std::string::npos};
    };
    BOOST_CHECK((shows_it() == std::array{true, true, true}));
    user.is_verified = false;
    BOOST_CHECK((shows_it() == std::array{false, false, false}));
}

BOOST_AUTO_TEST_SUITE_END()
