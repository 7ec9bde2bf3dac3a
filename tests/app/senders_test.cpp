#include "app/senders.hpp"

#include <gtest/gtest.h>

namespace sallyport::app {
namespace {

std::vector<std::string> mistakes_of(std::string_view more) {
    definition::Project project;
    auto settings = parse_json(R"({"connector": "sms", "gateway": "vonage", "apiKey": "k", "apiSecret": "s",
        "from": "Acme", "countries": ["FR"]})");
    for (auto& [name, value] : parse_json(more).as_object()) settings.as_object().set(name, std::move(value));
    project.data_sources.push_back({.name = "sms", .connector = "sms", .settings = std::move(settings)});
    check_senders(project);
    std::vector<std::string> texts;
    for (auto const& finding : project.findings) texts.push_back(finding.text);
    return texts;
}

TEST(Senders, WhatMayBeSentHasABound) {
    struct Row {
        char const* json;
        char const* mistake;
    };
    auto constexpr cap = "sms: \"dailyCap\" must be a whole number from 1 to 1000000";
    auto constexpr per_hour = "sms: \"+33612\" needs a whole number from 1 to 1000000: so many messages an hour";
    auto constexpr timeout = "sms: \"timeout\" must be 1000 to 30000, in milliseconds";
    Row const rows[] = {
        {R"({"dailyCap": 0})", cap},
        {R"({"dailyCap": 1.5})", cap},
        {R"({"dailyCap": 1000001})", cap},
        {R"({"prefixes": {"+33612": 0}})", per_hour},
        {R"({"prefixes": {"+33612": 1000001}})", per_hour},
        {R"({"timeout": 999})", timeout},
        {R"({"timeout": 30001})", timeout},
    };
    for (auto const& row : rows) EXPECT_EQ(mistakes_of(row.json), std::vector<std::string>{row.mistake}) << row.json;
    EXPECT_EQ(mistakes_of(R"({"dailyCap": 1000000, "prefixes": {"+33612": 1}, "timeout": 1000})"),
              std::vector<std::string>{});
}

TEST(Senders, MailThatReachesNobodyIsNoted) {
    auto constexpr smtp = R"({"transports": [{"type": "smtp", "host": "h"}], "defaultFrom": "a@b.test"})";
    auto constexpr stub = R"({"transports": [{"type": "STUB"}]})";
    struct Row {
        std::vector<char const*> sources;
        char const* note;
    };
    Row const rows[] = {
        {{stub}, "mail0: mail reaches nobody: a STUB keeps it in memory"},
        {{"{}"}, "mail0: mail reaches nobody: a STUB keeps it in memory"},
        {{smtp}, ""},
        {{stub, smtp}, ""},  // The first that sends is used.
        {{}, ""},
    };
    for (auto const& row : rows) {
        definition::Project project;
        for (auto const* json : row.sources)
            project.data_sources.push_back({.name = "mail" + std::to_string(project.data_sources.size()),
                                            .connector = "mail",
                                            .settings = parse_json(json)});
        check_senders(project);
        EXPECT_FALSE(project.has_mistakes());
        EXPECT_EQ(project.findings.empty() ? "" : project.findings.front().text, row.note);
    }
}

}  // namespace
}  // namespace sallyport::app
