#include "server/fcgi.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <boost/test/unit_test.hpp>
#include <cstring>

#include "data.h"
#include "server/cgi.h"

using namespace csauth;

BOOST_AUTO_TEST_SUITE(fcgi)

/// The client's side of FastCGI, as nginx speaks it.
class Peer {
public:
    Peer() {
        BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds_) == 0);
        const timeval patience{.tv_sec = 2, .tv_usec = 0};
        ::setsockopt(fds_[1], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    ~Peer() { close(); }
    UniqueFd server_end() { return UniqueFd{fds_[1]}; }
    void close() {
        if (fds_[0] >= 0) ::close(std::exchange(fds_[0], -1));
    }

    Peer& record(int type, std::string_view content) {
        const unsigned char header[8] = {1,
                                         static_cast<unsigned char>(type),
                                         0,
                                         1,
                                         static_cast<unsigned char>(content.size() >> 8U),
                                         static_cast<unsigned char>(content.size()),
                                         0,
                                         0};
        send({reinterpret_cast<const char*>(header), sizeof header});
        send(content);
        return *this;
    }
    Peer& begin(int role = 1, bool keep = false) {
        const char body[8] = {0, static_cast<char>(role), static_cast<char>(keep), 0, 0, 0, 0, 0};
        return record(1, {body, sizeof body});
    }
    Peer& parameters(const std::vector<std::pair<std::string, std::string>>& all) {
        std::string content;
        for (const auto& [name, value] : all) {
            content += static_cast<char>(name.size());
            content += static_cast<char>(value.size());
            content += name + value;
        }
        return record(4, content).record(4, "");
    }
    Peer& body(std::string_view text) {
        if (!text.empty()) record(5, text);
        return record(5, "");
    }

private:
    void send(std::string_view bytes) {
        BOOST_REQUIRE(::send(fds_[0], bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                      static_cast<ssize_t>(bytes.size()));
    }
    int fds_[2];
};

std::vector<std::pair<std::string, std::string>> usual(
    std::initializer_list<std::pair<std::string, std::string>> more = {}) {
    std::vector<std::pair<std::string, std::string>> all{{"FCGI_ROLE", "RESPONDER"},
                                                         {"REQUEST_METHOD", "POST"},
                                                         {"REQUEST_URI", "/api/login/?a=1"},
                                                         {"DOCUMENT_URI", "/api/login/"},
                                                         {"QUERY_STRING", "a=1"}};
    all.insert(all.end(), more);
    all.emplace_back("CSAUTH_END", "1");
    return all;
}

BOOST_AUTO_TEST_CASE(a_whole_request_is_read) {
    Peer peer;
    peer.begin()
        .parameters(usual({{"CONTENT_LENGTH", "5"},
                           {"REMOTE_ADDR", "192.0.2.1"},
                           {"HTTP_ACCEPT_LANGUAGE", "de"},
                           {"CSAUTH_REQUEST_ID", "0123456789abcdef0123456789abcdef"},
                           {"HTTP_COOKIE", "a=1"},
                           {"HTTP_COOKIE", "b=2"}}))
        .body("hello");
    server::FastCgi fcgi;
    const auto request = fcgi.read(peer.server_end());
    BOOST_REQUIRE(request);
    BOOST_REQUIRE(*request);
    BOOST_TEST((*request)->path == "/api/login/");
    BOOST_TEST((*request)->query == "a=1");
    BOOST_TEST((*request)->body == "hello");
    BOOST_TEST((*request)->remote_ip == "192.0.2.1");
    BOOST_TEST((*request)->header("accept-language") == "de");
    BOOST_TEST((*request)->header("cookie") == "a=1; b=2");
    BOOST_TEST((*request)->id == "0123456789abcdef0123456789abcdef");
    fcgi.answer({.status = 200, .body = "{}"}, false);
}

BOOST_AUTO_TEST_CASE(a_connection_is_kept_when_its_peer_wants_that_and_closed_otherwise) {
    server::FastCgi fcgi;
    for (const bool keep : {false, true}) {
        Peer peer;
        UniqueFd connection = peer.server_end();
        for (int request = 0; request < (keep ? 3 : 1); ++request) {
            peer.begin(1, keep).parameters(usual()).body("");
            const auto read = fcgi.read(std::move(connection));
            BOOST_REQUIRE(read);
            BOOST_REQUIRE(*read);
            connection = fcgi.answer({.status = 204}, false);
            BOOST_TEST(!!connection == keep);
        }
        // One that its peer has closed holds no request.
        if (!keep) continue;
        peer.close();
        BOOST_TEST(!fcgi.read(std::move(connection)).has_value());
        fcgi.drop();
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_a_whole_request_from_our_snippet_is_dropped) {
    const struct {
        const char* why;
        std::function<void(Peer&)> send;
    } cases[] = {
        {"nothing", [](Peer&) {}},
        {"half a header", [](Peer& p) { p.record(1, ""); }},
        {"no parameters", [](Peer& p) { p.begin().record(4, "").body(""); }},
        {"broken off among the parameters",
         [](Peer& p) { p.begin().record(4, std::string("\x0e\x06REQUEST_METHODDELETE", 22)); }},
        {"no sentinel",
         [](Peer& p) {
             p.begin()
                 .parameters({{"FCGI_ROLE", "RESPONDER"}, {"REQUEST_METHOD", "GET"}, {"REQUEST_URI", "/"}})
                 .body("");
         }},
        {"no method",
         [](Peer& p) {
             p.begin().parameters({{"REQUEST_URI", "/"}, {"CSAUTH_END", "1"}}).body("");
         }},
        {"another role",
         [](Peer& p) {
             p.begin(2)
                 .parameters({{"REQUEST_METHOD", "GET"}, {"REQUEST_URI", "/"}, {"CSAUTH_END", "1"}})
                 .body("");
         }},
        {"another version", [](Peer& p) { p.record(99, "x"); }},
    };
    for (const auto& c : cases)
        BOOST_TEST_CONTEXT(c.why) {
            Peer peer;
            c.send(peer);
            auto end = peer.server_end();
            peer.close();
            server::FastCgi fcgi;
            const auto request = fcgi.read(std::move(end));
            BOOST_TEST(!request.has_value());
        }
}

BOOST_AUTO_TEST_CASE(a_body_that_is_not_as_long_as_it_says_is_refused) {
    const struct {
        std::string length;
        const char* body;
        std::optional<ErrorCode> code;
    } cases[] = {{"5", "hello", std::nullopt},
                 {"", "", std::nullopt},
                 {"0", "", std::nullopt},
                 {"6", "hello", ErrorCode::length_mismatch},
                 {"4", "hello", ErrorCode::length_mismatch},
                 {"", "hello", ErrorCode::length_mismatch},
                 {"-1", "", ErrorCode::bad_request},
                 {"+5", "hello", ErrorCode::bad_request},
                 {"5x", "hello", ErrorCode::bad_request},
                 {"99999999999999999999999", "", ErrorCode::bad_request},
                 {std::to_string(server::kLongestBody + 1), "", ErrorCode::body_too_large},
                 {"8589934592", "", ErrorCode::body_too_large}};
    for (const auto& c : cases)
        BOOST_TEST_CONTEXT(c.length << " " << c.body) {
            Peer peer;
            peer.begin().parameters(usual({{"CONTENT_LENGTH", c.length}})).body(c.body);
            auto end = peer.server_end();
            peer.close();
            server::FastCgi fcgi;
            const auto request = fcgi.read(std::move(end));
            BOOST_REQUIRE(request);
            BOOST_TEST(static_cast<bool>(*request) == !c.code.has_value());
            if (c.code && !*request) BOOST_CHECK(request->error().code == *c.code);
        }
}

BOOST_AUTO_TEST_CASE(a_header_value_can_not_begin_another_header) {
    Peer peer;
    peer.begin().parameters(usual()).body("");
    server::FastCgi fcgi;
    BOOST_REQUIRE(fcgi.read(peer.server_end()));
    BOOST_CHECK_THROW(fcgi.answer({.headers = {{"X", "a\r\nSet-Cookie: b"}}}, false), std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()
