#include "explorer/openapi.hpp"

#include "explorer/company.hpp"

namespace sallyport::explorer {
namespace {

TEST(OpenApi, SaysWhatGoesInAndWhatComesOut) {
    Company const company;
    auto const document = company.openapi();
    struct Row {
        char const* path;
        char const* expected;
    };
    Row const rows[] = {
        {"openapi", R"("3.1.0")"},
        {"servers", R"([{"url":"/api"}])"},
        {"security", R"([{"accessToken":[]},{}])"},
        {"components|securitySchemes|accessToken|name", R"("Authorization")"},
        {"paths|/Notes|get|operationId", R"("Note.find")"},
        {"paths|/Notes|get|parameters", R"([{"$ref":"#/components/parameters/filter"}])"},
        {"paths|/Notes|post|requestBody|content|application/json|schema|oneOf|0",
         R"({"$ref":"#/components/schemas/Note.new"})"},
        {"paths|/Notes/{id}|patch|requestBody|content|application/json|schema",
         R"({"$ref":"#/components/schemas/Note.changes"})"},
        {"paths|/Notes/{id}|patch|parameters|0|schema", R"({"type":"string"})"},
        {"paths|/Notes/{id}|get|responses|404", R"({"$ref":"#/components/responses/NotFound"})"},
        {"paths|/Notes|post|responses|422", R"({"$ref":"#/components/responses/Unprocessable"})"},
        {"paths|/Notes|get|responses|default", R"({"$ref":"#/components/responses/OtherError"})"},
        {"paths|/Notes/post|post|requestBody|content|application/x-www-form-urlencoded|schema|required", R"(["a"])"},
        {"paths|/Notes/post|post|responses|204|description", R"("It was done, and there is nothing to say.")"},
        {"paths|/Notes/add/{b}|get|parameters|1|content|application/json|schema", R"({"type":"object"})"},
        {"components|schemas|Note.new|required", R"(["text"])"},
        {"components|schemas|Note.changes|properties|verdict", R"({"type":"string"})"},
        {"components|schemas|Note|properties|id", R"({"type":"number","format":"double","example":1})"},
        {"components|schemas|ErrorReply|required", R"(["error"])"},
        {"components|schemas|Person.new|properties|password",
         R"({"type":"string","format":"password","writeOnly":true})"},
    };
    for (auto const& row : rows) EXPECT_EQ(to_text(at(document, row.path)), row.expected) << row.path;
}

TEST(OpenApi, WhatAClientCannotSendOrSeeIsNotThere) {
    Company const company;
    auto const document = company.openapi();

    for (auto const* path :
         {"components|schemas|Note.new|properties|id", "components|schemas|Note.new|properties|hash",
          "components|schemas|Note.new|properties|verdict", "components|schemas|Note.changes|required",
          "components|schemas|Note|properties|hash", "components|schemas|Person|properties|password",
          "components|schemas|Person.changes|properties|password", "paths|/Notes/{id}|head|responses|200|content"}) {
        EXPECT_TRUE(at(document, path).is_undefined()) << path;
    }
    EXPECT_EQ(to_text(document).find("verificationToken"), std::string::npos);
}

}  // namespace
}  // namespace sallyport::explorer
