#include "mail_composer.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <regex>
#include <set>

#include "base/timestamps.h"
#include "data.h"
#include "users/profile.h"

using namespace csauth;

namespace {

const std::string kTemplates = "src/domain/outbox/templates";

std::multiset<std::string> places_in(const std::string& path) {
    std::ifstream file{path};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    const std::regex place{R"(\{\{([a-z_]+)\}\})"};
    std::multiset<std::string> places;
    for (std::sregex_iterator match{text.begin(), text.end(), place}, end; match != end; ++match)
        places.insert((*match)[1]);
    return places;
}

struct Fixture {
    Config config;
    Fixture() {
        config.mail.templates = kTemplates;
        config.mail.from = "no-reply@example.com";
        config.mail.reply_to = "help@example.com";
        config.site.url = "https://auth.example.com";
    }
    std::string composed(const outbox::Letter& letter) const {
        return compose(config, mail_templates(config), letter, "id-1", letter.recipient,
                       *parse_sql_datetime("2026-11-23 08:00:00.000000"));
    }
    static outbox::Letter letter(outbox::Template which, const std::string& language) {
        return {.which = which,
                .language = language,
                .recipient = "ann@example.com",
                .parameters = {{"username", "annie"},
                               {"ip", "192.0.2.1"},
                               {"user_agent", "Browser"},
                               {"time", "2026-11-23 08:00 UTC"},
                               {"until", "2026-11-30 08:00 UTC"},
                               {"reason", "Spam"}},
                .token = Secret{std::string_view{"TOKEN"}},
                .code = Secret{std::string_view{"ABCD2345"}},
                .give_up_at = {}};
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mail_composer)

BOOST_FIXTURE_TEST_CASE(every_text_is_there_in_every_language_and_names_the_same, Fixture) {
    const auto templates = mail_templates(config);
    for (const auto which : outbox::kAllTemplates) {
        const std::string name{name_of(which)};
        const auto english = places_in(kTemplates + "/en/" + name + ".txt");
        BOOST_TEST(templates.languages_of(name).size() == std::size(users::kLanguages), name);
        BOOST_TEST(english.contains("link") == outbox::holds_token(which), name);
        for (const auto language : users::kLanguages) {
            const auto path = kTemplates + "/" + std::string{language} + "/" + name + ".txt";
            const auto places = places_in(path);
            // A name may be said more often in one language than in another.
            BOOST_TEST((std::set<std::string>{places.begin(), places.end()} ==
                        std::set<std::string>{english.begin(), english.end()}),
                       path);
            const auto mail = composed(letter(which, std::string{language}));
            BOOST_TEST(mail.find("{{") == std::string::npos, path);
            BOOST_TEST(mail.find("Reply-To: <help@example.com>\r\n") != std::string::npos);
            BOOST_TEST(mail.find("lang=3D\"" + std::string{language} + "\"") != std::string::npos, path);
        }
    }
}

BOOST_FIXTURE_TEST_CASE(a_language_is_not_english_under_another_name, Fixture) {
    for (const auto which : outbox::kAllTemplates) {
        std::set<std::string> texts;
        for (const auto language : users::kLanguages)
            texts.insert(mail_templates(config)
                             .render(name_of(which), std::string{language},
                                     {{"site", "s"},
                                      {"url", "u"},
                                      {"link", "l"},
                                      {"code", "c"},
                                      {"code_url", "p"},
                                      {"username", "n"},
                                      {"ip", "i"},
                                      {"user_agent", "a"},
                                      {"time", "t"},
                                      {"until", "u"},
                                      {"reason", "r"}})
                             .text);
        BOOST_TEST(texts.size() == std::size(users::kLanguages), name_of(which));
    }
}

BOOST_FIXTURE_TEST_CASE(each_link_leads_where_its_token_is_taken, Fixture) {
    const auto has = [&](outbox::Template which, const char* link) {
        return composed(letter(which, "en")).find(link) != std::string::npos;
    };
    BOOST_TEST(has(outbox::Template::verify_email, "https://auth.example.com/verify-email/#token=3DTOKEN"));
    BOOST_TEST(has(outbox::Template::verify_email, "ABCD-2345"));
    BOOST_TEST(
        has(outbox::Template::reset_password, "https://auth.example.com/reset-password/#token=3DTOKEN"));
    BOOST_TEST(has(outbox::Template::change_email, "https://auth.example.com/confirm-email/#token=3DTOKEN"));
    BOOST_TEST(has(outbox::Template::email_changed, "https://auth.example.com/revert-email/#token=3DTOKEN"));
}

BOOST_FIXTURE_TEST_CASE(sender_is_the_site_unless_it_is_named, Fixture) {
    config.site.name = "Example Hosting";
    const auto which = outbox::Template::verify_email;
    BOOST_TEST(
        composed(letter(which, "en")).find("From: \"Example Hosting\"\r\n <no-reply@example.com>\r\n") !=
        std::string::npos);
    config.mail.from_name = "The Postmaster";
    BOOST_TEST(
        composed(letter(which, "en")).find("From: \"The Postmaster\"\r\n <no-reply@example.com>\r\n") !=
        std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(code_has_a_page_in_every_language, Fixture) {
    for (const auto language : users::kLanguages) {
        const auto text = mail_templates(config).render("verify_email", std::string{language},
                                                        {{"site", "s"},
                                                         {"url", "u"},
                                                         {"link", "l"},
                                                         {"code", "c"},
                                                         {"code_url", "https://a.example/verify-code/"}});
        BOOST_TEST(text.text.find("https://a.example/verify-code/") != std::string::npos, language);
        BOOST_TEST(
            text.html.find("<a href=\"https://a.example/verify-code/\">https://a.example/verify-code/</a>") !=
                std::string::npos,
            language);
    }
    BOOST_TEST(composed(letter(outbox::Template::verify_email, "en"))
                   .find("https://auth.example.com/verify-code/") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(html_has_a_button_and_fits_a_phone, Fixture) {
    const std::string link = "https://auth.example.com/#token=" + std::string(43, 'x');
    for (const auto which : outbox::kAllTemplates)
        for (const auto language : users::kLanguages) {
            const auto text = mail_templates(config).render(name_of(which), std::string{language},
                                                            {{"site", "s"},
                                                             {"url", "u"},
                                                             {"link", link},
                                                             {"code", "c"},
                                                             {"code_url", "p"},
                                                             {"username", "n"},
                                                             {"ip", "i"},
                                                             {"user_agent", "a"},
                                                             {"time", "t"},
                                                             {"until", "u"},
                                                             {"reason", "r"}});
            const auto where = std::string{language} + '/' + std::string{name_of(which)};
            BOOST_TEST(text.html.find("<meta name=\"viewport\"") != std::string::npos, where);
            BOOST_TEST(text.html.find("<meta name=\"color-scheme\"") != std::string::npos, where);
            BOOST_TEST(text.subject.find('\n') == std::string::npos, where);
            BOOST_TEST(text.text.find("Button") == std::string::npos, where);
            std::size_t links = 0;
            for (auto at = text.html.find("<a href=\"" + link); at != std::string::npos;
                 at = text.html.find("<a href=\"" + link, at + 1))
                ++links;
            BOOST_TEST(links == (holds_token(which) ? 2U : 0U), where);  // the button, and the link itself
            if (holds_token(which))
                BOOST_TEST(text.html.find("overflow-wrap: anywhere; word-break: break-word\"><a href=\"" +
                                          link) != std::string::npos,
                           where);
        }
}

// RFC 5322 section 2.1.1 and RFC 2047 section 2. A relay may refuse longer lines, or break them at a wrong
// place.
BOOST_FIXTURE_TEST_CASE(header_lines_are_short_in_every_language, Fixture) {
    for (const char* site : {"CollabSphere", "Zusammenarbeit f\xc3\xbcr Vereine und B\xc3\xbcrgerinitiativen",
                             "An Example of a Rather Long Name for a Site That Fills Whole Lines Alone"}) {
        config.site.name = site;
        config.mail.from_name = site;
        for (const auto which : outbox::kAllTemplates)
            for (const auto language : users::kLanguages) {
                const auto mail = composed(letter(which, std::string{language}));
                std::size_t lines = 0;
                for (std::size_t at = 0; at < mail.size();) {
                    const auto end = mail.find("\r\n", at);
                    BOOST_REQUIRE(end != std::string::npos);
                    const auto line = mail.substr(at, end - at);
                    BOOST_TEST(line.size() <= 78U, name_of(which) << ' ' << language << ": " << line);
                    if (line.find("=?UTF-8?") != std::string::npos)
                        BOOST_TEST(line.size() <= 76U, name_of(which) << ' ' << language << ": " << line);
                    ++lines;
                    at = end + 2;
                }
                BOOST_TEST(lines > 20U);
            }
    }
}

// Whatever people call themselves and their browsers: no header, no recipient, no second message, no markup.
BOOST_FIXTURE_TEST_CASE(what_users_choose_adds_nothing_to_a_mail, Fixture) {
    const auto harmless = composed(letter(outbox::Template::new_device, "en"));
    const auto header_names = [](const std::string& mail) {
        std::vector<std::string> names;
        const std::string head = mail.substr(0, mail.find("\r\n\r\n"));
        for (std::size_t at = 0; at < head.size();) {
            const auto end = std::min(head.find("\r\n", at), head.size());
            if (head[at] != ' ') names.push_back(head.substr(at, head.find(':', at) - at));
            at = end + 2;
        }
        return names;
    };
    const auto parts = [](const std::string& mail) {
        std::size_t count = 0;
        for (auto at = mail.find("\r\n--=_"); at != std::string::npos; at = mail.find("\r\n--=_", at + 1))
            ++count;
        return count;
    };
    for (const char* evil : {"x\r\nBcc: eve@example.com", "x\nBcc: eve@example.com",
                             "x\r\n\r\n.\r\nMAIL FROM:<eve@example.com>\r\n", "\r\n.\r\n", "\r.\r",
                             "\n--=_696431--\n", "=?UTF-8?B?AAAA?=", "{{link}}{{token}}",
                             "<script>alert(1)</script><a href=\"https://evil.example/\">",
                             "\xe2\x80\xa8"
                             "Bcc: x",
                             "%s%n", "\x1b[2J"}) {
        auto letter = Fixture::letter(outbox::Template::new_device, "en");
        for (auto& [name, value] : letter.parameters)
            value = evil;
        const auto mail = composed(letter);
        BOOST_TEST(header_names(mail) == header_names(harmless), boost::test_tools::per_element());
        BOOST_TEST(parts(mail) == parts(harmless));
        BOOST_TEST(mail.find("<script>", mail.find("text/html")) == std::string::npos);
        BOOST_TEST(mail.find("TOKEN") == std::string::npos);
        for (std::size_t i = 0; i < mail.size(); ++i) {
            if (mail[i] == '\n') BOOST_REQUIRE(i > 0 && mail[i - 1] == '\r');
            if (mail[i] == '\r') BOOST_REQUIRE(i + 1 < mail.size() && mail[i + 1] == '\n');
        }
        BOOST_TEST(mail::dot_stuffed(mail).find("\r\n.\r\n") == mail::dot_stuffed(mail).size() - 5);
    }
}

BOOST_FIXTURE_TEST_CASE(mail_to_unconfirmed_address_repeats_nothing_typed, Fixture) {
    const std::set<std::string> own{"site", "url", "link", "code", "code_url"};
    const std::set<std::string> with_language{"site", "url", "content", "language"};
    for (const char* layout : {"layout.txt", "layout.html"})
        for (const auto& place : places_in(kTemplates + "/" + layout))
            BOOST_TEST(with_language.contains(place), layout);
    for (const auto which : outbox::kAllTemplates) {
        for (const auto language : users::kLanguages) {
            const auto path =
                kTemplates + "/" + std::string{language} + "/" + std::string{name_of(which)} + ".txt";
            const auto places = places_in(path);
            const bool is_neutral = std::all_of(places.begin(), places.end(),
                                                [&](const auto& place) { return own.contains(place); });
            BOOST_TEST(is_neutral == may_reach_unconfirmed(which), path);

            auto letter = Fixture::letter(which, std::string{language});
            for (auto& [name, value] : letter.parameters)
                value = "zqxj";
            const bool repeats = composed(letter).find("zqxj") != std::string::npos;
            BOOST_TEST(repeats != may_reach_unconfirmed(which), path);
        }
    }
}

BOOST_FIXTURE_TEST_CASE(own_template_that_names_a_stranger_is_refused, Fixture) {
    const tests::TemporaryDirectory directory;
    const auto copy = directory.path() / "mail";
    std::filesystem::copy(kTemplates, copy, std::filesystem::copy_options::recursive);
    config.mail.templates = copy.string();
    BOOST_CHECK_NO_THROW(check_mail(config));
    std::ofstream{copy / "de" / "verify_email.txt", std::ios::app} << "\n\nHallo {{username}}\n";
    BOOST_CHECK_EXCEPTION(check_mail(config), std::runtime_error, [](const auto& e) {
        return std::string{e.what()} ==
               "de/verify_email.txt: a mail template names {{username}}, which has no value";
    });
}

BOOST_FIXTURE_TEST_CASE(link_leads_to_the_page_of_its_kind, Fixture) {
    BOOST_TEST(link_to(config, outbox::Template::invitation, "TOKEN") ==
               "https://auth.example.com/invitation/#token=TOKEN");
    BOOST_TEST(link_to(config, outbox::Template::new_device, "TOKEN").empty());
}

BOOST_AUTO_TEST_SUITE_END()
