#include "definition/server_keys.hpp"

#include <algorithm>
#include <array>

namespace sallyport::definition {
namespace {

using enum Key::Use;
using namespace kinds;

constexpr std::array of_memory{
    Key{"name", text},
    Key{"connector", text},
    Key{"file", text},
    Key{"synchronous", text},
    Key{"localStorage", any, only_known},
    Key{"prohibitHiddenPropertiesInQuery", boolean | null},
    Key{"maxDepthOfQuery", number | null},
    Key{"maxDepthOfData", number | null},
    Key{"debug", any, only_known},
    Key{"lazyConnect", any, only_known},
};

constexpr std::array of_transient{
    Key{"name", text},
    Key{"connector", text},
    Key{"file", any, only_known},
    Key{"localStorage", any, only_known},
    Key{"prohibitHiddenPropertiesInQuery", boolean | null},
    Key{"maxDepthOfQuery", number | null},
    Key{"maxDepthOfData", number | null},
    Key{"debug", any, only_known},
    Key{"lazyConnect", any, only_known},
};

constexpr std::array of_sqlite{
    Key{"name", text},
    Key{"connector", text},
    Key{"file", text},
    Key{"database", text},
    Key{"synchronous", text},
    Key{"prohibitHiddenPropertiesInQuery", boolean | null},
    Key{"maxDepthOfQuery", number | null},
    Key{"maxDepthOfData", number | null},
    Key{"file_name", any, only_known},
    Key{"debug", any, only_known},
    Key{"lazyConnect", any, only_known},
};

constexpr std::array of_auth{Key{"user", text}, Key{"password", text}};

constexpr std::array of_sms{
    Key{"name", text},
    Key{"connector", text},
    Key{"gateway", text},
    Key{"from", text},
    Key{"apiKey", text},
    Key{"apiSecret", text},
    Key{"accountSid", text},
    Key{"authToken", text},
    Key{"messagingServiceSid", text},
    Key{"url", text},
    Key{"method", text},
    Key{"headers", object},
    Key{"auth", object, acted_on, of_auth},
    Key{"form", object},
    Key{"json", object | list},
    Key{"xml", text},
    Key{"accepted", object | list},
    Key{"retry", object | list},
    Key{"refused", object | list},
    Key{"dropsDoubles", boolean},
    Key{"values", object},
    Key{"timeout", number},
    Key{"ca", text},
    Key{"allowPrivate", boolean},
    Key{"fallback", text},
    Key{"countries", list},
    Key{"prefixes", object},
    Key{"dailyCap", number},
};

constexpr std::array of_mail{
    Key{"name", text},        Key{"connector", text},   Key{"transports", list},
    Key{"transport", object}, Key{"defaultFrom", text}, Key{"debug", any, only_known},
};

constexpr std::array of_mail_login{
    Key{"user", text},
    Key{"pass", text},
    Key{"type", any, only_known},
};

constexpr std::array of_mail_tls{
    Key{"ca", text},
    Key{"rejectUnauthorized", boolean},
    Key{"servername", any, only_known},
    Key{"minVersion", any, only_known},
    Key{"ciphers", any, only_known},
};

constexpr std::array of_transport{
    Key{"type", text},
    Key{"host", text},
    Key{"port", number},
    Key{"auth", object, acted_on, of_mail_login},
    Key{"secure", boolean},
    Key{"tls", object, acted_on, of_mail_tls},
    Key{"ignoreTLS", boolean},
    Key{"requireTLS", boolean},
    Key{"name", text},
    Key{"connectionTimeout", number},
    Key{"socketTimeout", number},
    Key{"alias", any, only_known},
    Key{"authMethod", any, only_known},
    Key{"service", any, only_known},
    Key{"localAddress", any, only_known},
    Key{"greetingTimeout", number},
    Key{"pool", any, only_known},
    Key{"maxConnections", any, only_known},
    Key{"maxMessages", any, only_known},
    Key{"rateLimit", any, only_known},
    Key{"logger", any, only_known},
    Key{"debug", any, only_known},
};

constexpr std::array of_meta{
    Key{"sources", list}, Key{"mixins", list},  // Folders of JavaScript: what is in them is told script by script.
};

constexpr std::array of_middleware_entry{
    Key{"name", text},
    Key{"enabled", boolean},
    Key{"params"},
    Key{"methods", any, only_known},
    Key{"paths", any, only_known},
    Key{"optional", any, only_known},
    Key{"phase", any, only_known},
};

// Params of middleware, by package.

constexpr std::array of_token{
    Key{"currentUserLiteral", text},
    Key{"model", text},
    Key{"cookies", any, only_known},
    Key{"headers", list},
    Key{"params", list},
    Key{"searchDefaultTokenKeys", boolean},
    Key{"enableDoublecheck", any, only_known},
    Key{"overwriteExistingToken", any, only_known},
    Key{"bearerTokenBase64Encoded", any, only_known},
};

constexpr std::array of_cors{
    Key{"origin", text | boolean | list | null},
    Key{"credentials", boolean},
    Key{"maxAge", number},
    Key{"methods", text | list},
    Key{"allowedHeaders", text | list},
    Key{"exposedHeaders", text | list},
    Key{"headers", any, only_known},
    Key{"preflightContinue", any, only_known},
    Key{"optionsSuccessStatus", any, only_known},
};

constexpr std::array of_compression{
    Key{"threshold", any, only_known},  Key{"level", any, only_known},    Key{"filter", any, only_known},
    Key{"chunkSize", any, only_known},  Key{"memLevel", any, only_known}, Key{"strategy", any, only_known},
    Key{"windowBits", any, only_known},
};

constexpr std::array of_helmet{
    Key{"contentSecurityPolicy", any, only_known},
    Key{"dnsPrefetchControl", any, only_known},
    Key{"expectCt", any, only_known},
    Key{"featurePolicy", any, only_known},
    Key{"frameguard", any, only_known},
    Key{"hidePoweredBy", any, only_known},
    Key{"hpkp", any, only_known},
    Key{"hsts", any, only_known},
    Key{"ieNoOpen", any, only_known},
    Key{"noCache", any, only_known},
    Key{"noSniff", any, only_known},
    Key{"permittedCrossDomainPolicies", any, only_known},
    Key{"referrerPolicy", any, only_known},
    Key{"xssFilter", any, only_known},
};

constexpr std::array of_content_policy{
    Key{"directives", object},
    Key{"reportOnly", any, only_known},
    Key{"loose", any, only_known},
    Key{"setAllHeaders", any, only_known},
    Key{"disableAndroid", any, only_known},
    Key{"browserSniff", any, only_known},
};

constexpr std::array of_dns_prefetch{Key{"allow", boolean}};
constexpr std::array of_frameguard{Key{"action", text}, Key{"domain", any, only_known}};
constexpr std::array of_hide_powered_by{Key{"setTo", any, only_known}};
constexpr std::array of_no_cache{Key{"noEtag", any, only_known}};
constexpr std::array of_referrer_policy{Key{"policy", text | list}};
constexpr std::array of_xss_filter{Key{"setOnOldIE", any, only_known}, Key{"reportUri", any, only_known}};

constexpr std::array of_hsts{
    Key{"maxAge", number},   Key{"includeSubDomains", boolean}, Key{"includeSubdomains", boolean},
    Key{"preload", boolean}, Key{"setIf", any, only_known},     Key{"force", any, only_known},
};

constexpr std::array of_favicon{Key{"maxAge", any, only_known}};

constexpr std::array of_error_handler{
    Key{"debug", boolean},    Key{"log", any, only_known},          Key{"safeFields", text | list},
    Key{"defaultType", text}, Key{"negotiateContentType", boolean}, Key{"rootProperty", text | boolean},
};

constexpr std::array of_explorer{
    Key{"mountPath", text},
    Key{"apiInfo", object},
    Key{"resourcePath", text},
    Key{"uiDirs", any, only_known},
    Key{"swaggerUI", any, only_known},
    Key{"auth", any, only_known},
    Key{"basePath", text},
    Key{"host", text},
    Key{"protocol", text},
    Key{"version", text},
    Key{"consumes", list},
    Key{"produces", list},
    Key{"omitProtocolInBaseUrl", any, only_known},
    Key{"generateOperationScopedModels", any, only_known},
};

constexpr std::array middleware{
    BuiltIn{"compression", of_compression},
    BuiltIn{"cors", of_cors},
    BuiltIn{"helmet", of_helmet},
    BuiltIn{"helmet#contentSecurityPolicy", of_content_policy},
    BuiltIn{"helmet#dnsPrefetchControl", of_dns_prefetch},
    BuiltIn{"helmet#frameguard", of_frameguard},
    BuiltIn{"helmet#hidePoweredBy", of_hide_powered_by},
    BuiltIn{"helmet#hsts", of_hsts},
    BuiltIn{"helmet#ieNoOpen", {}},
    BuiltIn{"helmet#noCache", of_no_cache},
    BuiltIn{"helmet#noSniff", {}},
    BuiltIn{"helmet#referrerPolicy", of_referrer_policy},
    BuiltIn{"helmet#xssFilter", of_xss_filter},
    BuiltIn{"loopback#favicon", of_favicon},
    BuiltIn{"loopback#rest", {}},
    BuiltIn{"loopback#static", {}},
    BuiltIn{"loopback#token", of_token},
    BuiltIn{"loopback#urlNotFound", {}},
    BuiltIn{"serve-favicon", of_favicon},
    BuiltIn{"strong-error-handler", of_error_handler},
};

constexpr std::array components{BuiltIn{"loopback-component-explorer", of_explorer}};

}  // namespace

std::span<BuiltIn const> built_in_middleware() { return middleware; }
std::span<BuiltIn const> built_in_components() { return components; }

BuiltIn const* find_built_in(std::span<BuiltIn const> among, std::string_view name) {
    auto const found = std::ranges::find(among, name, &BuiltIn::name);
    return found == among.end() ? nullptr : &*found;
}

std::vector<std::string> names_of(std::span<BuiltIn const> built_in) {
    std::vector<std::string> names;
    for (auto const& one : built_in) names.emplace_back(one.name);
    return names;
}

std::span<Key const> middleware_entry_keys() { return of_middleware_entry; }
std::span<Key const> meta_keys() { return of_meta; }
std::span<Key const> transport_keys() { return of_transport; }

std::span<Key const> data_source_keys(std::string_view connector) {
    if (connector == "memory") return of_memory;
    if (connector == "transient") return of_transient;
    if (connector == "sqlite3") return of_sqlite;
    if (connector == "mail") return of_mail;
    if (connector == "sms") return of_sms;
    return {};
}

}  // namespace sallyport::definition
