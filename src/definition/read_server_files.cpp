#include "definition/read_server_files.hpp"

#include "definition/known_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace sallyport::definition {
namespace {

std::vector<std::string> const built{"memory", "transient", "sqlite3", "mail"};

/// Connectors of LoopBack that people may come with.
std::vector<std::string> const others{
    "postgresql", "sms",      "kv-memory", "kv-redis",  "mysql",    "mongodb",       "mssql",  "oracle",
    "db2",        "cloudant", "couchdb2",  "dashdb",    "informix", "cassandra",     "redis",  "rest",
    "soap",       "remote",   "openapi",   "grpc",      "swagger",  "elasticsearch", "es",     "neo4j",
    "kafka",      "mqtt",     "saphana",   "couchbase", "storage",  "push",          "twilio", "ibmi"};

void read_connector(LocatedMember const& member, DataSource& source, Findings& findings) {
    auto const* connector = member.value.find("connector");
    if (!connector || !connector->is_string()) {
        findings.mistake(connector ? connector->place : member.place,
                         fmt::format("the data source \"{}\" needs a \"connector\"", member.name),
                         "use " + one_of(built));
        return;
    }
    std::string name = connector->value.as_string();
    for (std::string_view const prefix : {"loopback-connector-", "loopback-component-"}) {
        if (name.starts_with(prefix)) name.erase(0, prefix.size());
    }
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (name == "sqlite") name = "sqlite3";
    if (std::ranges::find(built, name) != built.end()) {
        source.connector = name;
    } else if (std::ranges::find(others, name) != others.end()) {
        findings.mistake(connector->place, fmt::format("the connector \"{}\" is not built", name),
                         "built: " + one_of(built));
    } else {
        auto hint = did_you_mean(name, built);
        findings.mistake(connector->place, fmt::format("there is no connector \"{}\"", name),
                         hint.empty() ? "use " + one_of(built) : hint);
    }
}

bool is_phase(std::string_view name) {
    constexpr std::array<std::string_view, 7> phases{"initial", "session", "auth", "parse", "routes", "files", "final"};
    for (std::string_view const suffix : {":before", ":after"}) {
        if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
    }
    return std::ranges::find(phases, name) != phases.end();
}

constexpr std::array entry_keys{
    Key{"name", kinds::text},        Key{"enabled", kinds::boolean}, Key{"params"}, Key{"methods"}, Key{"paths"},
    Key{"optional", kinds::boolean}, Key{"phase", kinds::text}};

/// A name that is not built in: misspelt, or JavaScript that LoopBack would run.
void complain_about_name(LocatedMember const& member, std::string_view what, std::vector<std::string> const& known,
                         bool ignore_scripts, Findings& findings) {
    auto const near = did_you_mean(member.name, known);
    if (!near.empty() || !ignore_scripts) {
        auto const hint =
            near.empty()
                ? R"(take it out, or write "ignoreScripts": true into server/config.json once you know what it did)"
                : near;
        findings.mistake(member.place, fmt::format("the {} \"{}\" is not built in", what, member.name), hint);
    } else {
        findings.note(member.place,
                      fmt::format("the {} \"{}\" is not built in, so it does nothing here", what, member.name));
    }
}

bool is_switched_off(Located const& value) {
    return value.value.is_null() || (value.value.is_boolean() && !value.value.as_boolean()) ||
           !value.flag("enabled", true);
}

void check_entry(LocatedMember const& member, bool ignore_scripts, Findings& findings) {
    auto const& value = member.value;
    if (!is_of(value, kinds::object | kinds::list | kinds::null | kinds::boolean)) {
        require_kind(value, kinds::object | kinds::list, member.name, findings);
        return;
    }
    if (value.is_object()) check_keys(value, entry_keys, fmt::format("\"{}\"", member.name), findings);
    for (auto const& item : value.items) check_keys(item, entry_keys, fmt::format("\"{}\"", member.name), findings);
    if (is_switched_off(value)) return;
    if (member.name == "loopback#status" || member.name == "loopback#context") {
        findings.note(member.place, fmt::format("\"{}\" is known to LoopBack, but has no effect here", member.name));
        return;
    }
    auto const* params = value.find("params");
    if (member.name == "loopback#token" && params) check_keys(*params, token_middleware_keys(), "the params", findings);
    auto const& known = known_middleware();
    if (std::ranges::find(known, member.name) == known.end())
        complain_about_name(member, "middleware", known, ignore_scripts, findings);
}

/// Mail that goes nowhere must not look as if it did.
void check_transports(Located const& source, Findings& findings) {
    auto const* transports = source.find("transports");
    if (!transports) return;
    for (auto const& transport : transports->items) {
        auto const* type = transport.find("type");
        auto const is_stub = type && (type->value == Json{"STUB"} || type->value == Json{"stub"});
        if (is_stub) continue;
        findings.mistake(type ? type->place : transport.place, "this mail transport is not built",
                         R"(built: {"type": "STUB"}, which keeps mails in memory)");
    }
}

}  // namespace

std::vector<DataSource> read_data_sources(Located const& file, Findings& findings) {
    std::vector<DataSource> sources;
    for (auto const& member : file.members) {
        if (!require_kind(member.value, kinds::object, member.name, findings)) continue;
        DataSource source{.name = member.name, .connector = {}, .settings = member.value.json()};
        read_connector(member, source, findings);
        auto const keys = data_source_keys(source.connector);
        if (!keys.empty()) check_keys(member.value, keys, fmt::format("the data source \"{}\"", member.name), findings);
        check_depths(member.value, findings);
        if (source.connector == "mail") check_transports(member.value, findings);
        sources.push_back(std::move(source));
    }
    return sources;
}

void check_middleware(Located const& file, bool ignore_scripts, Findings& findings) {
    std::vector<std::string> const phases{"initial", "session", "auth", "parse", "routes", "files", "final"};
    for (auto const& phase : file.members) {
        if (!is_phase(phase.name)) {
            auto const near = did_you_mean(phase.name, phases);
            findings.mistake(phase.place, fmt::format("there is no phase \"{}\"", phase.name),
                             near.empty() ? "phases are " + one_of(phases) : near);
            continue;
        }
        if (!require_kind(phase.value, kinds::object, phase.name, findings)) continue;
        for (auto const& member : phase.value.members) check_entry(member, ignore_scripts, findings);
    }
}

void check_components(Located const& file, bool ignore_scripts, Findings& findings) {
    auto const& known = known_components();
    for (auto const& member : file.members) {
        auto const is_known = std::ranges::find(known, member.name) != known.end();
        if (!is_known && !is_switched_off(member.value))
            complain_about_name(member, "component", known, ignore_scripts, findings);
    }
}

}  // namespace sallyport::definition
