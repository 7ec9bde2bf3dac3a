#include "rest/api.hpp"

#include "definition/value.hpp"
#include "http/header_text.hpp"
#include "query/parse.hpp"
#include "rest/arguments.hpp"
#include "rest/exposure.hpp"
#include "rest/reply.hpp"
#include "rest/routes.hpp"

#include <fmt/format.h>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <optional>
#include <string_view>

namespace sallyport::rest {
namespace {

// One method of one model, with what is the same for every call of it.
struct Endpoint {
    model::StoredModel& model;
    model::MethodEntry const& entry;
    std::string access_type;
    std::vector<auth::ScoredRule> rules;
    std::vector<RemoteHook> const& before;
    std::vector<RemoteHook> const& after;
    std::vector<RemoteHook> const& after_error;

    MethodSpec const& method() const { return entry.spec; }
    auth::AccessRequest access_request() const {
        return {model.definition(), method().short_name(), method().aliases, access_type};
    }
    std::string name() const { return model.name() + "." + method().name; }
    std::string_view id_name() const {
        auto const* const id = model.definition().id();
        return id == nullptr ? std::string_view{"id"} : id->name;
    }
};

Endpoint make_endpoint(model::StoredModel& model, model::MethodEntry const& entry) {
    auto const& method = entry.spec;
    Endpoint endpoint{.model = model,
                      .entry = entry,
                      .access_type = auth::access_type_of(method),
                      .rules = {},
                      .before = model.hooks_before(method),
                      .after = model.hooks_after(method),
                      .after_error = model.hooks_after_error(method)};
    endpoint.rules = auth::applicable_rules(endpoint.access_request());
    return endpoint;
}

InputRules input_rules(ApiRules const& rules) {
    return {.json_limit = rules.json_limit,
            .form_limit = rules.form_limit,
            .refuse_duplicates = rules.refuse_duplicates,
            .refuse_unread = rules.refuse_unread,
            .item_delimiters = rules.item_delimiters};
}

// One line, whatever the text holds.
void log(std::string_view where, std::string_view what) {
    fmt::print(stderr, "error: {}: {}\n", where, http::without_controls(std::string{what}));
}

// What was thrown, as an Error; causes from below go to the log and no further.
Error to_error(std::exception_ptr const& failure, std::string_view where) {
    try {
        std::rethrow_exception(failure);
    } catch (Error const& thrown) {
        return thrown;
    } catch (std::exception const& thrown) {
        log(where, thrown.what());
    } catch (...) {
        log(where, "something that is no exception was thrown");
    }
    return {500, "Internal Server Error"};
}

// What a method or hook threw: it may have a status for errors that have none. The reply hides why a method failed with
// 500, so the log tells it.
Error to_error(std::exception_ptr const& failure, Endpoint const& endpoint) {
    auto const name = endpoint.name();
    try {
        std::rethrow_exception(failure);
    } catch (Error const& thrown) {
        auto error = thrown;
        auto const usual = endpoint.method().error_status;
        if (error.status == 0) error.status = usual == 0 ? 500 : usual;
        if (error.status == 500 && !error.details.is_array()) log(name, error.message);
        return error;
    } catch (...) {
        return to_error(failure, name);
    }
}

// The path with the caller's id for the literal ("me") wherever that is a segment, as in LoopBack before any route is
// looked for; nothing where it need not be looked at.
std::optional<std::string> resolved(std::string_view path, std::string_view literal, Caller const& caller) {
    if (literal.empty() || !path.contains(literal)) return std::nullopt;
    std::string result;
    for (std::size_t start = 0; start < path.size();) {
        auto const end = std::min(path.find('/', start + 1), path.size());
        auto const segment = path.substr(start, end - start);
        start = end;
        if (!segment.starts_with('/') || segment.substr(1) != literal) {
            result += segment;
            continue;
        }
        if (!caller.is_known()) throw Error{401, "Authorization Required", "AUTHORIZATION_REQUIRED"};
        result += '/' + encode_segment(auth::id_text(caller.user_id));
    }
    return result;
}

// The record an instance method is about, unless access has read it already. Access reads as the program; where hooks
// say what this caller may find, they are asked.
Task<> load_instance(Endpoint const& endpoint, Invocation& call, std::string const& id) {
    call.id = definition::to_id(endpoint.model.definition(), id);
    if (!call.instance.is_undefined() && !endpoint.model.hooks_reads()) co_return;
    OperationOptions const options{.caller = &call.caller, .is_remote = true};
    std::optional<Json> record;
    if (!call.id.is_undefined()) record = co_await endpoint.model.find_by_id(call.id, {}, options);
    if (!record) throw Error{404, "could not find a model with id " + id, "MODEL_NOT_FOUND"};
    call.instance = std::move(*record);
}

// Records that a method says it returns leave as a client may see them, whoever wrote its body.
void veil(Invocation& call, model::Models const& models) {
    auto* const value = std::get_if<Json>(&call.result);
    if (value == nullptr) return;
    auto const is_only = call.method.returns.size() == 1;
    for (auto const& returned : call.method.returns) {
        auto const* const model = models.find(returned.type.name);
        if (model == nullptr) continue;
        auto* const part = is_only ? value : value->is_object() ? value->as_object().find(returned.name) : nullptr;
        if (part != nullptr) *part = model->visible(std::move(*part), call.caller);
    }
}

// Whether a reply may hold a token in clear. A row of a token shows it to whoever presents it, wherever the row is
// included; logins answer with it. Decided by what was asked for, never by looking for one in the text.
bool may_show_token(Endpoint const& endpoint, Invocation const& call, model::Models const& models) {
    auto const& model = endpoint.model.definition();
    if (model.is("User") && call.request.verb != "GET") return true;
    if (!call.caller.is_known()) return false;
    auto const gives_tokens = [&](ReturnSpec const& returned) {
        auto const* const type = models.find(returned.type.name);
        return type != nullptr && type->definition().is("AccessToken");
    };
    return model.is("AccessToken") || std::ranges::any_of(endpoint.method().returns, gives_tokens) ||
           !call.argument("filter")["include"].is_undefined() || !model.default_scope["include"].is_undefined();
}

// The "null" of a client that had no id.
void require_id(Json const& id) {
    if (id.is_nothing() || id == Json{"null"}) throw Error{400, "id is a required argument"};
}

}  // namespace

struct Api::Impl {
    explicit Impl(ApiParts& with) : parts{with}, input{input_rules(with.rules)}, started{now()} {
        for (auto* model : parts.models.all()) add(*model);
        routes.sort();
    }

    void add(model::StoredModel& model) {
        auto const& definition = model.definition();
        if (!definition.is_public) return;
        auto const number = routes.add_model(definition.name, definition.http_path);
        for (auto const& entry : model.methods()) {
            if (!is_exposed(definition, entry.spec)) continue;
            for (auto const& route : routes_of(definition, entry.spec))
                routes.add(number, route.verb, route.path, endpoints.size());
            endpoints.push_back(make_endpoint(model, entry));
        }
    }

    // The endpoint that a request would reach; null for none.
    Endpoint const* find(Request const& request) const {
        auto const path = below(parts.rules.root, request.path());
        if (path.data() == nullptr || !routes.has_model(path)) return nullptr;
        try {
            return &endpoints[routes.find(request.verb, path, request.query()).target];
        } catch (Error const&) {
            return nullptr;
        }
    }

    std::int64_t now() const { return parts.clock != nullptr ? parts.clock->now() : SystemClock{}.now(); }

    Task<Response> answer(Request const& request) const {
        auto const path = below(parts.rules.root, request.path());
        auto const is_api = path.data() != nullptr;
        auto const owns_unknown_paths = parts.rules.handle_unknown_paths && parts.rules.root.size() > 1;
        if (is_api && (owns_unknown_paths || routes.has_model(path))) return call(request, path);
        return answer_outside(request);
    }

    // The chain: a line per stage.
    Task<Response> call(Request const& request, std::string_view path) const {
        // First: an expired token is refused wherever it is shown.
        auto const caller = co_await parts.tokens.identify(request);
        auto const own = resolved(path, parts.rules.user_literal, caller);
        auto const body = read_body(request, input);  // One that cannot be read is refused wherever it is sent.
        auto const match = routes.find(request.verb, own ? *own : path, request.query());
        auto const& endpoint = endpoints[match.target];
        auto const query = query::read_query(request.query(), input.refuse_duplicates);
        Input const from{request, match.parameters, query, body};
        Invocation invocation{endpoint.model, endpoint.method(), caller, request, {}, {}, {}, {}, 0, {}};
        invocation.arguments = read_arguments(endpoint.method(), from, parts.models.registry(), input);
        auto const id = asked_id(endpoint.method(), match.parameters, invocation.arguments, endpoint.id_name());
        co_await run(endpoint, invocation, id);
        auto response = result_reply(invocation);
        response.carries_secret = may_show_token(endpoint, invocation, parts.models);
        co_return response;
    }

    Task<> run(Endpoint const& endpoint, Invocation& invocation, Json const& id) const {
        std::exception_ptr failure;
        try {
            co_await perform(endpoint, invocation, id);
        } catch (...) {
            failure = std::current_exception();
        }
        if (!failure) co_return;
        auto error = to_error(failure, endpoint);
        invocation.error = &error;
        for (auto const& hook : endpoint.after_error) co_await hook(invocation);
        throw error;
    }

    Task<> perform(Endpoint const& endpoint, Invocation& invocation, Json const& id) const {
        auto const& method = endpoint.method();
        auth::RoleQuestion const about{endpoint.model.definition(), id, nullptr, &invocation.instance};
        co_await require_access(endpoint, invocation, about);
        co_await add_options(endpoint, invocation, about);
        if (!method.is_static) require_id(id);
        if (!method.is_static) co_await load_instance(endpoint, invocation, auth::id_text(id));
        for (auto const& hook : endpoint.before) co_await hook(invocation);
        require_arguments(method, invocation.arguments);
        if (!endpoint.entry.body) throw Error{501, "This method is declared but has no body."};
        invocation.result = co_await endpoint.entry.body(invocation);
        for (auto const& hook : endpoint.after) co_await hook(invocation);
        veil(invocation, parts.models);
    }

    Task<> require_access(Endpoint const& endpoint, Invocation const& invocation,
                          auth::RoleQuestion const& about) const {
        std::optional<Error> refusal;
        try {
            co_await parts.access.require(invocation.caller, endpoint.access_request(), endpoint.rules,
                                          endpoint.method(), about);
        } catch (Error const& error) {
            refusal = error;
        }
        if (!refusal) co_return;
        if (parts.refused && refusal->status < 500)
            parts.refused(invocation, *refusal, co_await boost::asio::this_coro::executor);
        throw *refusal;
    }

    // What LoopBack's "optionsFromRequest" gives. Every role has to be asked for it, so only methods that want it get
    // it.
    Task<> add_options(Endpoint const& endpoint, Invocation& invocation, auth::RoleQuestion const& about) const {
        auto const& accepts = endpoint.method().accepts;
        auto const wanted = std::ranges::find(accepts, ArgumentSpec::Source::options, &ArgumentSpec::source);
        if (wanted == accepts.end()) co_return;
        auto const& caller = invocation.caller;
        JsonObject roles;
        for (auto& role :
             co_await parts.access.authorized_roles(caller, endpoint.access_request(), endpoint.rules, about)) {
            roles.set(role, true);
        }
        JsonObject options{{"accessToken", caller.is_known() ? caller.token_row() : Json{nullptr}},
                           {"authorizedRoles", std::move(roles)}};
        invocation.arguments.set(wanted->name, std::move(options));
    }

    Task<Response> answer_outside(Request const& request) const {
        if (parts.files) {
            if (auto file = parts.files(request)) co_return std::move(*file);
        }
        if (auto const* route = plain_route(request)) co_return co_await (*route)(request);
        if (parts.own_pages) {
            if (auto page = parts.own_pages(request)) co_return std::move(*page);
        }
        if (request.path() == "/" && (request.verb == "GET" || request.verb == "HEAD")) co_return status();
        auto const shown = request.query().contains("token") ? request.path() : std::string_view{request.target};
        throw Error{404, fmt::format("Cannot {} {}", request.verb, shown)};
    }

    Handler const* plain_route(Request const& request) const {
        std::string const path{request.path()};
        auto found = parts.plain_routes.find({request.verb, path});
        if (found == parts.plain_routes.end() && request.verb == "HEAD") found = parts.plain_routes.find({"GET", path});
        return found == parts.plain_routes.end() ? nullptr : &found->second;
    }

    Response status() const {
        auto const uptime = static_cast<double>(now() - started) / 1000;
        return json_reply(
            200, to_text(JsonObject{{"started", Json::date(static_cast<double>(started))}, {"uptime", Json{uptime}}}));
    }

    ApiParts& parts;
    InputRules input;
    Routes routes;
    std::vector<Endpoint> endpoints;
    std::int64_t started;
};

Api::Api(ApiParts& parts) : impl_{std::make_unique<Impl>(parts)} {}
Api::~Api() = default;

Task<Response> Api::answer(Request const& request) const {
    std::exception_ptr failure;
    try {
        co_return co_await impl_->answer(request);
    } catch (...) {
        failure = std::current_exception();
    }
    co_return error_reply(to_error(failure, "request"), request, impl_->parts.rules.errors);
}

std::vector<std::string> Api::list() const {
    std::vector<std::string> lines;
    std::string root = impl_->parts.rules.root;
    while (root.ends_with('/')) root.pop_back();
    for (auto const& endpoint : impl_->endpoints) {
        auto const& model = endpoint.model.definition();
        for (auto const& route : routes_of(model, endpoint.method())) {
            auto const path = route.path == "/" ? "" : route.path;
            lines.push_back(fmt::format("{} {}{}{}  {}", route.verb, root, model.http_path, path, endpoint.name()));
        }
    }
    std::ranges::sort(lines);
    return lines;
}

std::vector<std::string> Api::without_body() const {
    std::vector<std::string> names;
    for (auto const& endpoint : impl_->endpoints) {
        if (!endpoint.entry.body) names.push_back(endpoint.name());
    }
    return names;
}

Response Api::refusal(int status, std::string const& message) {
    switch (status) {
        case 400:
            return error_reply(Error{400, message}.with_name("BadRequestError"));
        case 408:
            return error_reply(Error{408, message}.with_name("RequestTimeoutError"));
        case 413:
            return error_reply(Error{413, "request entity too large"}.with_name("PayloadTooLargeError"));
        case 414:
            return error_reply(Error{414, message}.with_name("URITooLongError"));
        case 431:
            return error_reply(Error{431, message}.with_name("RequestHeaderFieldsTooLargeError"));
        case 503:
            return error_reply(unavailable(message));
        default:
            return error_reply(Error{status, message});
    }
}

std::size_t Api::body_limit(Request const& request) const {
    auto const usual = rest::body_limit(request.header("Content-Type"), impl_->input);
    auto const* endpoint = impl_->find(request);
    if (endpoint == nullptr || endpoint->method().body_limit == 0) return usual;
    return std::min(usual, endpoint->method().body_limit);
}

}  // namespace sallyport::rest
