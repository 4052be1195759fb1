#include "streamer/records.h"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(records)

using namespace csauth::streamer;
using State = RequestReader::State;

namespace {

char byte(std::size_t value) { return static_cast<char>(static_cast<std::uint8_t>(value)); }

std::string record(int type, std::string_view content, int id = 1, std::size_t padding = 0, int version = 1) {
    return std::string{byte(version),        byte(type),    0, byte(id), byte(content.size() >> 8U),
                       byte(content.size()), byte(padding), 0} +
           std::string{content} + std::string(padding, 'p');
}
std::string beginning(int role = 1, int id = 1) {
    return record(1, std::string{0, byte(role), 0, 0, 0, 0, 0, 0}, id);
}
std::string pair(std::string_view name, std::string_view value, bool is_long = false) {
    const auto length = [&](std::size_t n) {
        return n < 128 && !is_long
                   ? std::string{byte(n)}
                   : std::string{byte(n >> 24U | 0x80), byte(n >> 16U), byte(n >> 8U), byte(n)};
    };
    return length(name.size()) + length(value.size()) + std::string{name} + std::string{value};
}
std::string wanted(std::string_view more = "") {
    return pair("FCGI_ROLE", "RESPONDER") + pair("REQUEST_METHOD", "GET") + pair("REQUEST_URI", "/x?y") +
           pair("DOCUMENT_URI", "/x") + pair("QUERY_STRING", "y") + std::string{more} +
           pair("CSAUTH_END", "1");
}
std::string whole(std::string_view more = "") {
    return beginning() + record(4, wanted(more)) + record(4, "") + record(5, "");
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_request_is_read_in_pieces_of_any_size) {
    for (const std::size_t size : {1U, 2U, 7U, 8U, 9U, 100U, 10'000U}) {
        RequestReader reader;
        const auto bytes = whole(pair("HTTP_AUTHORIZATION", "Bearer x", true));
        auto state = State::reading;
        for (std::size_t at = 0; at < bytes.size(); at += size) {
            BOOST_REQUIRE(state == State::reading);
            state = reader.take(std::string_view{bytes}.substr(at, size));
        }
        BOOST_REQUIRE(state == State::whole);
        const auto request = reader.parameters().take_request("id");
        BOOST_REQUIRE(!!request);
        BOOST_TEST(request->path == "/x");
        BOOST_TEST(request->query == "y");
        BOOST_TEST(request->header("authorization") == "Bearer x");
        BOOST_TEST(reader.request_id() == 1);
        BOOST_TEST(reader.take_replies().empty());
    }
}

BOOST_AUTO_TEST_CASE(padding_and_what_belongs_to_no_request_are_passed_over) {
    RequestReader reader;
    const auto state = reader.take(record(4, "xx", 9) + beginning() + record(4, wanted(), 1, 200) +
                                   record(5, "of another", 7) + record(4, "", 1, 8) +
                                   record(5, "a body", 1, 3) + record(5, ""));
    BOOST_CHECK(state == State::whole);
}

BOOST_AUTO_TEST_CASE(questions_about_this_end_are_answered) {
    RequestReader reader;
    BOOST_CHECK(reader.take(record(9, pair("FCGI_MAX_CONNS", ""), 0)) == State::reading);
    BOOST_TEST(reader.take_replies() == record(10, "", 0));
    BOOST_CHECK(reader.take(record(77, "", 0)) == State::reading);
    BOOST_TEST(reader.take_replies() == record(11, std::string{77, 0, 0, 0, 0, 0, 0, 0}, 0));
    BOOST_CHECK(reader.take(whole()) == State::whole);
}

BOOST_AUTO_TEST_CASE(a_second_request_on_the_connection_is_refused) {
    RequestReader reader;
    BOOST_CHECK(reader.take(beginning() + beginning(1, 2)) == State::reading);
    BOOST_TEST(reader.take_replies() == record(3, std::string{0, 0, 0, 0, 1, 0, 0, 0}, 2));
    BOOST_CHECK(reader.take(record(2, "", 1)) == State::aborted);
}

BOOST_AUTO_TEST_CASE(what_is_no_fastcgi_is_broken) {
    const std::vector<std::pair<const char*, std::string>> cases{
        {"another protocol", "GET / HTTP/1.1\r\n\r\n"},
        {"another version", record(1, "", 1, 0, 2)},
        {"another role", beginning(2)},
        {"a short beginning", record(1, "abc")},
        {"a second beginning", beginning() + beginning()},
        {"a body before the parameters", beginning() + record(5, "x")},
        {"parameters behind the last", beginning() + record(4, wanted()) + record(4, "") + record(4, "x")},
        {"an unknown type", beginning() + record(99, "")},
        {"a name that is longer than all", beginning() + record(4, std::string{100, 1, 'x'}) + record(4, "")},
        {"a length that breaks off", beginning() + record(4, std::string{byte(0x80), 0}) + record(4, "")},
        {"a length beyond all", beginning() + record(4, std::string(8, byte(0xff))) + record(4, "")},
        {"none that is last", beginning() + record(4, pair("FCGI_ROLE", "RESPONDER")) + record(4, "")},
    };
    for (const auto& [name, bytes] : cases) {
        RequestReader reader;
        BOOST_CHECK_MESSAGE(reader.take(bytes) == State::broken, name);
        BOOST_CHECK(reader.take(whole()) == State::broken);
    }
}

BOOST_AUTO_TEST_CASE(there_is_an_end_to_parameters) {
    const std::string kilobyte(1000, 'v');
    std::string many;
    while (many.size() + wanted().size() + 1010 <= kLongestParameters)
        many += pair("HTTP_X", kilobyte);
    const auto in_records = [](std::string_view all) {
        std::string records = beginning();
        for (; !all.empty(); all.remove_prefix(std::min<std::size_t>(all.size(), 60'000)))
            records += record(4, all.substr(0, 60'000));
        return records + record(4, "") + record(5, "");
    };
    RequestReader good;
    BOOST_CHECK(good.take(in_records(wanted(many))) == State::whole);
    RequestReader bad;
    BOOST_CHECK(bad.take(in_records(wanted(many + pair("HTTP_Y", std::string(1100, 'v'))))) == State::broken);

    // As nginx sends them: those of its snippet first, then one for each header.
    constexpr std::size_t of_snippet = 6;
    std::string pairs = wanted();
    for (std::size_t i = of_snippet; i < csauth::server::kMostParameters; ++i)
        pairs += pair("A", "");
    RequestReader most;
    BOOST_CHECK(most.take(in_records(pairs)) == State::whole);
    BOOST_TEST(!!most.parameters().take_request("id"));
    RequestReader one_more;
    BOOST_CHECK(one_more.take(in_records(pairs + pair("HTTP_ORIGIN", "x"))) == State::whole);
    const auto refused = one_more.parameters().take_request("id");
    BOOST_REQUIRE(!refused);
    BOOST_CHECK(refused.error().code == csauth::ErrorCode::headers_too_large);
    RequestReader asker;
    std::string questions;
    for (int i = 0; i < 5000; ++i)
        questions += record(77, "", 0);
    BOOST_CHECK(asker.take(questions) == State::broken);
}

BOOST_AUTO_TEST_CASE(an_answer_is_cut_into_records) {
    BOOST_TEST(output_records(1, "hello") == record(6, "hello"));
    const std::string large(kLongestRecord + 1, 'x');
    BOOST_TEST(output_records(1, large) == record(6, large.substr(1)) + record(6, "x"));
    BOOST_TEST(end_records(1) == record(6, "") + record(3, std::string(8, '\0')));
    BOOST_TEST(output_records(1, "").empty());
}

BOOST_AUTO_TEST_SUITE_END()
