#include "http/multipart.h"

#include <boost/test/unit_test.hpp>

#include "fakes/random.h"

using namespace csauth;
using namespace std::string_literals;

namespace {

/// Bytes that a careless reader takes for a boundary, a line or an end.
const std::string kPicture = "\x89PNG\r\n\x1a\n\0--\r\n\r\n--x\r\n--abcd\r\nz--abc\r\n--ab"s;

const std::string kType = "multipart/form-data; boundary=abc";

std::string with_head(const std::string& head, const std::string& content = kPicture) {
    return "--abc\r\n" + head + "\r\n\r\n" + content + "\r\n--abc--\r\n";
}

std::optional<ErrorCode> refusal(const std::string& body, const std::string& type = kType) {
    const auto parts = http::parse_multipart(type, body);
    return parts ? std::nullopt : std::optional{parts.error().code};
}

/// What a client writes, byte by byte, around a picture.
struct Client {
    const char* name;
    std::string content_type;
    std::string before;
    std::string after;
    std::optional<std::string> filename = "me.jpg";
    std::string part_type = "image/jpeg";
};

/// Taken from the clients' sources, or from what they sent.
const std::vector<Client>& clients() {
    static const std::vector<Client> all{
        {"curl 7.88", "multipart/form-data; boundary=------------------------d74496d66958873e",
         "--------------------------d74496d66958873e\r\n"
         "Content-Disposition: form-data; name=\"avatar\"; filename=\"me.jpg\"\r\n"
         "Content-Type: image/jpeg\r\n\r\n",
         "\r\n--------------------------d74496d66958873e--\r\n"},
        {"Chrome, Safari", "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
         "------WebKitFormBoundary7MA4YWxkTrZu0gW\r\n"
         "Content-Disposition: form-data; name=\"avatar\"; filename=\"me.jpg\"\r\n"
         "Content-Type: image/jpeg\r\n\r\n",
         "\r\n------WebKitFormBoundary7MA4YWxkTrZu0gW--\r\n"},
        {"Firefox", "multipart/form-data; boundary=---------------------------9051914041544843365972754266",
         "-----------------------------9051914041544843365972754266\r\n"
         "Content-Disposition: form-data; name=\"avatar\"; filename=\"ich \xc3\xbc%22.jpg\"\r\n"
         "Content-Type: image/jpeg\r\n\r\n",
         "\r\n-----------------------------9051914041544843365972754266--\r\n", "ich \xc3\xbc%22.jpg"},
        {"OkHttp 4, Retrofit, Ktor on it",
         "multipart/form-data; boundary=0b9e3f0c-61a5-4b6a-8a53-8f9f3c6f1a2b",
         "--0b9e3f0c-61a5-4b6a-8a53-8f9f3c6f1a2b\r\n"
         "Content-Disposition: form-data; name=\"avatar\"; filename=\"me.jpg\"\r\n"
         "Content-Type: image/jpeg\r\nContent-Length: 48213\r\n\r\n",
         "\r\n--0b9e3f0c-61a5-4b6a-8a53-8f9f3c6f1a2b--\r\n"},
        {"OkHttp 2, 3 with a part's own head",
         "multipart/form-data; boundary=6e5a63ad-1d3f-4c58-a31c-1a1c3e9ad2a4",
         "--6e5a63ad-1d3f-4c58-a31c-1a1c3e9ad2a4\r\n"
         "Content-Disposition: form-data; name=\"avatar\"; filename=\"me.jpg\"\r\n"
         "Content-Transfer-Encoding: binary\r\nContent-Type: image/jpeg\r\nContent-Length: 48213\r\n\r\n",
         "\r\n--6e5a63ad-1d3f-4c58-a31c-1a1c3e9ad2a4--\r\n"},
        {"Dart http 0.13, 1.1",
         "multipart/form-data; "
         "boundary=dart-http-boundary-zEDT_cKh5lXBX_ZzZw9ZYLB8wPP+Zf-njJ-Oz80+cHqm2Sb2y1W",
         "--dart-http-boundary-zEDT_cKh5lXBX_ZzZw9ZYLB8wPP+Zf-njJ-Oz80+cHqm2Sb2y1W\r\n"
         "content-type: image/jpeg\r\n"
         "content-disposition: form-data; name=\"avatar\"; filename=\"me.jpg\"\r\n\r\n",
         "\r\n--dart-http-boundary-zEDT_cKh5lXBX_ZzZw9ZYLB8wPP+Zf-njJ-Oz80+cHqm2Sb2y1W--\r\n"},
        {"Dart http 1.2, with the file's name in the wrong line",
         "multipart/form-data; "
         "boundary=dart-http-boundary-zEDT_cKh5lXBX_ZzZw9ZYLB8wPP+Zf-njJ-Oz80+cHqm2Sb2y1W",
         "--dart-http-boundary-zEDT_cKh5lXBX_ZzZw9ZYLB8wPP+Zf-njJ-Oz80+cHqm2Sb2y1W\r\n"
         "content-disposition: form-data; name=\"avatar\"\r\n"
         "content-type: image/jpeg; filename=\"me.jpg\"\r\n\r\n",
         "\r\n--dart-http-boundary-zEDT_cKh5lXBX_ZzZw9ZYLB8wPP+Zf-njJ-Oz80+cHqm2Sb2y1W--\r\n", std::nullopt,
         "image/jpeg; filename=\"me.jpg\""},
        {"Dio 5", "multipart/form-data; boundary=--dio-boundary-2457623945",
         "----dio-boundary-2457623945\r\n"
         "content-disposition: form-data; name=\"avatar\"; filename=\"me.jpg\"\r\n"
         "content-type: image/jpeg\r\n\r\n",
         "\r\n----dio-boundary-2457623945--\r\n"},
        {"Apache HttpClient 4, strict", "multipart/form-data; boundary=8sZbn4Xzr-iIzYIvW7qAEOQ2mX9qTgeC9",
         "--8sZbn4Xzr-iIzYIvW7qAEOQ2mX9qTgeC9\r\n"
         "Content-Disposition: form-data; name=\"avatar\"; filename=\"me.jpg\"\r\n"
         "Content-Type: image/jpeg\r\nContent-Transfer-Encoding: binary\r\n\r\n",
         "\r\n--8sZbn4Xzr-iIzYIvW7qAEOQ2mX9qTgeC9--\r\n"},
        {"Apache HttpClient 5, extended",
         "multipart/form-data; charset=ISO-8859-1; boundary=\"httpclient_boundary_8fd2\"",
         "--httpclient_boundary_8fd2\r\n"
         "Content-Disposition: form-data; name=\"avatar\"; filename=\"me.jpg\"; "
         "filename*=\"UTF-8''me.jpg\"\r\n"
         "Content-Type: image/jpeg\r\n\r\n",
         "\r\n--httpclient_boundary_8fd2--\r\n"},
        {".NET HttpClient", "multipart/form-data; boundary=\"f5a4a4d1-0c8a-4f3c-a0ad-0f3dc8c7e3c5\"",
         "--f5a4a4d1-0c8a-4f3c-a0ad-0f3dc8c7e3c5\r\n"
         "Content-Type: image/jpeg\r\n"
         "Content-Disposition: form-data; name=avatar; filename=me.jpg; filename*=utf-8''me.jpg\r\n\r\n",
         "\r\n--f5a4a4d1-0c8a-4f3c-a0ad-0f3dc8c7e3c5--\r\n"},
        {".NET HttpClient without a file's name",
         "multipart/form-data; boundary=\"f5a4a4d1-0c8a-4f3c-a0ad-0f3dc8c7e3c5\"",
         "--f5a4a4d1-0c8a-4f3c-a0ad-0f3dc8c7e3c5\r\n"
         "Content-Disposition: form-data; name=avatar\r\n\r\n",
         "\r\n--f5a4a4d1-0c8a-4f3c-a0ad-0f3dc8c7e3c5--\r\n", std::nullopt, ""},
        {"RestSharp", "multipart/form-data; boundary=\"-----------------------------28947758029299\"",
         "-------------------------------28947758029299\r\n"
         "Content-Type: image/jpeg\r\n"
         "Content-Disposition: form-data; name=\"avatar\"; filename=\"me.jpg\"\r\n\r\n",
         "\r\n-------------------------------28947758029299--\r\n"},
        {"Python requests", "multipart/form-data; boundary=7a1d6ed2c7c63dd2c7ffb7f4b1a27a7e",
         "--7a1d6ed2c7c63dd2c7ffb7f4b1a27a7e\r\n"
         "Content-Disposition: form-data; name=\"avatar\"; filename=\"me.jpg\"\r\n"
         "Content-Type: image/jpeg\r\n\r\n",
         "\r\n--7a1d6ed2c7c63dd2c7ffb7f4b1a27a7e--\r\n"},
        {"Python aiohttp", "multipart/form-data; boundary=b0ad1f0e5d1f4ff6b51a6b0c2d2e7f10",
         "--b0ad1f0e5d1f4ff6b51a6b0c2d2e7f10\r\n"
         "Content-Type: image/jpeg\r\n"
         "Content-Disposition: form-data; name=\"avatar\"; filename=\"me.jpg\"\r\n\r\n",
         "\r\n--b0ad1f0e5d1f4ff6b51a6b0c2d2e7f10--\r\n"},
        {"Python email.mime, which folds",
         "multipart/form-data;\r\n boundary=\"===============4857329485739==\"",
         "--===============4857329485739==\r\n"
         "Content-Type: image/jpeg\r\nMIME-Version: 1.0\r\n"
         "Content-Disposition: form-data; name=\"avatar\";\r\n filename=\"me.jpg\"\r\n\r\n",
         "\r\n--===============4857329485739==--\r\n"},
        {"Go mime/multipart",
         "multipart/form-data; boundary=2c0b4b6e8a9c3d1f5e7a2c0b4b6e8a9c3d1f5e7a2c0b4b6e8a9c3d1f5e7a",
         "--2c0b4b6e8a9c3d1f5e7a2c0b4b6e8a9c3d1f5e7a2c0b4b6e8a9c3d1f5e7a\r\n"
         "Content-Disposition: form-data; name=\"avatar\"; filename=\"a \\\"b\\\" \\\\c.jpg\"\r\n"
         "Content-Type: application/octet-stream\r\n\r\n",
         "\r\n--2c0b4b6e8a9c3d1f5e7a2c0b4b6e8a9c3d1f5e7a2c0b4b6e8a9c3d1f5e7a--\r\n", "a \"b\" \\c.jpg",
         "application/octet-stream"},
        {"Ruby multipart-post, Faraday", "multipart/form-data; boundary=-----------RubyMultipartPost-6b9d",
         "-------------RubyMultipartPost-6b9d\r\n"
         "Content-Disposition: form-data; name=\"avatar\"; filename=\"me.jpg\"\r\n"
         "Content-Length: 48213\r\nContent-Type: image/jpeg\r\nContent-Transfer-Encoding: binary\r\n\r\n",
         "\r\n-------------RubyMultipartPost-6b9d--\r\n"},
        {"PHP Guzzle", "multipart/form-data; boundary=f3a1e0cfb3b1f5e5a3e5ad3b2f4d9c4a6c0a7d0a",
         "--f3a1e0cfb3b1f5e5a3e5ad3b2f4d9c4a6c0a7d0a\r\n"
         "Content-Disposition: form-data; name=\"avatar\"; filename=\"me.jpg\"\r\n"
         "Content-Length: 48213\r\nContent-Type: image/jpeg\r\n\r\n",
         "\r\n--f3a1e0cfb3b1f5e5a3e5ad3b2f4d9c4a6c0a7d0a--\r\n"},
        {"axios and form-data",
         "multipart/form-data; boundary=--------------------------515890814546601021194782",
         "----------------------------515890814546601021194782\r\n"
         "Content-Disposition: form-data; name=\"avatar\"; filename=\"me.jpg\"\r\n"
         "Content-Type: image/jpeg\r\n\r\n",
         "\r\n----------------------------515890814546601021194782--\r\n"},
        {"form-data for .NET servers, with a line break first",
         "multipart/form-data; boundary=--------------------------51589",
         "\r\n----------------------------51589\r\n"
         "Content-Disposition: form-data; name=\"avatar\"; filename=\"me.jpg\"\r\n"
         "Content-Type: image/jpeg\r\n\r\n",
         "\r\n----------------------------51589--"},
        {"undici, node's fetch", "multipart/form-data; boundary=----formdata-undici-054936847102",
         "------formdata-undici-054936847102\r\n"
         "Content-Disposition: form-data; name=\"avatar\"; filename=\"me.jpg\"\r\n"
         "Content-Type: image/jpeg\r\n\r\n",
         "\r\n------formdata-undici-054936847102--"},
        {"Alamofire, in the order of a dictionary",
         "multipart/form-data; boundary=alamofire.boundary.9ae1c1d3a5b7f2c4",
         "--alamofire.boundary.9ae1c1d3a5b7f2c4\r\n"
         "Content-Type: image/jpeg\r\n"
         "Content-Disposition: form-data; name=\"avatar\"; filename=\"my \"best\" side.jpg\"\r\n\r\n",
         "\r\n--alamofire.boundary.9ae1c1d3a5b7f2c4--\r\n", "my \"best\" side.jpg"},
        {"React Native on iOS", "multipart/form-data; boundary=Qf9cJ1Z7l0vYl7mJw4mR3xKq",
         "--Qf9cJ1Z7l0vYl7mJw4mR3xKq\r\n"
         "content-disposition: form-data; name=\"avatar\"; filename=\"me.jpg\"\r\n"
         "content-type: image/jpeg\r\n\r\n",
         "\r\n--Qf9cJ1Z7l0vYl7mJw4mR3xKq--\r\n"},
        {"Rust reqwest", "multipart/form-data; boundary=4a0f6a1f7f1a4c3b-2d9a8c7b6e5f4d3c",
         "--4a0f6a1f7f1a4c3b-2d9a8c7b6e5f4d3c\r\n"
         "Content-Disposition: form-data; name=\"avatar\"; filename=\"me.jpg\"\r\n"
         "Content-Type: image/jpeg\r\n\r\n",
         "\r\n--4a0f6a1f7f1a4c3b-2d9a8c7b6e5f4d3c--\r\n"},
        {"a microcontroller's own code", "multipart/form-data;boundary=cam",
         "--cam\r\ncontent-disposition:form-data;name=avatar;filename=me.jpg\r\ncontent-type:image/"
         "jpeg\r\n\r\n",
         "\r\n--cam--"},
    };
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(multipart)

BOOST_AUTO_TEST_CASE(forms_of_many_clients_are_taken) {
    for (const auto& client : clients()) {
        BOOST_TEST_CONTEXT(client.name) {
            const auto body = client.before + kPicture + client.after;
            BOOST_TEST(http::is_multipart_form(client.content_type));
            const auto upload = http::parse_upload(client.content_type, body, "avatar");
            BOOST_REQUIRE(!!upload);
            BOOST_TEST(upload->name == "avatar");
            BOOST_CHECK(upload->filename == client.filename);
            BOOST_TEST(upload->content_type == client.part_type);
            BOOST_TEST(upload->content == kPicture);
        }
    }
}

BOOST_AUTO_TEST_CASE(form_of_every_client_is_refused_when_cut_short) {
    for (const auto& client : clients()) {
        const auto body = client.before + kPicture + client.after;
        // A final line break may be missing.
        const auto whole = body.size() - (client.after.ends_with("--\r\n") ? 2 : 0);
        for (std::size_t size = 0; size < whole; ++size)
            BOOST_REQUIRE_MESSAGE(
                refusal(body.substr(0, size), client.content_type) == ErrorCode::bad_request, client.name);
    }
}

BOOST_AUTO_TEST_CASE(several_parts_come_in_their_order) {
    const auto parts = http::parse_multipart(
        kType,
        "preamble\r\n--abc \t\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n"
        "--abc\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n\r\n"
        "--abc\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--abc-- \r\nepilogue\r\n--abc\r\n");
    BOOST_REQUIRE(!!parts);
    BOOST_REQUIRE(parts->size() == 3U);
    BOOST_TEST(parts->at(0).name == "a");
    BOOST_TEST(parts->at(0).content == "1");
    BOOST_TEST(parts->at(1).name == "b");
    BOOST_TEST(parts->at(1).content.empty());
    BOOST_TEST(parts->at(2).name == "a");
    BOOST_TEST(http::parse_multipart(kType, "--abc--")->empty());
}

BOOST_AUTO_TEST_CASE(part_without_content_may_share_its_line_break) {
    const auto parts =
        http::parse_multipart(kType, "--abc\r\nContent-Disposition: form-data; name=a\r\n\r\n--abc--\r\n");
    BOOST_REQUIRE(!!parts);
    BOOST_TEST(parts->front().content.empty());
}

BOOST_AUTO_TEST_CASE(boundary_inside_a_line_or_longer_is_content) {
    const auto content =
        "body--abc\r\nContent-Disposition: form-data; name=role\r\n\r\nadmin\r\n--abcd\r\n--abc-\r\n--abc--x"s;
    const auto parts =
        http::parse_multipart(kType, with_head("Content-Disposition: form-data; name=a", content));
    BOOST_REQUIRE(!!parts);
    BOOST_REQUIRE(parts->size() == 1U);
    BOOST_TEST(parts->front().content == content);
}

BOOST_AUTO_TEST_CASE(name_of_a_file_is_never_the_name_of_a_field) {
    const auto parts = http::parse_multipart(
        kType, with_head("Content-Disposition: form-data; filename=\"name=role\"; name=\"avatar\""));
    BOOST_REQUIRE(!!parts);
    BOOST_TEST(parts->front().name == "avatar");
    for (const char* disposition :
         {"filename=\"x\"", "filename=\"x; name=y\"", "filename=x", "name*=UTF-8''avatar", "name", "name="})
        BOOST_CHECK_MESSAGE(
            refusal(with_head("Content-Disposition: form-data; "s + disposition)) == ErrorCode::bad_request,
            disposition);
}

BOOST_AUTO_TEST_CASE(damaged_heads_are_refused) {
    const std::string good = "Content-Disposition: form-data; name=a";
    for (const auto& head : {""s,
                             "x"s,
                             good + "\r\nno colon"s,
                             good + "\r\n: no name"s,
                             good + "\r\nSpaced : x"s,
                             " " + good,
                             good + "\r\n" + good,
                             good + "\r\nContent-Type: a/b\r\ncontent-type: c/d"s,
                             good + "; name=b"s,
                             good + "; filename=x; filename=y"s,
                             "Content-Disposition: attachment; name=a"s,
                             "Content-Disposition: form-data; name=\"a"s,
                             "Content-Disposition: form-data; name=a\"b\""s,
                             "Content-Disposition: form-data; name=\"a\0b\""s,
                             "Content-Disposition: form-data; name=\"a\nb\""s,
                             "Content-Disposition: form-data; name=\"a\rb\""s,
                             "Content-Disposition: form-data; name=\"\xff\""s,
                             "Content-Disposition: form-data; name=\"\""s,
                             "Content-Type: image/png"s,
                             good + "\r\nContent-Type: multipart/mixed; boundary=inner"s,
                             "\xef\xbb\xbf" + good})
        BOOST_CHECK_MESSAGE(refusal(with_head(head)) == ErrorCode::bad_request, head);
    BOOST_TEST(!refusal(with_head(good)).has_value());
}

BOOST_AUTO_TEST_CASE(encoded_parts_are_refused_as_of_another_type) {
    const std::string good = "Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: ";
    for (const char* encoding : {"binary", "8bit", "7BIT", "Binary", ""})
        BOOST_CHECK_MESSAGE(!refusal(with_head(good + encoding)).has_value(), encoding);
    for (const char* encoding : {"base64", "BASE64", "quoted-printable", "x-uuencode", "gzip"})
        BOOST_CHECK_MESSAGE(refusal(with_head(good + encoding)) == ErrorCode::unsupported_media_type,
                            encoding);
}

BOOST_AUTO_TEST_CASE(boundaries_are_those_of_rfc_2046) {
    const auto body = [](const std::string& boundary) {
        return "--" + boundary + "\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--" + boundary +
               "--";
    };
    const std::string every = "09azAZ'()+_,-./:=?";
    const std::string longest(http::kLongestBoundary, 'x');
    for (const auto& [type, boundary] :
         {std::pair{"multipart/form-data; boundary=\"" + every + " x\"", every + " x"},
          std::pair{"multipart/form-data; boundary=" + every, every},
          std::pair{"multipart/form-data; boundary=" + longest, longest},
          std::pair{"Multipart/Form-Data ; charset=utf-8 ;; BOUNDARY = \"abc\" ; x ; y=\"a;b\";"s, "abc"s}})
        BOOST_CHECK_MESSAGE(!refusal(body(boundary), type).has_value(), type);
    for (const auto& [type, boundary] :
         {std::pair{"multipart/form-data"s, ""s}, std::pair{"multipart/form-data; boundary="s, ""s},
          std::pair{"multipart/form-data; boundary=\"\""s, ""s},
          std::pair{"multipart/form-data; boundary=a b"s + "\xc3\xbc", "a b"s},
          std::pair{"multipart/form-data; boundary=\"abc "s, "abc "s},
          std::pair{"multipart/form-data; boundary=\"abc \""s, "abc "s},
          std::pair{"multipart/form-data; boundary=abc; boundary=abd"s, "abc"s},
          std::pair{"multipart/form-data; boundary=a\r\nb"s, "a\r\nb"s},
          std::pair{"multipart/form-data; xboundary=abc"s, "abc"s},
          std::pair{"multipart/form-data; x=\"; boundary=abc"s, "abc"s},
          std::pair{"multipart/form-data; boundary=" + longest + "x", longest + "x"}})
        BOOST_CHECK_MESSAGE(refusal(body(boundary), type) == ErrorCode::bad_request, type);
    BOOST_TEST(!http::is_multipart_form("application/json"));
    BOOST_TEST(!http::is_multipart_form("multipart/mixed; boundary=abc"));
}

BOOST_AUTO_TEST_CASE(limits_are_kept_and_one_past_them_is_refused) {
    const auto parts = [](std::size_t count) {
        std::string body;
        for (std::size_t i = 0; i < count; ++i)
            body += "--abc\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n";
        return body + "--abc--";
    };
    BOOST_TEST(http::parse_multipart(kType, parts(http::kMostFormParts))->size() == http::kMostFormParts);
    BOOST_CHECK(refusal(parts(http::kMostFormParts + 1)) == ErrorCode::bad_request);

    const auto head_of = [](std::size_t size) {
        const std::string head = "Content-Disposition: form-data; name=a\r\nX: ";
        return head + std::string(size - head.size(), 'x');
    };
    BOOST_TEST(!refusal(with_head(head_of(http::kLongestPartHead))).has_value());
    BOOST_CHECK(refusal(with_head(head_of(http::kLongestPartHead + 1))) == ErrorCode::bad_request);
    BOOST_CHECK(refusal(with_head(head_of(1'000'000))) == ErrorCode::bad_request);
}

BOOST_AUTO_TEST_CASE(hostile_bodies_are_refused) {
    const std::string part = "--abc\r\nContent-Disposition: form-data; name=a\r\n\r\n1";
    for (const auto& body :
         {""s, "nonsense"s, "--abc"s, "--abc\r\n"s, part, part + "\r\n"s, part + "\r\n--abc"s,
          part + "\r\n--abc\r\n"s, part + "--abc--"s, part + "\n--abc--"s, part + "\r\n--abc--x"s,
          part + "\r\n--abc\r\n--abc--"s, "--abc\nContent-Disposition: form-data; name=a\n\n1\n--abc--\n"s,
          "--abc\r\nContent-Disposition: form-data; name=a\r\n--abc\r\nX: y\r\n\r\n1\r\n--abc--"s,
          std::string(100'000, '\0'), std::string(100'000, '\r'), "--ABC--"s})
        BOOST_CHECK_MESSAGE(refusal(body) == ErrorCode::bad_request, body.substr(0, 80));
}

BOOST_AUTO_TEST_CASE(random_damage_harms_nobody) {
    fakes::Random random;
    const auto below = [&](std::size_t end) { return random.below(static_cast<std::uint32_t>(end)); };
    for (const auto& client : clients()) {
        for (int round = 0; round < 300; ++round) {
            auto type = client.content_type;
            auto body = client.before + kPicture + client.after;
            for (std::uint32_t i = 0; i <= random.below(4); ++i) {
                body[below(body.size())] = "\r\n-:;=\"\\ a\0\xff"s[random.below(12)];
                if (random.below(8) == 0) type[below(type.size())] = ";=\"\\ a\0\xff"s[random.below(8)];
            }
            if (random.below(3) == 0) body.erase(below(body.size()), random.below(9));
            if (random.below(4) == 0) body.resize(below(body.size() + 1));
            const auto parts = http::parse_multipart(type, body);
            if (!parts) continue;
            for (const auto& read : *parts)  // still inside the body
                BOOST_REQUIRE((read.content.data() >= body.data() || read.content.empty()));
        }
    }
}

BOOST_AUTO_TEST_CASE(upload_is_one_file_of_the_named_field) {
    const auto upload = [](const std::string& body) { return http::parse_upload(kType, body, "avatar"); };
    const auto part = [](const char* head, const std::string& content = kPicture) {
        return "--abc\r\nContent-Disposition: form-data; " + std::string{head} + "\r\n\r\n" + content +
               "\r\n";
    };
    const auto good = part("name=\"avatar\"; filename=\"x\"");
    for (const auto& body : {good, part("name=\"avatar\"; filename=\"x\"", "text"), part("name=\"avatar\""),
                             part("name=\"avatar\"\r\nContent-Type: text/plain"),
                             part("name=\"avatar\"\r\nContent-Type: image/png", "text")})
        BOOST_CHECK_MESSAGE(!!upload(body + "--abc--"), body);
    for (const auto& body :
         {""s, good + good, good + part("name=\"role\""), part("name=\"picture\"; filename=\"x\""),
          part("name=\"avatar\"", "text"), part("name=\"avatar\"\r\nContent-Type: Text/Plain", "text"),
          part("name=\"Avatar\"; filename=\"x\"")}) {
        const auto refused = upload(body + "--abc--");
        BOOST_REQUIRE_MESSAGE(!refused, body);
        BOOST_CHECK_MESSAGE(refused.error().code == ErrorCode::validation_failed, body);
        BOOST_TEST(refused.error().fields.front().field == "avatar");
    }
    BOOST_CHECK(upload(good).error().code == ErrorCode::bad_request);
}

BOOST_AUTO_TEST_SUITE_END()
