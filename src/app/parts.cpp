// Connects the parts of an app, in the order in which they stand on each other.

#include "app/parts.hpp"

#include "app/control.hpp"
#include "app/health.hpp"
#include "app/kept_files.hpp"
#include "app/keys_file.hpp"
#include "app/project_folder.hpp"
#include "app/senders.hpp"
#include "app/unheld_role.hpp"
#include "auth/role.hpp"
#include "auth/two_factor_options.hpp"
#include "definition/check_middleware.hpp"
#include "explorer/account_page.hpp"
#include "http/middleware.hpp"
#include "http/request_log.hpp"
#include "http/static_files.hpp"
#include "http/tls.hpp"
#include "methods/login_with_code.hpp"
#include "methods/owned.hpp"
#include "methods/time_stamp.hpp"
#include "rest/exposed.hpp"
#include "store/migrate.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <sys/resource.h>
#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace sallyport::app {
namespace {

namespace fs = std::filesystem;

void refuse_mistakes(definition::Project const& project) {
    if (!project.has_mistakes()) return;
    std::string text = fmt::format("{} has mistakes:", project.folder.string());
    for (auto const& finding : project.findings) {
        if (finding.kind == definition::Finding::Kind::mistake) text += "\n" + to_text(finding);
    }
    throw std::runtime_error{text};
}

methods::AccountRules account_rules(Config const& config) {
    methods::AccountRules rules;
    rules.compatible = config.is_compatible;
    rules.default_ttl = config.is_compatible ? 1209600 : 86400;
    rules.max_ttl = config.is_compatible ? 31556926 : 86400;
    rules.max_sessions = config.is_compatible ? 0 : 20;
    rules.base_url = config.base_url;
    rules.api_root = config.api_root;
    rules.refused_password_ms = config.refused_password_ms;
    return rules;
}

bool is_enabled(Json const& entry) {
    auto const& enabled = entry["enabled"];
    return entry.is_object() && !(enabled.is_boolean() && !enabled.as_boolean());
}

// An entry of middleware.json, in whatever phase it stands, or the first of a list; null if it is not there or
// disabled.
Json const* middleware_entry(JsonObject const& middleware, std::string_view name) {
    for (auto const& [phase, entries] : middleware) {
        auto const* entry = entries.is_object() ? entries.as_object().find(name) : nullptr;
        if (entry == nullptr) continue;
        if (is_enabled(*entry)) return entry;
        if (!entry->is_array()) continue;
        auto const found = std::ranges::find_if(entry->as_array(), is_enabled);
        if (found != entry->as_array().end()) return &*found;
    }
    return nullptr;
}

// The names that a list of "loopback#token" gives, then the usual ones unless they are switched off.
std::vector<std::string> token_names(Json const& params, std::string_view key, std::vector<std::string> const& usual) {
    std::vector<std::string> names;
    auto const& own = params[key];
    if (own.is_array()) {
        for (auto const& name : own.as_array()) names.push_back(to_display(name));
    }
    auto const& searches = params["searchDefaultTokenKeys"];
    if (!searches.is_boolean() || searches.as_boolean()) names.insert(names.end(), usual.begin(), usual.end());
    return names;
}

// In strict mode a token in the URL, which every log on the way keeps, counts for nothing.
auth::TokenPlaces token_places(definition::Project const& project, Config const& config) {
    auth::TokenPlaces places{.query = config.is_compatible};
    auto const* entry = middleware_entry(project.middleware, "loopback#token");
    if (entry == nullptr) return places;
    places.params = token_names((*entry)["params"], "params", places.params);
    places.headers = token_names((*entry)["params"], "headers", places.headers);
    return places;
}

std::string user_literal(definition::Project const& project) {
    auto const* entry = middleware_entry(project.middleware, "loopback#token");
    if (entry == nullptr) return {};
    auto const& literal = (*entry)["params"]["currentUserLiteral"];
    return literal.is_string() ? literal.as_string() : std::string{};
}

std::optional<fs::path> static_folder(definition::Project const& project) {
    auto const* entry = middleware_entry(project.middleware, "loopback#static");
    if (entry == nullptr) return std::nullopt;
    auto const& params = (*entry)["params"];
    if (!params.is_string()) return std::nullopt;
    return definition::served_folder(project.folder, params.as_string());
}

std::vector<std::string> names_of(std::vector<definition::Model const*> const& models) {
    std::vector<std::string> names;
    for (auto const* model : models) names.push_back(model->name);
    return names;
}

// In strict mode no session outlives its day.
std::vector<std::string> eternal_models(definition::Project const& project, Config const& config) {
    std::vector<std::string> names;
    for (auto const* model : project.models.user_models()) {
        if (config.is_compatible && model->flag("allowEternalTokens", false)) names.push_back(model->name);
    }
    return names;
}

auth::AccessTokens::Rules token_rules(definition::Project const& project, Config const& config,
                                      std::string const& literal) {
    auth::AccessTokens::Rules rules{.idle_seconds = config.is_compatible ? 0 : 3600.0,
                                    .places = token_places(project, config),
                                    .user_literal = literal,
                                    .eternal = eternal_models(project, config)};
    auto const* model = auth::token_model(project.models, own_data_source(project));
    if (model == nullptr) return rules;
    rules.table = query::table_name(*model);
    rules.names_user_model = model->property("principalType") != nullptr;
    auto const* const user = model->property("userId");
    rules.user_ids_are_texts = user != nullptr && user->type.kind == definition::PropertyType::Kind::string;
    return rules;
}

void tell_watched(http::EventLog const& log, Caller const& caller, auth::AccessRequest const& request,
                  definition::Rule const& rule) {
    auto const who = caller.is_known() ? fmt::format("{} {}", caller.user_model, auth::id_text(caller.user_id))
                                       : std::string{"somebody unknown"};
    log.tell("access",
             {{"permission", rule.permission},
              {"model", request.model.name},
              {"method", Json{request.property}},
              {"userModel", caller.is_known() ? Json{caller.user_model} : Json{nullptr}},
              {"userId", caller.is_known() ? caller.user_id : Json{nullptr}}},
             fmt::format("{}: {}.{} by {}", rule.permission == "ALARM" ? "alarm" : "note", request.model.name,
                         request.property, who));
}

// The server's other files and sockets need some of the limit; the rest is for connections.
std::size_t connection_limit(std::size_t wanted) {
    constexpr std::size_t for_others = 200;
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return wanted;
    auto const left = limit.rlim_cur > 2 * for_others ? limit.rlim_cur - for_others : limit.rlim_cur / 2;
    if (left < wanted) {
        fmt::print(stderr, "note: at most {} connections: the limit of open files is {} (ulimit -n)\n", left,
                   limit.rlim_cur);
    }
    return std::min<std::size_t>(wanted, left);
}

}  // namespace

Parts::Parts(fs::path folder_, AppSettings settings_)
    : folder{std::move(folder_)},
      settings{std::move(settings_)},
      clock{settings.clock ? settings.clock : std::make_shared<SystemClock>()},
      project{load_project(folder, settings)},
      config{read_config(project, settings)} {
    check_databases(project);
    refuse_mistakes(project);
    keys = read_keys(folder, settings.make_keys);
    open_log();
    open_databases();
    connect();
}

Parts::~Parts() {
    stop();
    // A coroutine that was cut off uses parts in any order. The threads that work for it end first, then it goes with
    // the server it ran on, and then the parts.
    backups.reset();
    outbound.reset();
    hashing.reset();
    stores.clear();
    control_server.reset();
    server.reset();
}

void Parts::open_log() {
    if (!config.has_request_log) return;
    request_log = std::make_unique<http::LineWriter>(STDOUT_FILENO);
    events = http::EventLog{*request_log};
}

void Parts::open_databases() {
    stores = open_stores(project, folder);
    auto const own = own_data_source(project);
    for (auto const& [source, store] : stores)
        store->prepare(plan(project, source, *store, source == own, clock->now()));
    if (auto const found = stores.find(own); found != stores.end()) own_store = found->second.get();
    backups = std::make_unique<Backups>(project, stores, *clock);
    if (own_store != nullptr) store::check_keys(*own_store, keys.fingerprint(), keys.earlier_fingerprints());
}

void Parts::connect() {
    auto const literal = user_literal(project);
    models = std::make_unique<model::Models>(
        project.models,
        [this](std::string const& source) {
            auto const found = stores.find(source);
            return found == stores.end() ? nullptr : found->second.get();
        },
        *clock);
    auto const crud = crud_rules();
    methods::add_crud(*models, crud);
    methods::add_relations(*models, crud);
    methods::add_time_stamps(*models, *clock);
    methods::add_owners(*models, auth::role_check(*models, roles));
    connect_access();
    connect_accounts(literal);
    api_parts = std::make_unique<rest::ApiParts>(
        rest::ApiParts{.models = *models,
                       .tokens = *tokens,
                       .access = *access,
                       .plain_routes = {},
                       .files = {},
                       .own_pages = {},
                       .rules = api_rules(literal),
                       .clock = clock.get(),
                       .refused = [this](auto const& call, auto const& error, auto const& executor) {
                           note_refusal(call, error, executor);
                       }});
    connect_files();
}

// Beside the answer, which waits for no trail.
void Parts::note_refusal(Invocation const& call, Error const& error, boost::asio::any_io_executor const& executor) {
    auto method = fmt::format("{}.{}", call.model.name(), call.method.short_name());
    boost::asio::co_spawn(executor,
                          refusals->note(call.caller, auth::Source::of(call.request), std::move(method), error.code),
                          boost::asio::detached);
}

// What is answered beside the API: the explorer, then the files of a folder; where neither has it, our own pages.
void Parts::connect_files() {
    auto const users = project.models.user_models();
    if (std::ranges::any_of(users, &definition::Model::is_public)) {
        api_parts->own_pages = [pages = explorer::AccountPages{*models, config.api_root}](Request const& request) {
            return pages.answer(request);
        };
    }
    std::optional<http::StaticFiles> files;
    if (auto const client = static_folder(project)) files.emplace(*client);
    explorer_options = explorer::read_options(project, config.api_root);
    if (!files && !explorer_options) return;
    api_parts->files = [this, files](Request const& request) {
        auto answer = explorer ? explorer->answer(request) : std::nullopt;
        return answer || !files ? std::move(answer) : files->answer(request);
    };
}

void Parts::connect_access() {
    access = std::make_unique<auth::Access>(
        auth::Access::Rules{
            .without_rule = config.is_compatible ? auth::Access::Default::allow : auth::Access::Default::deny,
            .denied_status = config.denied_status,
            .models = &project.models,
            .clock = clock.get(),
            .watched = [log = events](auto const& caller, auto const& request,
                                      auto const& rule) { tell_watched(log, caller, request, rule); }},
        auth::role_check(*models, roles), auth::stored_rules(*models));
}

void Parts::connect_accounts(std::string const& literal) {
    outbound = std::make_unique<http::Outbound>();
    senders = make_senders(project, folder, *outbound, *clock, events);
    outbox = std::make_unique<delivery::Outbox>(*own_store, keys, *clock, senders);
    outbox->set_log(events);
    throttle = std::make_unique<auth::Throttle>(keys, *clock);
    auto const cores = std::max(1U, std::thread::hardware_concurrency());
    hashing = std::make_unique<auth::Hashing>(keys, crypto::PasswordCost{}, std::max(1U, cores - 1), 64);
    tokens = std::make_unique<auth::AccessTokens>(*own_store, *clock, token_rules(project, config, literal),
                                                  names_of(project.models.user_models()));
    refusals = std::make_unique<auth::Refusals>(*own_store, *throttle, *clock);
    expired = std::make_unique<auth::ExpiredRows>(*own_store, *clock, token_rules(project, config, literal).table);
    account = std::make_unique<methods::AccountParts>(
        methods::AccountParts{*models, *tokens, *hashing, *throttle, *outbox, *clock, account_rules(config), events});
    account->rules.mails = make_mail_templates(folder);
    methods::add_account(*account);
    numbers = make_numbers(project);
    methods::add_two_factor(*account, senders, keys, numbers);
}

rest::ApiRules Parts::api_rules(std::string const& literal) const {
    rest::ApiRules rules;
    rules.root = config.api_root;
    rules.handle_unknown_paths = config.handle_unknown_paths;
    rules.refuse_duplicates = !config.is_compatible;
    rules.refuse_unread = !config.is_compatible;
    rules.user_literal = literal;
    rules.json_limit = config.json_limit;
    rules.form_limit = config.form_limit;
    rules.item_delimiters = config.item_delimiters;
    if (auto const* handler = middleware_entry(project.middleware, "strong-error-handler"))
        rules.errors = rest::read_error_form((*handler)["params"]);
    return rules;
}

// One column of the table of compatible and strict answers, as far as records go; and what methods/ cannot know.
methods::CrudRules Parts::crud_rules() {
    methods::CrudRules rules;
    rules.filter.refuse_unknown = !config.is_compatible;
    rules.filter.models_may_open_hidden = config.is_compatible;
    rules.filter.max_include_depth = config.is_compatible ? 12 : 3;
    rules.filter.max_limit = config.is_compatible ? 0 : 1000;
    if (!config.is_compatible)
        rules.require_read = [this](Caller const& caller, model::StoredModel& related) {
            return require_read(caller, related);
        };
    rules.may_read_record = [this](Caller const& caller, model::StoredModel& model, Json const& id,
                                   Json const& record) { return may_read(caller, model, id, record); };
    rules.session_lives = [this](Caller const& caller) { return tokens->lives(caller); };
    return rules;
}

Task<> Parts::require_read(Caller const& caller, model::StoredModel& related) {
    static std::vector<std::string> const no_aliases;
    MethodSpec method;
    method.name = "find";
    Json const no_id;
    co_await access->require(caller, {related.definition(), "find", no_aliases, "READ"}, method,
                             {related.definition(), no_id, nullptr});
}

// As GET /:id of that record would be answered.
Task<bool> Parts::may_read(Caller const& caller, model::StoredModel& model, Json const& id, Json const& record) {
    static std::vector<std::string> const no_aliases;
    MethodSpec method;
    method.name = "findById";
    try {
        co_await access->require(caller, {model.definition(), "findById", no_aliases, "READ"}, method,
                                 {model.definition(), id, &record});
        co_return true;
    } catch (Error const& refusal) {
        if (refusal.status >= 500) throw;  // Not known; the stream ends.
    }
    co_return false;
}

// A channel that nothing sends by would lock everybody out, at their first login.
void Parts::require_senders() const {
    for (auto const* model : project.models.user_models()) {
        auto const options = auth::two_factor_options(*model);
        if (!options) continue;
        for (auto const& channel : options->channels) {
            if (!auth::is_sent(channel) || senders.contains(channel)) continue;
            throw std::runtime_error{
                fmt::format("{}: nothing sends by the channel \"{}\"\n  hint: add a data source with "
                            "\"connector\": \"{}\", give the app a sender in C++ (App::set_sender), or use "
                            "\"channels\": [\"console\"] until then",
                            model->name, channel, connector_of(channel))};
        }
    }
}

http::ServerRules Parts::server_rules() {
    http::ServerRules rules;
    rules.host = config.host;
    rules.port = config.port;
    rules.trusted_proxies = config.trusted_proxies;
    rules.loopback_is_proxy = config.is_behind_proxy;
    rules.forwarded_header = config.transport.forwarded_header;
    rules.proxy_protocol = config.transport.proxy_protocol;
    rules.plain_port = config.transport.plain_port;
    rules.max_connections = connection_limit(rules.max_connections);
    if (config.transport.tls) tls = std::make_shared<http::Tls>(http::read_certificate(*config.transport.tls));
    rules.tls = tls;
    return rules;
}

// LoopBack serves plain HTTP to everyone; but where there is TLS, its second door is for those who come the old way.
bool Parts::refuses_exposed() const {
    return !config.allow_plain_http && (!config.is_compatible || config.transport.tls.has_value());
}

void Parts::reload_certificate() {
    if (!tls) return;
    auto const& files = *config.transport.tls;
    try {
        auto certificate = http::read_certificate(files);
        auto const serial = certificate.serial;
        auto const expires = certificate.expires;
        tls->use(std::move(certificate));
        events.tell("certificate", {{"inUse", true}, {"serial", serial}, {"expires", expires}},
                    fmt::format("note: certificate {} is in use, good until {}", serial, expires));
    } catch (http::CertificateError const& error) {
        auto const& file = error.file() == http::CertificateError::File::key ? files.key : files.certificate;
        events.tell("certificate",
                    {{"inUse", false}, {"file", file.string()}, {"why", error.what()}, {"hint", error.hint()}},
                    fmt::format("error: the certificate in use stays: {}: {}\n  hint: {}", file.string(), error.what(),
                                error.hint()));
    }
}

// What those who run the program see of it.
Handler Parts::watched(Handler handler) const {
    handler = with_health(stores, std::move(handler));
    return request_log ? http::with_request_log(*request_log, std::move(handler)) : handler;
}

// Where the folder cannot hold a socket the app is served all the same.
void Parts::listen_to_commands() {
    http::ServerRules rules;
    rules.socket = control_socket(folder);
    rules.threads = 1;
    rules.max_body = std::size_t{64} << 20U;  // Whoever may open the socket may bring many accounts at once.
    try {
        auto const refusal = [](Request const&, int status, std::string const& message) {
            return rest::Api::refusal(status, message);
        };
        control_server = std::make_unique<http::Server>(rules, control(*this), refusal);
        control_server->start();
    } catch (std::runtime_error const& error) {
        fmt::print(stderr, "note: commands such as `sallyport user` cannot reach this server: {}\n", error.what());
    }
}

void Parts::start() {
    require_senders();
    api = std::make_unique<rest::Api>(*api_parts);
    for (auto const& method : api->without_body())
        fmt::print(stderr, "note: {} is declared but nothing gives it a body; it answers 501\n", method);
    if (explorer_options) explorer = std::make_unique<explorer::Explorer>(*explorer_options, *models);
    auto rules = server_rules();
    if (config.is_behind_proxy && config.is_on_loopback && config.trusted_proxies.empty()) {
        fmt::print(stderr,
                   "note: a proxy must stand before this server, and none is in \"trustedProxies\": "
                   "all clients count as one, and limits meant for one hit all\n");
    }
    auto const middleware = middleware_rules(project, config);
    auto handler =
        watched(http::with_middleware(middleware, [this](Request const& request) { return api->answer(request); }));
    Handler for_exposed;
    if (refuses_exposed()) {
        for_exposed =
            watched(http::with_middleware(middleware, rest::refuse_exposed(config.api_root, config.base_url)));
    }
    server = std::make_unique<http::Server>(
        rules, std::move(handler),
        [middleware](Request const& request, int status, std::string const& message) {
            auto response = rest::Api::refusal(status, message);
            http::add_headers(middleware, request, response);  // A page elsewhere may read it, too.
            return response;
        },
        [this](Request const& request) { return api->body_limit(request); }, std::move(for_exposed));
    if (events.has_lines()) audit_log = std::make_unique<auth::AuditLog>(*own_store, *clock, events);
    server->start();
    listen_to_commands();
    if (auto const role = unheld_role(project, *account, roles); !role.empty()) {
        fmt::print(
            stderr,
            "note: nobody has the role \"{}\" yet: `sallyport user add EMAIL --role {}` makes an account that has "
            "it, `sallyport user grant EMAIL {}` gives it to one that is there\n",
            role, role, role);
    }
    // Messages of a process that died before it could send them, and those that were put for later.
    outbox->pump_every(server->context().get_executor(), std::chrono::seconds{10});
    boost::asio::co_spawn(server->context(), expired->keep_dropping(), boost::asio::detached);
    if (audit_log) boost::asio::co_spawn(server->context(), audit_log->keep_telling(), boost::asio::detached);
}

void Parts::stop() {
    // What a gateway is just taking must be noted as taken, or the next start sends it again.
    if (control_server) control_server->stop();
    if (outbox) outbox->finish(std::chrono::seconds{10});
    if (server) server->stop();
    if (audit_log) audit_log->tell_rest();
}

}  // namespace sallyport::app
