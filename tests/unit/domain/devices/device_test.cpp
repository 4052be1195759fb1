#include "devices/device.h"

#include <boost/test/unit_test.hpp>

#include "unit/domain/users/parsing.h"
#include "users/password.h"
#include "users/profile.h"
#include "users/username.h"

using namespace csauth;
using namespace csauth::tests;

BOOST_AUTO_TEST_SUITE(device)

BOOST_AUTO_TEST_CASE(what_a_client_says_of_its_device_is_looked_at) {
    BOOST_CHECK(!complaint<devices::PushToken>("fcm-token-123"));
    BOOST_CHECK(!complaint<devices::PushToken>(std::string(4096, 'x')));
    BOOST_CHECK(complaint<devices::PushToken>(std::string(4097, 'x')) == FieldCode::too_long);
    BOOST_CHECK(complaint<devices::PushToken>("") == FieldCode::too_short);
    BOOST_CHECK(complaint<devices::PushToken>("a b") == FieldCode::invalid);
    BOOST_CHECK(complaint<devices::PushToken>("\xc3\xa4") == FieldCode::invalid);
    BOOST_TEST(devices::PushToken::parse(" fcm-token-123\n")->text == "fcm-token-123");
    for (const char* type : {"ios", "android", "web", "desktop", "other", "iOS", " Android "})
        BOOST_CHECK_MESSAGE(!complaint<devices::DeviceTypeName>(type), type);
    for (const char* type : {"", "toaster", "i os"})
        BOOST_CHECK_MESSAGE(complaint<devices::DeviceTypeName>(type) == FieldCode::invalid, type);
}

BOOST_AUTO_TEST_CASE(device_name_is_cleaned_and_cut_and_never_refused) {
    using namespace std::string_view_literals;
    const struct {
        std::string given, kept;
    } cases[] = {{"", ""},
                 {" Ann's\tphone\r\n", "Ann's phone"},
                 {"\x1b[2Jphone\x7f", "[2Jphone"},
                 {std::string{"a\0b"sv}, "ab"},
                 {"\xe2\x80\xaephone", "phone"},
                 {"\xff", ""},
                 {repeated("\xc3\xa4", 100), repeated("\xc3\xa4", 100)},
                 {repeated("\xc3\xa4", 101), repeated("\xc3\xa4", 100)},
                 {std::string(99, 'x') + " x", std::string(99, 'x')},
                 // A letter with its marks, and an emoji of several code points, stay whole.
                 {std::string(99, 'x') + "q\xcc\xa3\xcc\x88", std::string(99, 'x')},
                 {std::string(98, 'x') + "\U0001f469\u200d\U0001f680", std::string(98, 'x')},
                 {std::string(97, 'x') + "\U0001f469\u200d\U0001f680",
                  std::string(97, 'x') + "\U0001f469\u200d\U0001f680"}};
    for (const auto& c : cases)
        BOOST_TEST(devices::DeviceName::parse(c.given)->text == c.kept, c.given);
}

BOOST_AUTO_TEST_SUITE_END()
