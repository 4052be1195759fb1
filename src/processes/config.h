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

/// The most workers of one pool.
inline constexpr unsigned kMostWorkers = 200;

/// The settings of an administrator, with their defaults. docs/operate/configuration.md describes each key.
/// Paths of secret files are here, and never a secret. Such a path may also be "credential:NAME", a file of
/// systemd's LoadCredential.
///
/// Lists are texts with commas between the items. The rules for values are in config_rules.cpp, and the
/// ranges of numbers in config.cpp.
struct Config {
    struct {
        std::string run_dir = "/run/csauth";  ///< the directory of the sockets, the lock and the pid file
        std::string nginx_user = "www-data";  ///< may connect to the sockets, besides root and our own user
        std::string socket_group;             ///< group of the sockets; empty: our own
        std::string node_name;         ///< its name among nodes with one database; empty: the host's name
        unsigned edge_workers = 2;     ///< processes
        unsigned api_workers = 8;      ///< processes
        unsigned hash_workers = 0;     ///< processes; 0: as many as there are processors
        unsigned edge_backlog = 4096;  ///< connections that may wait for an edge worker
        unsigned api_backlog = 4096;   ///< connections that may wait for an api worker
        unsigned hash_backlog = 128;   ///< connections that may wait for a hash worker
        std::chrono::seconds request_deadline{30};  ///< for one request; then the master kills the worker
        std::chrono::seconds drain_timeout{30};     ///< after SIGTERM; then the master kills all children
        unsigned streams = 4096;          ///< live streams at once, and connections that may wait for one
        unsigned max_requests = 100'000;  ///< after about this many a worker is replaced
        std::string proxy_key_file;       ///< the key of proxies on other machines; empty: they are refused
    } server;

    struct {
        std::string name = "CollabSphere";      ///< the name of the service, in mails and on pages
        std::string url = "https://localhost";  ///< scheme, host and port of the service, without a path

        // Addresses in mails. {url} becomes `url`, and {token} the token of the mail.

        std::string verify_url = "{url}/verify-email/#token={token}";         ///< confirms an address
        std::string code_url = "{url}/verify-code/";                          ///< the page for typed codes
        std::string reset_url = "{url}/reset-password/#token={token}";        ///< sets a new password
        std::string email_change_url = "{url}/confirm-email/#token={token}";  ///< confirms a new address
        std::string email_revert_url = "{url}/revert-email/#token={token}";   ///< undoes a change of address
        std::string invitation_url = "{url}/invitation/#token={token}";       ///< accepts an invitation

        std::string cookie_domain;  ///< the domain whose hosts get the site cookie; empty: no site cookie
        std::string return_hosts;   ///< hosts to return to after signing in; that of `url` is always allowed
        std::string cors_origins;   ///< origins whose pages may read our answers (CORS); empty: none
        bool cors_credentials = false;  ///< whether those pages may use the cookies of a session
    } site;

    struct {
        std::string socket;              ///< path of the server's Unix socket; empty: host and port are used
        std::string host = "localhost";  ///< for TCP
        unsigned port = 3306;            ///< for TCP
        std::string name = "csauth";     ///< the database (schema)
        std::string user = "csauth";     ///< the account of all processes but the keeper
        std::string password_file;       ///< empty: no password
        std::string keeper_user;         ///< the account that may change the audit log; empty: `user`
        std::string keeper_password_file;   ///< empty: no password
        std::string migrate_user;           ///< the account that may change the schema; empty: `user`
        std::string migrate_password_file;  ///< empty: no password
        std::string tls_ca;                 ///< certificates that verify the server over TCP; empty: no TLS
        std::chrono::seconds connect_timeout{1};  ///< for opening a connection; on edge workers 1 s at most
        std::chrono::seconds query_timeout{5};    ///< for one statement; on edge workers 1 s at most
    } database;

    struct {
        std::string dir = "/etc/csauth/keys";  ///< has a directory for each key ring
    } keys;

    struct {
        std::string dir = "/var/lib/csauth/avatars";  ///< nodes that share a database share it
    } avatars;

    struct {
        std::string issuer = "csauth";                              ///< `iss` of access tokens
        std::string audience = "csauth";                            ///< `aud` of access tokens
        std::chrono::seconds access_lifetime{10 * 60};              ///< of an access token, at most
        std::chrono::seconds idle_lifetime{30L * 24 * 60 * 60};     ///< of a session without use
        std::chrono::seconds session_lifetime{90L * 24 * 60 * 60};  ///< of a session in any case
        std::string rotation = "compatible";  ///< on, off or compatible: sessions::Rotation
        bool strict_refresh = false;          ///< whether the token one step back is always refused
        std::string on_stale = "allow";       ///< allow or refuse, if recalls of a token can't be looked up
        std::string unverified_audiences;     ///< audiences that accept accounts without a confirmed address
    } tokens;

    struct {
        unsigned memory_kib = 19 * 1024;  ///< memory of one Argon2id hash, in KiB
        unsigned passes = 2;              ///< over that memory
        std::string pepper_file;          ///< a secret that goes into every new hash; empty: none
    } passwords;

    struct {
        std::string host = "localhost";  ///< the relay
        unsigned port = 25;
        std::string tls = "starttls";        ///< starttls, implicit or none
        std::string ca_file;                 ///< certificates that verify the relay; empty: the system's
        std::string user;                    ///< the account at the relay; empty: no login
        std::string password_file;           ///< set if and only if `user` is
        bool allow_plaintext_login = false;  ///< whether to log in without TLS, to a loopback address only
        std::string from = "no-reply@localhost.localdomain";  ///< the sender's address
        std::string from_name;                                ///< the sender's name; empty: site.name
        std::string reply_to;                                 ///< empty: replies go to `from`
        std::string helo_name = "localhost";                  ///< the name of this machine for the relay
        std::string templates = "/usr/share/csauth/mail";     ///< the directory of the mail texts
        std::chrono::seconds first_retry{60};  ///< wait after a mail's first failure; doubles with each
        std::chrono::seconds timeout{300};     ///< for one command; RFC 5321, 4.5.3.2 asks for 5 minutes
        unsigned rate = 0;                     ///< the most mails a minute from this node; 0: no limit
    } mail;

    struct {
        bool enabled = true;  ///< false lifts the rate limits, for load tests
    } limits;

    struct {
        std::chrono::seconds retention{400L * 24 * 60 * 60};  ///< how long entries are kept
    } audit;

    struct {
        std::string key_file;  ///< the key of the notifier, which asks for push targets; empty: it is refused
    } push;

    struct {
        std::string file;  ///< empty: standard error
        LogLevel level = LogLevel::info;
    } log;
};

/// Returns the duration that "90s", "15m", "12h" or "30d" means. Returns nullopt for any other text, such as
/// a number without a unit, 0, or more than ten years.
std::optional<std::chrono::seconds> duration_in(std::string_view text);

/// Returns a sentence that says what is wrong with a text for which duration_in() returns nullopt.
std::string fault_of_duration(const std::string& text);

/// Looks up an environment variable; nullopt if it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// Returns the environment of this process.
Environment process_environment();

/// Reads `file`, and then the variables CSAUTH_<SECTION>_<KEY> of the environment, which override it. Returns
/// all problems at once: unknown keys and variables, wrong values, secret files that are missing or readable
/// by others. Sets the valid values in `config`. Opens no secret file. `variable_names`: see
/// csauth_variables().
std::vector<ConfigProblem> read_config(const std::string& file, const Environment& environment,
                                       const std::vector<std::string>& variable_names, Config& config);

/// Reads the configuration like read_config(). If that finds no problem, also checks the secret files with
/// faults_of_secrets(). Returns the configuration, or all problems.
Result<Config, std::vector<ConfigProblem>> load_config(const std::string& file,
                                                       const Environment& environment,
                                                       const std::vector<std::string>& variable_names);

/// Returns the names of all environment variables that begin with CSAUTH_, sorted.
std::vector<std::string> csauth_variables();

/// Returns every key as "section.key", for the test that compares the documents.
std::vector<std::string> config_keys();

/// Returns the path of the configuration: `option` (--config) if it is set, otherwise CSAUTH_CONFIG,
/// otherwise /etc/csauth/csauth.ini.
std::string config_file(const std::optional<std::string>& option, const Environment& environment);

}  // namespace csauth
