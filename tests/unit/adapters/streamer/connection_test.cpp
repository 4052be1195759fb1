#include "streamer/connection.h"

#include <boost/asio.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "fakes/random.h"

using namespace csauth;
namespace asio = boost::asio;
using streamer::Connection;

namespace {

struct Host final : Connection::Host {
    std::vector<http::Request> accepted = {};
    std::vector<int> refused = {};
    std::vector<std::string> warnings = {};
    int left = 0;

    void accept(const Connection::Ptr&, http::Request request) override {
        accepted.push_back(std::move(request));
    }
    void leave(const Connection::Ptr&) override { ++left; }
    void warn(const char* event, const std::string&) const override {
        const_cast<Host*>(this)->warnings.emplace_back(event);
    }
    void note_refusal(const Connection&, const http::Response& response) const override {
        const_cast<Host*>(this)->refused.push_back(response.status);
    }
};

/// Returns a record of FastCGI for request 1.
std::string record(int type, std::string_view content) {
    return std::string{'\1',
                       static_cast<char>(type),
                       '\0',
                       '\1',
                       static_cast<char>(content.size() >> 8U),
                       static_cast<char>(content.size()),
                       '\0',
                       '\0'} +
           std::string{content};
}

std::string request_to(std::string_view uri) {
    std::string parameters;
    for (const auto& [name, value] : {std::pair<std::string_view, std::string_view>{"FCGI_ROLE", "RESPONDER"},
                                      {"REQUEST_METHOD", "GET"},
                                      {"REQUEST_URI", uri},
                                      {"DOCUMENT_URI", "/api/stream/"},
                                      {"REMOTE_ADDR", "192.0.2.1"},
                                      {"CSAUTH_END", "1"}}) {
        parameters += static_cast<char>(name.size());
        parameters += static_cast<char>(value.size());
        parameters.append(name).append(value);
    }
    return record(1, std::string{'\0', '\1', '\0', '\0', '\0', '\0', '\0', '\0'}) + record(4, parameters) +
           record(4, "") + record(5, "");
}

struct Fixture {
    asio::io_context loop;
    Connection::Socket nginx{loop};
    Host host;
    Connection::Ptr connection;

    Fixture() {
        Connection::Socket ours{loop};
        asio::local::connect_pair(nginx, ours);
        nginx.non_blocking(true);
        connection = std::make_shared<Connection>(host, std::move(ours));
        connection->read();
    }
    /// Runs what is ready, and returns what nginx has got.
    std::string turn() {
        std::string got;
        for (;;) {
            const auto ran = loop.poll();
            std::string bytes(4096, '\0');
            boost::system::error_code none;
            const auto count = nginx.read_some(asio::buffer(bytes), none);
            got += bytes.substr(0, count);
            if (ran == 0 && count == 0) return got;
        }
    }
    std::string send(std::string_view bytes) {
        asio::write(nginx, asio::buffer(bytes));
        return turn();
    }
    /// Opens a stream for an accepted request.
    std::string open_stream() {
        send(request_to("/api/stream/"));
        BOOST_REQUIRE(host.accepted.size() == 1U);
        fakes::Random random;
        streamer::AcceptedStream accepted{.response = {.content_type = "text/event-stream"},
                                          .first = "hello"};
        accepted.subscription.emplace(
            streamer::Subscription{.viewer = {}, .session = SessionId::make(TimePoint{}, random)});
        connection->open(std::move(accepted));
        return turn();
    }
    bool is_closed_for_nginx() {
        char byte = 0;
        boost::system::error_code failure;
        nginx.read_some(asio::buffer(&byte, 1), failure);
        return failure == asio::error::eof || failure == asio::error::connection_reset;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(connection)

BOOST_FIXTURE_TEST_CASE(whole_request_is_accepted_once, Fixture) {
    const auto bytes = request_to("/api/stream/");
    send(std::string_view{bytes}.substr(0, 20));
    BOOST_TEST(host.accepted.empty());
    send(std::string_view{bytes}.substr(20));
    BOOST_REQUIRE(host.accepted.size() == 1U);
    BOOST_TEST(host.accepted[0].path == "/api/stream/");
    BOOST_TEST(connection->method == "GET");
    BOOST_TEST(connection->remote_ip == "192.0.2.1");
    send(bytes);  // more than one request is ignored
    BOOST_TEST(host.accepted.size() == 1U);
    BOOST_TEST(connection->is_open());
    BOOST_TEST(!connection->is_stream());
}

BOOST_FIXTURE_TEST_CASE(answer_ends_the_request_and_the_connection, Fixture) {
    send(request_to("/api/stream/"));
    connection->answer({.status = 401, .body = "{}"});
    const auto got = turn();
    BOOST_TEST(got.find("Status: 401 Unauthorized\r\n") != std::string::npos);
    BOOST_TEST(got.ends_with(streamer::end_records(1)));
    BOOST_TEST(is_closed_for_nginx());
    BOOST_TEST(!connection->is_open());
    BOOST_TEST(host.left == 1);
}

BOOST_FIXTURE_TEST_CASE(refused_request_is_answered_and_noted, Fixture) {
    const auto got = send(request_to("/api/../stream/"));
    BOOST_TEST(host.accepted.empty());
    BOOST_TEST(host.refused == std::vector{400});
    BOOST_TEST(got.find("Status: 400 Bad Request\r\n") != std::string::npos);
    BOOST_TEST(!connection->is_open());
    BOOST_TEST(host.left == 1);
}

BOOST_FIXTURE_TEST_CASE(bytes_that_are_no_fastcgi_close_the_connection, Fixture) {
    BOOST_TEST(send("GET / HTTP/1.1\r\n\r\n").empty());
    BOOST_TEST(is_closed_for_nginx());
    BOOST_TEST(host.accepted.empty());
    BOOST_TEST(host.left == 1);
}

BOOST_FIXTURE_TEST_CASE(stream_begins_with_its_head_and_goes_on, Fixture) {
    const auto begun = open_stream();
    BOOST_TEST(begun.find("Status: 200 OK\r\n") != std::string::npos);
    BOOST_TEST(begun.find("Content-Length") == std::string::npos);
    BOOST_TEST(begun.ends_with("hello"));
    BOOST_TEST(connection->is_stream());
    connection->say("");
    BOOST_TEST(turn().empty());
    connection->say("one\n\n");
    connection->say("two\n\n");
    BOOST_TEST(turn() == streamer::output_records(1, "one\n\n") + streamer::output_records(1, "two\n\n"));
    BOOST_TEST(connection->is_open());
}

BOOST_FIXTURE_TEST_CASE(finished_stream_gets_its_last_words_and_no_more, Fixture) {
    open_stream();
    connection->say("bye");
    connection->finish();
    connection->say("too late");
    connection->finish();
    BOOST_TEST(turn() == streamer::output_records(1, "bye") + streamer::end_records(1));
    BOOST_TEST(connection->cut_at.has_value());
    BOOST_TEST(is_closed_for_nginx());
    BOOST_TEST(host.left == 1);
}

BOOST_FIXTURE_TEST_CASE(reader_with_a_full_backlog_is_dropped, Fixture) {
    open_stream();
    // What waits has the header of its record: 8 bytes.
    const std::string half(streamer::kLongestBacklog / 2 - 8, 'x');
    connection->say(half);
    connection->say(std::string(streamer::kLongestBacklog / 2, 'y'));  // up to the limit
    BOOST_TEST(connection->is_open());
    BOOST_TEST(host.warnings.empty());
    connection->say("z");
    BOOST_TEST(!connection->is_open());
    BOOST_TEST(host.warnings == std::vector<std::string>{"slow_reader_dropped"});
    BOOST_TEST(host.left == 1);
}

BOOST_FIXTURE_TEST_CASE(backlog_is_free_again_once_it_was_read, Fixture) {
    open_stream();
    for (int i = 0; i < 4; ++i) {
        connection->say(std::string(streamer::kLongestBacklog, 'x'));
        BOOST_TEST(turn().size() > streamer::kLongestBacklog);
    }
    BOOST_TEST(connection->is_open());
    connection->say(std::string(streamer::kLongestBacklog + 1, 'x'));
    BOOST_TEST(!connection->is_open());
}

BOOST_FIXTURE_TEST_CASE(stream_ends_once_when_nginx_closes, Fixture) {
    open_stream();
    nginx.close();
    loop.poll();
    BOOST_TEST(!connection->is_open());
    BOOST_TEST(host.left == 1);
    connection->say("nobody hears it");
    connection->finish();
    connection->close();
    BOOST_TEST(host.left == 1);
}

BOOST_AUTO_TEST_SUITE_END()
