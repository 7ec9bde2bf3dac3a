// The parts of a running app, connected. The one place where objects meet.

#pragma once

#include "app/backup.hpp"
#include "app/config.hpp"
#include "app/stores.hpp"
#include "auth/access.hpp"
#include "auth/access_token.hpp"
#include "auth/audit_log.hpp"
#include "auth/expired_rows.hpp"
#include "auth/hashing.hpp"
#include "auth/number_rules.hpp"
#include "auth/refusals.hpp"
#include "auth/throttle.hpp"
#include "crypto/keys.hpp"
#include "delivery/outbox.hpp"
#include "explorer/explorer.hpp"
#include "http/event_log.hpp"
#include "http/line_writer.hpp"
#include "http/outbound.hpp"
#include "http/server.hpp"
#include "methods/account.hpp"
#include "methods/crud.hpp"
#include "model/stored_model.hpp"
#include "rest/api.hpp"
#include "store/store.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace sallyport::app {

class Parts {
public:
    /// Opens everything. Throws std::runtime_error listing every mistake.
    Parts(std::filesystem::path folder, AppSettings settings);
    ~Parts();  ///< Stops; then ends whatever still runs before what it uses.

    void start();  ///< Builds the routes and serves.
    void stop();

    /// For connections from now on. A pair that cannot be used leaves the old one as it is; either way `events` tells.
    void reload_certificate();

    // In the order they are made (the server aside); each uses only what stands above it.
    std::filesystem::path folder;
    AppSettings settings;
    std::shared_ptr<Clock> clock;
    std::unique_ptr<http::LineWriter> request_log;  ///< Where it is wanted.
    http::EventLog events;                          ///< Beside the requests, or text.
    std::shared_ptr<http::Tls> tls;                 ///< Shared with the server; null for plain HTTP.
    std::unique_ptr<http::Server> control_server;   ///< For commands, on a Unix socket; null where there can be none.
    std::unique_ptr<http::Server> server;           ///< Made by start().
    definition::Project project;
    Config config;
    crypto::Keys keys;
    Stores stores;                      ///< By data source.
    store::Store* own_store = nullptr;  ///< Where sallyport_* tables live.
    std::unique_ptr<Backups> backups;
    std::unique_ptr<http::Outbound> outbound;
    std::unique_ptr<model::Models> models;
    delivery::Senders senders;
    std::shared_ptr<auth::Numbers const> numbers;  ///< Where text messages may go; null where that is not limited.
    std::unique_ptr<delivery::Outbox> outbox;
    std::unique_ptr<auth::Throttle> throttle;
    std::unique_ptr<auth::Hashing> hashing;
    std::unique_ptr<auth::AccessTokens> tokens;
    std::unique_ptr<auth::ExpiredRows> expired;
    std::unique_ptr<auth::Refusals> refusals;
    std::unique_ptr<auth::AuditLog> audit_log;  ///< Made by start(), where there is a log.
    std::unique_ptr<auth::Access> access;
    std::map<std::string, App::RoleResolver, std::less<>> roles;
    std::unique_ptr<methods::AccountParts> account;
    std::unique_ptr<rest::ApiParts> api_parts;
    std::unique_ptr<rest::Api> api;
    std::optional<explorer::Options> explorer_options;  ///< Nothing where the app has no explorer.
    std::unique_ptr<explorer::Explorer> explorer;       ///< Made by start().

private:
    http::ServerRules server_rules();
    void listen_to_commands();
    Handler watched(Handler handler) const;
    bool refuses_exposed() const;
    void open_log();
    void open_databases();
    void require_senders() const;
    void connect();
    void connect_access();
    void note_refusal(Invocation const& call, Error const& error, boost::asio::any_io_executor const& executor);
    void connect_files();
    void connect_accounts(std::string const& user_literal);
    rest::ApiRules api_rules(std::string const& user_literal) const;
    methods::CrudRules crud_rules();
    Task<> require_read(Caller const& caller, model::StoredModel& related);
    Task<bool> may_read(Caller const& caller, model::StoredModel& model, Json const& id, Json const& record);
};

}  // namespace sallyport::app
