#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ini.h"
#include "base/log.h"
#include "base/result.h"
#include "base/secret.h"

namespace csauth {

/// What an administrator can set. The members have the defaults; docs/operate/configuration.md describes each
/// key. It holds names of secret files, never a secret.
struct Config {
    struct {
        std::string run_dir = "/run/csauth";  ///< sockets, lock and pid file
        std::string nginx_user = "www-data";  ///< besides root and ourselves, the one who may connect
        std::string socket_group;             ///< group of the sockets; our own where empty
        std::string node_name;  ///< among the nodes that share a database; the host's name where empty
        unsigned edge_workers = 2;
        unsigned api_workers = 8;
        unsigned hash_workers = 0;  ///< 0: as many as there are cores
        unsigned edge_backlog = 4096;
        unsigned api_backlog = 4096;
        unsigned hash_backlog = 128;  ///< sign-ins that may wait for a hash worker
        std::chrono::seconds request_deadline{30};
        std::chrono::seconds drain_timeout{30};
        unsigned streams = 4096;          ///< live streams at once
        unsigned max_requests = 100'000;  ///< after about this many a worker is replaced
        std::string proxy_key_file;       ///< what proxies on other machines show; none may ask where empty
    } server;

    struct {
        std::string name = "CollabSphere";
        std::string url = "https://localhost";
        std::string verify_url = "{url}/verify-email/#token={token}";
        std::string code_url = "{url}/verify-code/";
        std::string reset_url = "{url}/reset-password/#token={token}";
        std::string email_change_url = "{url}/confirm-email/#token={token}";
        std::string email_revert_url = "{url}/revert-email/#token={token}";
        std::string invitation_url = "{url}/invitation/#token={token}";
        std::string cookie_domain;  ///< the domain whose hosts get the site cookie; none where empty
        std::string return_hosts;   ///< where the sign-in page may send people back to, besides `url`
        std::string cors_origins;   ///< origins whose pages may read our answers (CORS), with commas between
        bool cors_credentials = false;  ///< whether those pages may use the cookies of a session
    } site;

    struct {
        std::string socket;  ///< "/run/mysqld/mysqld.sock"; host and port count where it is empty
        std::string host = "localhost";
        unsigned port = 3306;
        std::string name = "csauth";
        std::string user = "csauth";
        std::string password_file;
        std::string keeper_user;  ///< may change the audit log; `user` where empty
        std::string keeper_password_file;
        std::string migrate_user;  ///< may change the schema; `user` where empty
        std::string migrate_password_file;
        std::string tls_ca;
        std::chrono::seconds connect_timeout{1};
        std::chrono::seconds query_timeout{5};
    } database;

    struct {
        std::string dir = "/etc/csauth/keys";
    } keys;

    struct {
        std::string dir = "/var/lib/csauth/avatars";
    } avatars;

    struct {
        std::string issuer = "csauth";
        std::string audience = "csauth";
        std::chrono::seconds access_lifetime{10 * 60};
        std::chrono::seconds idle_lifetime{30L * 24 * 60 * 60};
        std::chrono::seconds session_lifetime{90L * 24 * 60 * 60};
        std::string rotation = "compatible";  ///< on, off or compatible: sessions::Rotation
        bool strict_refresh = false;          ///< the token one step behind is never answered
        std::string on_stale = "allow";       ///< allow or refuse, when a token's recall can't be looked up
        std::string
            unverified_audiences;  ///< audiences whose tokens accounts without a confirmed address get
    } tokens;

    struct {
        unsigned memory_kib = 19 * 1024;
        unsigned passes = 2;
        std::string pepper_file;
    } passwords;

    struct {
        std::string host = "localhost";
        unsigned port = 25;
        std::string tls = "starttls";  ///< starttls, implicit or none
        std::string ca_file;           ///< the system's where empty
        std::string user;
        std::string password_file;
        bool allow_plaintext_login = false;  ///< credentials without TLS, to a loopback address only
        std::string from = "no-reply@localhost.localdomain";
        std::string from_name;  ///< site.name where empty
        std::string reply_to;   ///< none where empty
        std::string helo_name = "localhost";
        std::string templates = "/usr/share/csauth/mail";
        std::chrono::seconds first_retry{
            60};                            ///< the wait after a mail's first failure; it doubles with each
        std::chrono::seconds timeout{300};  ///< for one command; RFC 5321 section 4.5.3.2 asks for 5 minutes
        unsigned rate = 0;                  ///< mails a minute, at most; 0: as many as the relay takes
    } mail;

    struct {
        bool enabled = true;
    } limits;

    struct {
        std::chrono::seconds retention{400L * 24 * 60 * 60};
    } audit;

    struct {
        std::string key_file;  ///< what a notifier shows for push targets; nobody gets any where empty
    } push;

    struct {
        std::string file;  ///< standard error where empty
        LogLevel level = LogLevel::info;
    } log;
};

/// Reads "90s", "15m", "12h" or "30d". Returns nullopt for anything else, such as a number without a unit, 0,
/// and more than ten years.
std::optional<std::chrono::seconds> duration_in(std::string_view text);

/// Returns the sentence for a text that duration_in() does not take.
std::string fault_of_duration(const std::string& text);

/// Looks up an environment variable.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
Environment process_environment();

/// Reads `file`, then CSAUTH_<SECTION>_<KEY> of the environment on top. All that is wrong is told at once:
/// unknown keys and variables, wrong types, secret files that are missing or open to everybody. `config` gets
/// what is good.
std::vector<ConfigProblem> read_config(const std::string& file, const Environment& environment,
                                       const std::vector<std::string>& variable_names, Config& config);

/// The same with faults_of_secrets(), for callers that have no use for a configuration with problems.
Result<Config, std::vector<ConfigProblem>> load_config(const std::string& file,
                                                       const Environment& environment,
                                                       const std::vector<std::string>& variable_names);

/// The names of all variables of this process that begin with CSAUTH_.
std::vector<std::string> csauth_variables();

/// Every key as "section.key", for the documentation's test.
std::vector<std::string> config_keys();

/// Where the configuration is: --config, else CSAUTH_CONFIG, else /etc/csauth/csauth.ini.
std::string config_file(const std::optional<std::string>& option, const Environment& environment);

}  // namespace csauth
