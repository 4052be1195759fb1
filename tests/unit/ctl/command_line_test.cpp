#include "ctl/command_line.h"

#include <boost/test/unit_test.hpp>
#include <sstream>

using namespace csauth;

namespace {

constexpr ctl::Command kCommands[] = {
    {"user", "ban", "USER", 1, 1, "keep a user out", nullptr, "reason for"},
    {"user", "show", "USER", 1, 1, "show a user", nullptr},
    {"role", "grant", "USER ROLE", 2, 2, "give a role to a user", nullptr},
    {"migrate", "", "", 0, 0, "bring the schema up to date", nullptr},
    {"migrate", "status", "", 0, 0, "say which migrations are applied", nullptr},
    {"mail", "list", "[STATE]", 0, 1, "list mails", nullptr},
};
constexpr ctl::Option kOptions[] = {{"reason", "TEXT", "why"}, {"for", "DURATION", "how long"}};
constexpr ctl::Example kExamples[] = {{"user ban", "joe --for 3d"}};

struct Fixture {
    ctl::CommandLine line{kCommands, kOptions, kExamples};
    std::ostringstream out;
    std::ostringstream errors;

    std::string name_found(const std::vector<std::string>& words) {
        errors.str("");
        const auto* found = line.find(words, errors);
        return found == nullptr ? "" : name_of(*found);
    }
    bool says(std::string_view text) const { return errors.str().find(text) != std::string::npos; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(command_line)

BOOST_FIXTURE_TEST_CASE(words_find_their_command, Fixture) {
    BOOST_TEST(name_found({"user", "ban", "joe"}) == "user ban");
    BOOST_TEST(name_found({"migrate"}) == "migrate");
    BOOST_TEST(name_found({"migrate", "status"}) == "migrate status");
    BOOST_TEST(name_found({"mail", "list"}) == "mail list");
    BOOST_TEST(name_found({"mail", "list", "sent"}) == "mail list");
    BOOST_TEST(errors.str().empty());
}

BOOST_FIXTURE_TEST_CASE(typo_names_the_command_that_was_meant, Fixture) {
    BOOST_TEST(name_found({"user", "bann", "joe"}).empty());
    BOOST_TEST(says("there is no command 'user bann'; did you mean 'user ban'?"));
    BOOST_TEST(says("usage: csauthctl user ban USER"));
    BOOST_TEST(!says("role grant"));
    BOOST_TEST(name_found({"migrat"}).empty());
    BOOST_TEST(says("did you mean 'migrate'?"));
}

BOOST_FIXTURE_TEST_CASE(unknown_word_is_named, Fixture) {
    BOOST_TEST(name_found({"bogus"}).empty());
    BOOST_TEST(says("there is no command 'bogus'; 'csauthctl help' lists all"));
    BOOST_TEST(name_found({"user", "photograph", "joe"}).empty());
    BOOST_TEST(says("there is no command 'user photograph'"));
    BOOST_TEST(says("user ban USER"));
    BOOST_TEST(!says("role grant"));
    BOOST_TEST(name_found({"user"}).empty());
    BOOST_TEST(says("'user' needs another word"));
    BOOST_TEST(name_found({}).empty());
    BOOST_TEST(says("no command is given"));
}

BOOST_FIXTURE_TEST_CASE(wrong_number_of_words_is_named, Fixture) {
    BOOST_TEST(name_found({"user", "show"}).empty());
    BOOST_TEST(says("USER is missing"));
    BOOST_TEST(name_found({"role", "grant", "joe"}).empty());
    BOOST_TEST(says("ROLE is missing"));
    BOOST_TEST(name_found({"user", "show", "joe", "ann"}).empty());
    BOOST_TEST(says("'ann' is one word too many for 'user show'"));
    BOOST_TEST(name_found({"migrate", "now"}).empty());
    BOOST_TEST(says("'now' is one word too many for 'migrate'"));
    BOOST_TEST(!says("user ban"));
}

BOOST_FIXTURE_TEST_CASE(option_of_another_command_is_refused, Fixture) {
    ctl::Arguments arguments;
    arguments.options.emplace("for", "3d");
    BOOST_TEST(line.takes(kCommands[0], arguments, errors));
    BOOST_TEST(!line.takes(kCommands[1], arguments, errors));
    BOOST_TEST(says("'user show' takes no --for"));
}

BOOST_FIXTURE_TEST_CASE(help_shows_only_what_was_asked_for, Fixture) {
    BOOST_TEST(line.print_help(out, errors, {"user", "ban"}));
    BOOST_TEST(out.str() ==
               "usage: csauthctl user ban USER [OPTIONS]\n\n  keep a user out\n\n"
               "  --reason TEXT   why\n  --for DURATION  how long\n\n"
               "example: csauthctl user ban joe --for 3d\n");
    out.str("");
    BOOST_TEST(line.print_help(out, errors, {"user"}));
    BOOST_TEST(out.str().find("user show USER") != std::string::npos);
    BOOST_TEST(out.str().find("role") == std::string::npos);
    BOOST_TEST(!line.print_help(out, errors, {"bogus"}));
    BOOST_TEST(says("'bogus'"));
    out.str("");
    BOOST_TEST(line.print_help(out, errors, {}));
    for (const auto& command : kCommands)
        BOOST_TEST(out.str().find("  " + name_of(command)) != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
