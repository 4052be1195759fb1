#include "sessions/user_agent.h"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(user_agent)

BOOST_AUTO_TEST_CASE(they_are_put_in_words) {
    const struct {
        const char *agent, *words;
    } cases[] = {
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0",
         "Firefox on Windows"},
        {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
         "Safari/537.36",
         "Chrome on Linux"},
        {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
         "Safari/537.36 Edg/126.0.0.0",
         "Edge on Windows"},
        {"Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
         "Safari/605.1.15",
         "Safari on macOS"},
        {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "Version/17.5 Mobile/15E148 Safari/604.1",
         "Safari on iPhone"},
        {"Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
         "Mobile "
         "Safari/537.36",
         "Chrome on Android"},
        {"CollabSphere/7 CFNetwork/1496.0.7 Darwin/23.5.0", "an Apple app"},
        {"curl/7.88.1", "curl"},
        {"something (Linux)", "Linux"},
        {"something else", ""},
        {"", ""}};
    for (const auto& c : cases)
        BOOST_TEST(csauth::sessions::client_named_in(c.agent) == c.words);
}

BOOST_AUTO_TEST_SUITE_END()
