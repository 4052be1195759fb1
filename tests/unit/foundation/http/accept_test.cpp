#include "http/accept.h"

#include <boost/test/unit_test.hpp>

using csauth::http::asks_for_plain_json;

BOOST_AUTO_TEST_SUITE(accept)

BOOST_AUTO_TEST_CASE(clients_of_the_django_service_ask_for_plain_json) {
    for (const char* accept :
         {"application/json", "application/json, text/plain, */*",  // axios
          "application/json, text/javascript, */*; q=0.01",         // jQuery
          "Application/JSON", "text/html,application/json;q=0.001", "application/json;q=1.000",
          "application/json; indent=4", "application/json;indent=4;q=0.5", " application/json ; Q=0.9 ",
          "application/json, application/problem+json;q=0", ",,application/json,"})
        BOOST_TEST(asks_for_plain_json(accept), accept);
}

BOOST_AUTO_TEST_CASE(others_get_the_problem_document) {
    for (const char* accept : {"",
                               "*/*",
                               "application/*",
                               "text/html",
                               "application/problem+json",
                               "application/json, application/problem+json",
                               "application/problem+json;q=0.1, application/json",
                               "application/json;q=0",
                               "application/json;q=0.000",
                               "application/json;q=",
                               "application/json;q=x",
                               "application/json;q=1.1",
                               "application/json;q=2",
                               "application/json;q=0.1234",
                               "application/json;q=.5",
                               "application/json;q=-1",
                               "application/jsonp",
                               "application/json+x",
                               ";",
                               ","})
        BOOST_TEST(!asks_for_plain_json(accept), accept);
}

BOOST_AUTO_TEST_SUITE_END()
