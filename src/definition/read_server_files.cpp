#include "definition/read_server_files.hpp"

#include "definition/server_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace sallyport::definition {
namespace {

std::vector<std::string> const built{"memory", "transient", "sqlite3", "mail", "sms"};

/// Connectors of LoopBack that people may come with.
std::vector<std::string> const others{
    "postgresql", "kv-memory", "kv-redis",  "mysql",    "mongodb",       "mssql",  "oracle", "db2",
    "cloudant",   "couchdb2",  "dashdb",    "informix", "cassandra",     "redis",  "rest",   "soap",
    "remote",     "openapi",   "grpc",      "swagger",  "elasticsearch", "es",     "neo4j",  "kafka",
    "mqtt",       "saphana",   "couchbase", "storage",  "push",          "twilio", "ibmi"};

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

/// Mail that goes nowhere must not look as if it did.
void check_transport(Located const& transport, Findings& findings) {
    check_keys(transport, transport_keys(), "a mail transport", findings);
    auto const* type = transport.find("type");
    for (auto const* known : {"STUB", "stub", "smtp", "SMTP"}) {
        if (type && type->value == Json{known}) return;
    }
    findings.mistake(type ? type->place : transport.place, "this mail transport is not built",
                     R"(built: {"type": "smtp", "host": "..."}, and {"type": "STUB"}, which keeps mails in memory)");
}

void check_transports(Located const& source, Findings& findings) {
    if (auto const* transports = source.find("transports")) {
        for (auto const& transport : transports->items) check_transport(transport, findings);
    }
    if (auto const* transport = source.find("transport"); transport && transport->is_object())
        check_transport(*transport, findings);
}

}  // namespace

std::vector<DataSource> read_data_sources(Located const& file, Findings& findings) {
    std::vector<DataSource> sources;
    for (auto const& member : file.members) {
        if (!require_kind(member.value, kinds::object, member.name, findings)) continue;
        DataSource source{.name = member.name,
                          .connector = {},
                          .settings = member.value.json(),
                          .place = member.place,
                          .places = places_of(member.value)};
        read_connector(member, source, findings);
        auto const keys = data_source_keys(source.connector);
        if (!keys.empty()) check_keys(member.value, keys, fmt::format("the data source \"{}\"", member.name), findings);
        check_depths(member.value, findings);
        if (source.connector == "mail") check_transports(member.value, findings);
        sources.push_back(std::move(source));
    }
    return sources;
}

}  // namespace sallyport::definition
