#include "http/form_body.h"

#include <boost/test/unit_test.hpp>

#include "http/body_reader.h"
#include "json/object.h"
#include "users/email.h"
#include "users/profile.h"

using namespace csauth;

namespace {

constexpr const char* kUrlencoded = "application/x-www-form-urlencoded";
constexpr const char* kMultipart = "multipart/form-data; boundary=abc";

std::string part(const std::string& name, const std::string& content, const std::string& rest = "") {
    return "--abc\r\nContent-Disposition: form-data; name=\"" + name + "\"" + rest + "\r\n\r\n" + content +
           "\r\n";
}

http::Request request(const char* content_type, std::string body) {
    return {.content_type = content_type, .body = std::move(body)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(form_body)

BOOST_AUTO_TEST_CASE(both_types_of_form_give_the_same_fields) {
    const auto plain = http::parse_form_body(kUrlencoded, "email=a%40b.example&bio=two+words&x=");
    const auto parts = http::parse_form_body(
        kMultipart, part("email", "a@b.example") + part("bio", "two words") + part("x", "") + "--abc--");
    BOOST_REQUIRE(!!plain);
    BOOST_REQUIRE(!!parts);
    BOOST_TEST((plain->texts == parts->texts));
    BOOST_TEST(plain->texts.at(1).second == "two words");
    BOOST_TEST(http::is_form_type("Application/X-WWW-Form-Urlencoded; charset=UTF-8"));
    BOOST_TEST(!http::is_form_type("application/json"));
    BOOST_TEST(!http::is_form_type("multipart/mixed; boundary=abc"));
}

BOOST_AUTO_TEST_CASE(files_are_told_from_texts) {
    const auto form = http::parse_form_body(
        kMultipart, part("avatar", "bytes\xff", "; filename=\"x.png\"\r\nContent-Type: image/png") +
                        part("photo", "bytes", "\r\nContent-Type: image/png") +
                        part("note", "text", "\r\nContent-Type: text/plain; charset=utf-8") +
                        part("left_empty", "", "; filename=\"\"\r\nContent-Type: application/octet-stream") +
                        "--abc--");
    BOOST_REQUIRE(!!form);
    BOOST_REQUIRE(form->files.size() == 2U);
    BOOST_TEST(form->files[0].name == "avatar");
    BOOST_TEST(form->files[0].content == "bytes\xff");
    BOOST_TEST(form->files[1].name == "photo");
    BOOST_REQUIRE(form->texts.size() == 1U);
    BOOST_TEST(form->texts[0].first == "note");
}

BOOST_AUTO_TEST_CASE(what_json_refuses_is_refused_in_a_form) {
    const auto file = part("a", "x", "; filename=\"x\"");
    for (const auto& [type, body] : std::vector<std::pair<const char*, std::string>>{
             {kUrlencoded, "a=1&a=2"},
             {kUrlencoded, "a=%ff"},
             {kUrlencoded, "a=%00"},
             {kUrlencoded, "a=%zz"},
             {kMultipart, part("a", "1") + part("a", "2") + "--abc--"},
             {kMultipart, part("a", "1") + file + "--abc--"},
             {kMultipart, part("a", "\xff") + "--abc--"},
             {kMultipart, part("a", std::string("\0", 1)) + "--abc--"},
             {kMultipart, part("a", "1")},
             {"multipart/form-data", part("a", "1") + "--abc--"}}) {
        const auto form = http::parse_form_body(type, body);
        BOOST_CHECK_MESSAGE(!form && form.error().code == ErrorCode::bad_request, body);
    }
}

BOOST_AUTO_TEST_CASE(a_form_is_as_bounded_as_an_object) {
    const json::Limits limits;
    const auto with_fields = [](std::size_t count) {
        std::string body;
        for (std::size_t i = 0; i < count; ++i)
            body += (body.empty() ? "a" : "&a") + std::to_string(i) + "=1";
        return body;
    };
    BOOST_TEST(!!http::parse_form_body(kUrlencoded, with_fields(limits.members)));
    BOOST_TEST(!http::parse_form_body(kUrlencoded, with_fields(limits.members + 1)));
    // A picture makes room for a large body, but not for large texts.
    const auto with_text = [](std::size_t bytes) {
        return part("a", std::string(bytes - 1, 'x')) +
               part("p", std::string(100'000, 'x'), "; filename=\"x\"") + "--abc--";
    };
    BOOST_TEST(!!http::parse_form_body(kMultipart, with_text(limits.bytes - 1)));
    const auto refused = http::parse_form_body(kMultipart, with_text(limits.bytes + 1));
    BOOST_CHECK(!refused && refused.error().code == ErrorCode::body_too_large);
}

BOOST_AUTO_TEST_CASE(a_body_reader_reads_the_fields_of_a_form) {
    const auto sent = request(kUrlencoded, "email=a%40b.example&yes=on&no=False&n=17&o=%7B%22a%22%3A1%7D");
    http::BodyReader body{sent};
    BOOST_TEST(body.required<users::Email>("email")->text() == "a@b.example");
    BOOST_TEST(body.optional_flag("yes").value());
    BOOST_TEST(!body.optional_flag("no").value());
    BOOST_TEST(body.optional_integer("n", 0, 20).value() == 17);
    BOOST_TEST(body.optional_object("o", {})->at("a") == "1");
    BOOST_TEST(body.ok());
    BOOST_TEST(!body.optional_flag("n").has_value());
    BOOST_TEST(!body.optional_integer("yes", 0, 20).has_value());
    BOOST_TEST(!body.optional_object("n", {}).has_value());
    BOOST_TEST(body.error().fields.size() == 3U);
}

BOOST_AUTO_TEST_CASE(words_for_flags_are_those_of_the_django_service) {
    const auto read = [](const std::string& word) {
        const auto sent = request(kUrlencoded, "flag=" + word);
        return http::BodyReader{sent}.optional_flag("flag");
    };
    for (const char* word : {"true", "True", "t", "yes", "Y", "on", "1"})
        BOOST_TEST(read(word).value(), word);
    for (const char* word : {"false", "FALSE", "f", "no", "n", "off", "0"})
        BOOST_TEST(!read(word).value(), word);
    for (const char* word : {"2", "maybe", "truee", "null", ""})
        BOOST_TEST(!read(word).has_value(), word);
}

BOOST_AUTO_TEST_CASE(a_text_is_no_flag_in_json) {
    const auto sent = request("application/json", R"({"flag":"true","n":"1"})");
    http::BodyReader body{sent};
    BOOST_TEST(!body.optional_flag("flag").has_value());
    BOOST_TEST(!body.optional_integer("n", 0, 2).has_value());
    BOOST_TEST(body.error().fields.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_field_that_was_left_empty_counts_as_missing) {
    const auto sent = request(kUrlencoded, "email=&bio=&avatar=");
    http::BodyReader body{sent};
    BOOST_TEST(!body.has("email"));
    BOOST_TEST(body.is_null("avatar"));
    BOOST_TEST(!body.optional<users::Email>("email").has_value());
    BOOST_TEST(body.optional<users::Bio>("bio")->text.empty());  // the empty text is a bio
    BOOST_TEST(body.ok());
    BOOST_TEST(!body.required<users::Email>("email").has_value());
    BOOST_TEST(!body.ok());
}

BOOST_AUTO_TEST_CASE(a_file_is_no_text) {
    const auto sent = request(kMultipart, part("email", "a@b.example", "; filename=\"x\"") + "--abc--");
    http::BodyReader body{sent};
    BOOST_TEST(body.file("email") != nullptr);
    BOOST_TEST(!body.optional<users::Email>("email").has_value());
    BOOST_CHECK(body.error().fields.at(0).code == FieldCode::wrong_type);
}

BOOST_AUTO_TEST_CASE(texts_that_json_would_escape_stay_as_they_are) {
    const std::string text(json::Limits{}.bytes - 1, '\x01');
    const auto sent = request(kMultipart, part("a", text) + "--abc--");
    http::BodyReader body{sent};
    BOOST_TEST(body.required<http::NonEmptyText>("a")->text == text);
}

BOOST_AUTO_TEST_CASE(a_form_that_cannot_be_read_says_so) {
    const auto sent = request(kUrlencoded, "a=1&a=2");
    http::BodyReader body{sent};
    BOOST_TEST(!body.required<http::NonEmptyText>("a").has_value());
    BOOST_CHECK(body.error().code == ErrorCode::bad_request);
    const auto empty = request(kUrlencoded, "");
    BOOST_TEST((http::BodyReader{empty, true}.ok()));
    BOOST_TEST((http::BodyReader{empty}.ok()));  // a form without fields
}

BOOST_AUTO_TEST_SUITE_END()
