#include "http/header_text.hpp"
#include "http/middleware.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

// LoopBack's middleware.json names npm packages. The ones its project template uses are known here by what they do to
// answers; which phase they stand in makes no difference to that.

namespace sallyport::http {
namespace {

void set(Headers& headers, std::string_view name, std::string value) {
    auto const found = std::ranges::find_if(headers, [&](auto const& h) { return same_name(h.first, name); });
    if (found == headers.end()) {
        headers.emplace_back(name, std::move(value));
    } else {
        found->second = std::move(value);
    }
}

void set_if_absent(Headers& headers, std::string_view name, std::string_view value) {
    auto const is_there = std::ranges::any_of(headers, [&](auto const& h) { return same_name(h.first, name); });
    if (!is_there) headers.emplace_back(name, value);
}

/// A list of texts, or one text, joined by commas.
std::string joined(Json const& value) {
    if (value.is_string()) return value.as_string();
    std::string text;
    if (!value.is_array()) return text;
    for (auto const& item : value.as_array()) {
        if (!item.is_string()) continue;
        if (!text.empty()) text += ',';
        text += item.as_string();
    }
    return text;
}

std::vector<std::string> texts_of(Json const& value) {
    std::vector<std::string> texts;
    if (value.is_string()) texts.push_back(value.as_string());
    if (value.is_array()) {
        for (auto const& item : value.as_array()) {
            if (item.is_string()) texts.push_back(item.as_string());
        }
    }
    std::erase(texts, "null");  // Sandboxed pages of any site send that one.
    return texts;
}

void read_favicon(Json const&, MiddlewareRules& rules) { rules.favicon = true; }
void read_compression(Json const&, MiddlewareRules& rules) { rules.compression = true; }

void read_cors(Json const& params, MiddlewareRules& rules) {
    auto const& origin = params["origin"];
    if (origin.is_boolean() && !origin.as_boolean()) return;
    Cors cors;
    if (origin.is_boolean()) {
        cors.allowed = Cors::Origins::echoed;
    } else if (origin.is_nothing() || (origin.is_string() && origin.as_string() == "*")) {
        cors.allowed = Cors::Origins::all;
    } else {
        cors.origins = texts_of(origin);
    }
    cors.credentials = is_truthy(params["credentials"]);
    if (params["maxAge"].is_number()) cors.max_age_seconds = static_cast<int>(params["maxAge"].as_number());
    if (auto methods = joined(params["methods"]); !methods.empty()) cors.methods = std::move(methods);
    cors.request_headers = joined(params["allowedHeaders"]);
    cors.exposed_headers = joined(params["exposedHeaders"]);
    rules.cors = std::move(cors);
}

void read_xss_filter(Json const&, MiddlewareRules& rules) {
    set(rules.fixed_headers, "X-XSS-Protection", "1; mode=block");
}

void read_frameguard(Json const& params, MiddlewareRules& rules) {
    auto const& action = params.is_string() ? params : params["action"];
    bool const is_deny = action.is_string() && same_name(action.as_string(), "deny");
    set(rules.fixed_headers, "X-Frame-Options", is_deny ? "DENY" : "SAMEORIGIN");
}

void read_hsts(Json const& params, MiddlewareRules& rules) {
    constexpr double usual_max_age = 15552000;  // seconds: 180 days, helmet's
    auto const& max_age = params["maxAge"];
    auto const& subdomains =
        params["includeSubDomains"].is_nothing() ? params["includeSubdomains"] : params["includeSubDomains"];
    std::string value = "max-age=";
    append_number(value, max_age.is_number() ? max_age.as_number() : usual_max_age);
    if (subdomains.is_nothing() || is_truthy(subdomains)) value += "; includeSubDomains";
    if (is_truthy(params["preload"])) value += "; preload";
    set(rules.fixed_headers, "Strict-Transport-Security", std::move(value));
}

void read_ie_no_open(Json const&, MiddlewareRules& rules) { set(rules.fixed_headers, "X-Download-Options", "noopen"); }
void read_no_sniff(Json const&, MiddlewareRules& rules) {
    set(rules.fixed_headers, "X-Content-Type-Options", "nosniff");
}

void read_no_cache(Json const&, MiddlewareRules& rules) {
    set(rules.fixed_headers, "Cache-Control", "no-store, no-cache, must-revalidate, proxy-revalidate");
    set(rules.fixed_headers, "Surrogate-Control", "no-store");
    set(rules.fixed_headers, "Pragma", "no-cache");
    set(rules.fixed_headers, "Expires", "0");
}

void read_referrer_policy(Json const& params, MiddlewareRules& rules) {
    auto policy = joined(params["policy"]);
    set(rules.fixed_headers, "Referrer-Policy", policy.empty() ? "no-referrer" : std::move(policy));
}

void read_dns_prefetch(Json const& params, MiddlewareRules& rules) {
    set(rules.fixed_headers, "X-DNS-Prefetch-Control", is_truthy(params["allow"]) ? "on" : "off");
}

/// {"directives": {"scriptSrc": ["'self'"], "sandbox": true}} -> "script-src 'self'; sandbox"
void read_content_policy(Json const& params, MiddlewareRules& rules) {
    auto const& directives = params["directives"];
    if (!directives.is_object()) return;
    std::string policy;
    for (auto const& [name, sources] : directives.as_object()) {
        if (sources.is_boolean() && !sources.as_boolean()) continue;
        if (!policy.empty()) policy += "; ";
        for (char const c : name) {
            bool const is_upper = c >= 'A' && c <= 'Z';
            if (is_upper) policy += '-';
            policy += is_upper ? static_cast<char>(c - 'A' + 'a') : c;
        }
        for (auto const& source : texts_of(sources)) policy += " " + source;
    }
    set(rules.fixed_headers, "Content-Security-Policy", std::move(policy));
}

/// `helmet` by itself switches on what its third major version had on.
void read_helmet(Json const&, MiddlewareRules& rules) {
    Json const nothing = Json::object();
    read_dns_prefetch(nothing, rules);
    read_frameguard(nothing, rules);
    read_hsts(nothing, rules);
    read_ie_no_open(nothing, rules);
    read_no_sniff(nothing, rules);
    read_xss_filter(nothing, rules);
}

using Reader = void (*)(Json const& params, MiddlewareRules& rules);

constexpr std::pair<std::string_view, Reader> readers[] = {
    {"loopback#favicon", read_favicon},
    {"serve-favicon", read_favicon},
    {"compression", read_compression},
    {"cors", read_cors},
    {"helmet", read_helmet},
    {"helmet#contentSecurityPolicy", read_content_policy},
    {"helmet#dnsPrefetchControl", read_dns_prefetch},
    {"helmet#frameguard", read_frameguard},
    {"helmet#hsts", read_hsts},
    {"helmet#ieNoOpen", read_ie_no_open},
    {"helmet#noCache", read_no_cache},
    {"helmet#noSniff", read_no_sniff},
    {"helmet#referrerPolicy", read_referrer_policy},
    {"helmet#xssFilter", read_xss_filter},
};

void read_entry(std::string_view name, Json const& entry, MiddlewareRules& rules) {
    if (!entry.is_object()) return;
    auto const& enabled = entry["enabled"];
    if (enabled.is_boolean() && !enabled.as_boolean()) return;
    auto const* const reader = std::ranges::find(readers, name, &std::pair<std::string_view, Reader>::first);
    if (reader == std::end(readers)) return;

    Json const none = Json::object();
    auto const& params = entry["params"];
    bool const is_list = params.is_array();  // The arguments of the package's function, of which the first matters.
    auto const& first = is_list ? (params.as_array().empty() ? none : params.as_array().front()) : params;
    reader->second(first, rules);
}

/// The headers a careful server sends with every answer, where the app says nothing else.
void add_safe_headers(MiddlewareRules& rules, std::string const& api_root) {
    bool const has_policy = std::ranges::any_of(
        rules.fixed_headers, [](auto const& h) { return same_name(h.first, "Content-Security-Policy"); });
    if (!has_policy) {
        rules.api_policy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";
        rules.page_policy =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    }
    set_if_absent(rules.fixed_headers, "X-Content-Type-Options", "nosniff");
    set_if_absent(rules.fixed_headers, "X-Frame-Options", "DENY");
    set_if_absent(rules.fixed_headers, "Referrer-Policy", "no-referrer");
    set_if_absent(rules.fixed_headers, "Cross-Origin-Resource-Policy", "same-origin");
    rules.no_store_below = api_root;
}

/// Never a rule that lets any site act with the user's credentials.
void make_strict(std::optional<Cors>& cors) {
    if (!cors || cors->allowed == Cors::Origins::listed) return;
    if (cors->credentials) {
        cors.reset();
    } else {
        cors->allowed = Cors::Origins::all;
    }
}

void settle_hsts(MiddlewareRules& rules, bool strict, Hsts const& hsts) {
    constexpr std::string_view name = "Strict-Transport-Security";
    auto const is_it = [&](auto const& header) { return same_name(header.first, name); };
    auto const said = std::ranges::find_if(rules.fixed_headers, is_it);
    bool const is_said = said != rules.fixed_headers.end();
    if (is_said && strict) rules.secure_headers.push_back(*said);
    if (is_said && (strict || hsts.seconds)) rules.fixed_headers.erase(said);
    if (hsts.seconds) std::erase_if(rules.secure_headers, is_it);
    auto const seconds = hsts.seconds.value_or(!is_said && (strict || hsts.is_usual) ? Hsts::usual_seconds : 0);
    if (seconds > 0) rules.secure_headers.emplace_back(name, fmt::format("max-age={}", seconds));
}

}  // namespace

MiddlewareRules read_middleware(JsonObject const& middleware, bool strict, std::string const& api_root,
                                Hsts const& hsts) {
    MiddlewareRules rules;
    for (auto const& [phase, entries] : middleware) {
        if (!entries.is_object()) continue;
        for (auto const& [name, entry] : entries.as_object()) {
            if (entry.is_array()) {
                for (auto const& one : entry.as_array()) read_entry(name, one, rules);
            } else {
                read_entry(name, entry, rules);
            }
        }
    }
    if (strict) {
        make_strict(rules.cors);
        add_safe_headers(rules, api_root);
    }
    settle_hsts(rules, strict, hsts);
    return rules;
}

}  // namespace sallyport::http
