#include "checked_config.h"

#include <unistd.h>

#include <exception>
#include <iostream>
#include <string_view>

#include "base/exit_status.h"
#include "config_rules.h"
#include "database_check.h"
#include "findings.h"
#include "key_rings.h"
#include "machine_check.h"
#include "mail_composer.h"
#include "secret_files.h"
#include "streaming.h"

namespace csauth {
namespace {

/// Returns what is wrong with the key rings and the secret files. A child process reads them.
std::vector<ConfigProblem> check_secrets(const Config& config) {
    constexpr std::string_view between = ": ";
    const auto findings = found_by_child([&] {
        std::vector<Finding> found;
        const auto note = [&](const std::vector<ConfigProblem>& problems) {
            for (const auto& problem : problems)
                found.push_back({Finding::Kind::problem,
                                 std::string{problem.where}.append(between).append(problem.text)});
        };
        if (const auto keys = load_key_rings(config, kAllRings); !keys) note(keys.error());
        note(faults_of_secrets(config, process_environment()));
        return found;
    });
    std::vector<ConfigProblem> problems;
    problems.reserve(findings.size());
    for (const auto& finding : findings) {
        const auto at = finding.text.find(between);
        problems.push_back({finding.text.substr(0, at), finding.text.substr(at + between.size())});
    }
    return problems;
}

}  // namespace

Result<Config, std::vector<ConfigProblem>> load_checked_config(const std::string& file) {
    Config config;
    auto problems = read_config(file, process_environment(), csauth_variables(), config);
    const auto secrets = check_secrets(config);
    problems.insert(problems.end(), secrets.begin(), secrets.end());
    try {
        check_mail(config);
    } catch (const std::exception& e) {
        problems.push_back({"mail", e.what()});
    }
    if (!problems.empty()) return problems;
    return config;
}

void print(const std::vector<ConfigProblem>& problems) {
    for (const auto& problem : problems)
        std::cerr << "csauthd: " << problem.where << ": " << problem.text << '\n';
}

int check_config(const std::string& file) {
    using namespace exit_status;
    if (::geteuid() == 0) {
        Config config;
        (void)read_config(file, process_environment(), csauth_variables(), config);
        if (const auto user = service_user(config)) {
            std::cerr << "csauthd: checking with the rights of " << *user << ", who owns the keys\n";
            become(*user);
        }
    }
    auto config = load_checked_config(file);
    if (config)
        if (auto problems = check_machine(*config); !problems.empty()) config = std::move(problems);
    if (!config) {
        print(config.error());
        return kConfig;
    }
    const auto warn = [](const std::string& text) { std::cerr << "csauthd: warning: " << text << '\n'; };
    for (const auto& doubt : doubts(*config))
        warn(doubt.where + ": " + doubt.text);
    if (const auto problem = raise_descriptors(*config)) warn(*problem);
    for (const auto& reason : why_nginx_is_locked_out(*config, paths_for_nginx(*config, {})))
        warn(reason);

    int status = 0;
    const auto look = [&] {
        auto found = look_at_database(*config);
        const bool is_away = !found.empty() && found.back().kind == Finding::Kind::remark;
        const auto of_migrator = is_away ? std::vector<Finding>{} : look_as_migrator(*config);
        found.insert(found.end(), of_migrator.begin(), of_migrator.end());
        return found;
    };
    for (const auto& finding : found_by_child(look)) {
        if (finding.kind == Finding::Kind::warning) {
            warn(finding.text);
            continue;
        }
        std::cerr << "csauthd: " << finding.text << '\n';
        if (status != kConfig) status = finding.kind == Finding::Kind::problem ? kConfig : kUnavailable;
    }
    if (status == 0)
        std::cout << "csauthd: the configuration " << file << " is good\n";
    else if (status == kUnavailable)
        std::cerr << "csauthd: " << file
                  << " has no other fault, but no connection to the database can be opened\n";
    return status;
}

}  // namespace csauth
