#include "config.h"

#include <boost/test/unit_test.hpp>
#include <map>

#include "data.h"
#include "secret_files.h"

BOOST_AUTO_TEST_SUITE(config)

using namespace csauth;

struct Fixture {
    tests::TemporaryDirectory directory;
    std::map<std::string, std::string> variables;

    Result<Config, std::vector<ConfigProblem>> load(const std::string& text) {
        const auto file = directory.write("csauth.ini", text, std::filesystem::perms::owner_all);
        std::vector<std::string> names;
        for (const auto& [name, value] : variables)
            names.push_back(name);
        return load_config(file, environment(), names);
    }
    Environment environment() {
        return [this](const std::string& name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional{found->second};
        };
    }
};

BOOST_FIXTURE_TEST_CASE(values_of_every_type_are_read, Fixture) {
    const auto config = load(
        "# comment\n; another\n\n[server]\napi_workers = 3\nrequest_deadline = 15m\n[site]\nname = A = B # "
        "no comment\n"
        "[limits]\nenabled = off\n[log]\nlevel = debug\n[mail]\nport = 465\ntls = implicit\n");
    BOOST_REQUIRE(config);
    BOOST_TEST(config->server.api_workers == 3U);
    BOOST_CHECK(config->server.request_deadline == std::chrono::minutes{15});
    BOOST_TEST(config->site.name == "A = B # no comment");
    BOOST_TEST(!config->limits.enabled);
    BOOST_CHECK(config->log.level == LogLevel::debug);
    BOOST_TEST(config->mail.tls == "implicit");
    BOOST_TEST(config->server.max_requests == 100'000U);
}

BOOST_FIXTURE_TEST_CASE(a_variable_wins_over_the_file, Fixture) {
    variables = {{"CSAUTH_SERVER_API_WORKERS", "7"}, {"CSAUTH_CONFIG", "/elsewhere"}};
    const auto config = load("[server]\napi_workers = 3\n");
    BOOST_REQUIRE(config);
    BOOST_TEST(config->server.api_workers == 7U);
}

BOOST_FIXTURE_TEST_CASE(all_that_is_wrong_is_told_at_once_with_its_place, Fixture) {
    variables = {{"CSAUTH_SERVER_API_WORKERS", "many"}, {"CSAUTH_NO_SUCH_KEY", "1"}};
    const auto open_file = directory.write("open", "secret", std::filesystem::perms::all);
    const auto empty_file = directory.write("empty", "");
    const auto config = load(
        "[server]\napi_worker = 3\nhash_workers = -1\nnonsense\n[mail]\nport = 0\nport = 25\ntls = maybe\n"
        "password_file = " +
        open_file +
        "\nuser = relay\n[database]\npassword_file = /nowhere/at/all\n"
        "migrate_password_file = " +
        empty_file +
        "\n[tokens]\naccess_lifetime = 10 minutes\n"
        "[limits]\nenabled = yes\n[log]\nlevel = loud\n[site]\nurl = ftp://x\nverify_url = http://x/\n");
    BOOST_REQUIRE(!config);
    std::string all;
    for (const auto& problem : config.error())
        all += problem.where.substr(problem.where.rfind('/') + 1) + " " + problem.text + "\n";
    for (const char* expected :
         {"csauth.ini:2 there is no key 'api_worker'", "csauth.ini:3 hash_workers: a number",
          "csauth.ini:4 this is neither", "csauth.ini:6 port: a number",
          "csauth.ini:7 'port' stands here a second time", "csauth.ini:8 tls: one of",
          "csauth.ini:15 access_lifetime: a time", "csauth.ini:17 enabled: on or off",
          "csauth.ini:19 level: one of", "CSAUTH_SERVER_API_WORKERS a number",
          "CSAUTH_NO_SUCH_KEY there is no such key", "csauth.ini:9 mail.password_file: the secret file",
          "open to everybody", "/nowhere/at/all can't be read", "is empty",
          "csauth.ini:21 site.url: an address", "csauth.ini:22 site.verify_url: {token} is missing"})
        BOOST_TEST(all.find(expected) != std::string::npos, expected << " in:\n" << all);
}

BOOST_FIXTURE_TEST_CASE(a_file_that_is_missing_is_a_problem, Fixture) {
    const auto config = load_config("/nowhere/csauth.ini", environment(), {});
    BOOST_REQUIRE(!config);
    BOOST_TEST(config.error().front().where == "/nowhere/csauth.ini");
}

BOOST_FIXTURE_TEST_CASE(a_secret_is_the_first_line_of_its_file, Fixture) {
    const auto file = directory.write("password", "hunter2\nmore\n");
    BOOST_TEST(read_secret_file(file, environment()).reveal() == "hunter2");
    variables["CREDENTIALS_DIRECTORY"] = directory.path().string();
    BOOST_TEST(read_secret_file("credential:password", environment()).reveal() == "hunter2");
    BOOST_TEST(read_secret_file("", environment()).empty());
    BOOST_CHECK_THROW((void)read_secret_file("/nowhere", environment()), std::runtime_error);
}

BOOST_FIXTURE_TEST_CASE(the_file_is_named_by_option_then_variable_then_custom, Fixture) {
    BOOST_TEST(config_file(std::nullopt, environment()) == "/etc/csauth/csauth.ini");
    variables["CSAUTH_CONFIG"] = "/b";
    BOOST_TEST(config_file(std::nullopt, environment()) == "/b");
    BOOST_TEST(config_file("/a", environment()) == "/a");
}

BOOST_AUTO_TEST_CASE(the_sample_and_the_documentation_name_every_key) {
    const auto sample = tests::content("systemd/csauth.ini");
    const auto documentation = tests::content("docs/operate/configuration.md");
    for (const auto& key : config_keys()) {
        const auto name = key.substr(key.find('.') + 1);
        const bool in_sample = sample.find("\n#" + name + " =") != std::string::npos ||
                               sample.find("\n" + name + " =") != std::string::npos;
        BOOST_TEST(in_sample, key);
        BOOST_TEST(documentation.find("`" + key + "`") != std::string::npos, key);
    }
}

BOOST_AUTO_TEST_SUITE_END()
