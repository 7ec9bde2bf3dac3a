#include "definition/read_method.hpp"

#include "definition/known_keys.hpp"
#include "sallyport/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sallyport::definition {
namespace {

/// LoopBack takes one text or a list of lines.
std::string lines(Located const* text) {
    if (!text) return {};
    if (text->is_string()) return text->value.as_string();
    std::string joined;
    for (auto const& item : text->items) {
        if (!joined.empty()) joined += '\n';
        if (item.is_string()) joined += item.value.as_string();
    }
    return joined;
}

std::vector<std::string> texts(Located const* list) {
    std::vector<std::string> found;
    if (!list) return found;
    for (auto const& item : list->items) {
        if (item.is_string()) found.push_back(item.value.as_string());
    }
    return found;
}

/// One object where one suffices, else a list of them.
std::vector<Located const*> one_or_more(Located const* value) {
    std::vector<Located const*> found;
    if (!value) return found;
    if (value->is_object()) found.push_back(value);
    for (auto const& item : value->items) found.push_back(&item);
    return found;
}

std::string argument_name(Located const& argument) {
    auto name = argument.text("arg");
    return name.empty() ? argument.text("name") : name;
}

void read_source(Located const& http, ArgumentSpec& argument, Findings& findings) {
    using enum ArgumentSpec::Source;
    static std::vector<std::string> const words{"path",   "query",   "body", "form", "formData",
                                                "header", "context", "req",  "res"};
    if (http.is_string()) {
        if (http.value.as_string() == "optionsFromRequest") {
            argument.source = options;
        } else {
            findings.mistake(http.place, fmt::format("\"{}\" is no source of an argument", http.value.as_string()),
                             R"(use "optionsFromRequest", or {"source": "query"})");
        }
        return;
    }
    auto const* source = http.find("source");
    if (!source || !require_word(*source, words, "source of an argument", findings)) return;
    auto const& word = source->value.as_string();
    if (word == "path") argument.source = path;
    if (word == "query") argument.source = query;
    if (word == "body") argument.source = body;
    if (word == "form" || word == "formData") argument.source = form;
    if (word == "header") argument.source = header;
    if (word == "context" || word == "req" || word == "res") {
        argument.source = none;
        findings.note(source->place, fmt::format("the source \"{}\" hands over nothing here", word),
                      "a method reads its Invocation instead");
    }
}

ArgumentSpec read_argument(Located const& located, std::vector<ModelMention>& mentions, Findings& findings) {
    check_keys(located, argument_keys(), "an argument", findings);
    ArgumentSpec argument;
    argument.name = argument_name(located);
    if (argument.name.empty())
        findings.mistake(located.place, "an argument needs a name", R"(for example {"arg": "text", "type": "string"})");
    if (auto const* type = located.find("type")) argument.type = read_type_name(*type, mentions, findings);
    argument.required = located.flag("required", false);
    argument.allows_array = located.flag("allowArray", false);
    if (auto const* http = located.find("http")) read_source(*http, argument, findings);
    if (auto const* initial = located.find("default")) argument.default_value = initial->json();
    argument.description = lines(located.find("description"));
    return argument;
}

ReturnSpec read_return(Located const& located, std::vector<ModelMention>& mentions, Findings& findings) {
    static std::vector<std::string> const targets{"header", "status"};
    check_keys(located, argument_keys(), "a return", findings);
    ReturnSpec result;
    result.name = argument_name(located);
    if (auto const* type = located.find("type")) result.type = read_type_name(*type, mentions, findings);
    result.root = located.flag("root", false);
    result.description = lines(located.find("description"));
    auto const* http = located.find("http");
    auto const* target = http ? http->find("target") : nullptr;
    if (target && require_word(*target, targets, "target of a return", findings)) {
        result.target = target->value.as_string() == "status" ? ReturnSpec::Target::status : ReturnSpec::Target::header;
        result.header = http->text("header");
        if (result.header.empty()) result.header = result.name;
    }
    return result;
}

std::string read_verb(Located const& http, Findings& findings) {
    static std::vector<std::string> const verbs{"get", "post", "put", "patch", "delete", "del", "head", "all"};
    auto const* verb = http.find("verb");
    if (!verb || !verb->is_string()) return "ALL";
    auto const word = to_lower(verb->value.as_string());
    if (std::ranges::find(verbs, word) == verbs.end()) {
        auto hint = did_you_mean(word, verbs);
        findings.mistake(verb->place, fmt::format("\"{}\" is no verb", verb->value.as_string()),
                         hint.empty() ? "use " + one_of(verbs) : hint);
    }
    return word == "del" ? "DELETE" : to_upper(word);
}

RouteSpec read_route(Located const& http, MethodSpec const& method, Findings& findings) {
    check_keys(http, method_http_keys(), "\"http\"", findings);
    RouteSpec route;
    route.verb = read_verb(http, findings);
    route.path = http.text("path");
    if (route.path.empty()) route.path = std::string{method.short_name()};
    if (!route.path.starts_with('/')) route.path.insert(0, "/");
    if (!method.is_static) route.path.insert(0, "/:id");
    return route;
}

int status_of(Located const& http, std::string_view name, Findings& findings) {
    auto const* status = http.find(name);
    if (!status || !status->value.is_number()) return 0;
    auto const number = status->value.as_number();
    if (number >= 200 && number <= 599) return static_cast<int>(number);
    findings.mistake(status->place, fmt::format("\"{}\" is an HTTP status, 200 to 599", name),
                     "leave it out for the usual one");
    return 0;
}

void read_routes(Located const& located, MethodSpec& method, Findings& findings) {
    auto const routes = one_or_more(located.find("http"));
    for (auto const* http : routes) {
        method.http.push_back(read_route(*http, method, findings));
        if (auto const status = status_of(*http, "status", findings)) method.status = status;
        if (auto const status = status_of(*http, "errorStatus", findings)) method.error_status = status;
    }
    if (!routes.empty()) return;
    auto const path = fmt::format("{}/{}", method.is_static ? "" : "/:id", method.short_name());
    method.http.push_back({.verb = "ALL", .path = path});  // What LoopBack does, whatever its documentation says.
}

}  // namespace

MethodSpec read_method(LocatedMember const& member, std::vector<ModelMention>& mentions, Findings& findings) {
    static std::vector<std::string> const access_types{"READ", "WRITE", "EXECUTE", "REPLICATE"};
    auto const& located = member.value;
    MethodSpec method;
    method.name = member.name;
    check_keys(located, method_keys(), fmt::format("the method \"{}\"", member.name), findings);
    method.is_static = !method.name.starts_with("prototype.");
    if (method.is_static && !located.flag("isStatic", true)) {
        method.is_static = false;
        method.name.insert(0, "prototype.");
    }
    for (auto const* argument : one_or_more(located.find("accepts")))
        method.accepts.push_back(read_argument(*argument, mentions, findings));
    for (auto const* result : one_or_more(located.find("returns")))
        method.returns.push_back(read_return(*result, mentions, findings));
    read_routes(located, method, findings);
    method.aliases = texts(located.find("aliases"));
    method.access_scopes = texts(located.find("accessScopes"));
    method.description = lines(located.find("description"));
    method.documented = located.flag("documented", true);
    method.shared = located.flag("shared", true);
    if (auto const* type = located.find("accessType");
        type && require_word(*type, access_types, "access type", findings)) {
        method.access_type = type->value.as_string();
    }
    return method;
}

}  // namespace sallyport::definition
