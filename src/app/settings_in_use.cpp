#include "app/settings_in_use.hpp"

#include "app/senders.hpp"
#include "app/stores.hpp"
#include "auth/two_factor_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace sallyport::app {
namespace {

using definition::SettingInUse;
using definition::Settings;

/// What of a data source is no secret. A key is, unless it stands here: nobody has to think of it first.
constexpr std::string_view open_keys[] = {"name",
                                          "connector",
                                          "file",
                                          "database",
                                          "synchronous",
                                          "maxDepthOfData",
                                          "maxDepthOfQuery",
                                          "gateway",
                                          "from",
                                          "method",
                                          "timeout",
                                          "ca",
                                          "allowPrivate",
                                          "fallback",
                                          "countries",
                                          "prefixes",
                                          "dailyCap",
                                          "dropsDoubles",
                                          "defaultFrom",
                                          "type",
                                          "host",
                                          "port",
                                          "secure",
                                          "ignoreTLS",
                                          "requireTLS",
                                          "servername",
                                          "minVersion",
                                          "ciphers",
                                          "connectionTimeout",
                                          "greetingTimeout",
                                          "socketTimeout",
                                          "debug",
                                          "lazyConnect",
                                          "localStorage",
                                          "prohibitHiddenPropertiesInQuery",
                                          "rejectUnauthorized"};

// Path and query of an address may hold a key; whom it asks is what people want to see.
Json shown_url(Json const& url) {
    if (!url.is_string()) return hidden;
    auto const& text = url.as_string();
    auto const host = text.find("://");
    auto const end = host == std::string::npos ? host : text.find_first_of("/?#", host + 3);
    auto const authority = text.substr(0, end);
    if (host == std::string::npos || authority.contains('@') || authority.contains('{')) return hidden;
    return end == std::string::npos ? text : fmt::format("{}/{}", authority, hidden);
}

// Paths below a list of keys ("auth.pass") are judged whole: "headers.from" is a header.
bool is_open(std::string_view name) {
    for (std::string_view const above : {"transports.0.", "transport.", "tls."})
        if (name.starts_with(above)) name.remove_prefix(above.size());
    return std::ranges::find(open_keys, name) != std::end(open_keys);
}

void hide_secrets(std::vector<SettingInUse>& settings) {
    for (auto& [name, value, from] : settings) {
        if (value.is_nothing() || is_open(name)) continue;
        value = name == "url" ? shown_url(value) : Json{hidden};
    }
}

// What nobody reads is shown as it is written; its effect is for `check` to judge.
void add_unread(definition::DataSource const& source, Settings& settings) {
    auto const is_read = [&](std::string const& key) {
        return std::ranges::any_of(settings.in_use(), [&](SettingInUse const& setting) {
            return setting.name == key || setting.name.starts_with(key + ".");
        });
    };
    for (auto const& [key, value] : source.settings.as_object()) {
        if (!is_read(key)) settings.note(key, value);
    }
}

SettingsInUse of_source(definition::Project const& project, definition::DataSource const& source) {
    Settings settings{source.settings, source.places};
    settings.note("connector", source.connector);
    if (keeps_records(source)) read_store_rules(source, settings, project.folder);
    read_sender(project, source, settings);
    add_unread(source, settings);
    auto in_use = settings.in_use();
    hide_secrets(in_use);
    return {fmt::format("the data source \"{}\"", source.name), std::move(in_use)};
}

bool has_mistakes(definition::Project const& project, std::string_view in_files) {
    return std::ranges::any_of(project.findings, [&](definition::Finding const& finding) {
        return finding.kind == definition::Finding::Kind::mistake && finding.file.starts_with(in_files);
    });
}

}  // namespace

std::vector<SettingsInUse> settings_in_use(definition::Project const& project, Config const& config) {
    std::vector<SettingsInUse> all{{"server/config.json", config.in_use}};
    if (has_mistakes(project, "server/datasources.")) return all;
    for (auto const& source : project.data_sources) all.push_back(of_source(project, source));
    if (project.has_mistakes()) return all;
    for (auto const& [name, model] : project.models.all()) {
        auto const* mixin = auth::two_factor_mixin(model);
        if (mixin == nullptr) continue;
        Settings settings{mixin->options, mixin->places};
        auth::read_two_factor_options(settings);
        all.push_back({fmt::format("TwoFactor of {}", name), settings.in_use()});
    }
    return all;
}

}  // namespace sallyport::app
