#include "explorer/swagger.hpp"

#include "explorer/company.hpp"

namespace sallyport::explorer {
namespace {

TEST(Swagger, SaysWhatLoopBackSays) {
    Company const company;
    auto const document = company.swagger();
    struct Row {
        char const* path;
        char const* expected;
    };
    Row const rows[] = {
        {"swagger", R"("2.0")"},
        {"info", R"({"title":"company","version":"1.0.0"})"},
        {"basePath", R"("/api")"},
        {"paths|/Notes|get|tags", R"(["Note"])"},
        {"paths|/Notes|get|parameters|0|format", R"("JSON")"},
        {"paths|/Notes|get|responses|200|schema", R"({"type":"array","items":{"$ref":"#/definitions/Note"}})"},
        {"paths|/Notes|post|parameters|0|schema",
         R"({"description":"Model instance data","$ref":"#/definitions/Note"})"},
        {"paths|/Notes/{id}|patch|parameters|0|in", R"("path")"},
        {"paths|/Notes/{id}|delete|responses|200|schema", R"({"type":"object"})"},
        {"paths|/Notes/count|get|responses|200|schema",
         R"({"type":"object","properties":{"count":{"type":"number","format":"double"}}})"},
        {"paths|/Notes/add/{b}|get|parameters|0",
         R"({"name":"a","in":"query","required":true,"type":"number","format":"double"})"},
        {"paths|/Notes/add/{b}|get|parameters|1",
         R"({"name":"b","in":"path","required":true,"type":"string","format":"JSON"})"},
        {"paths|/Notes/add/{b}|get|parameters|2",
         R"({"name":"n","in":"query","required":false,"type":"string","format":"JSON"})"},
        {"paths|/Notes/update|post|responses|200|schema",
         R"({"type":"object","properties":{"count":{"type":"number","format":"double"}}})"},
        {"paths|/Notes/change-stream|get|responses|200|schema", R"({"type":"file"})"},
        {"paths|/Notes/drop|delete|responses|409", R"({"description":"Unknown error"})"},
        {"paths|/Notes/post|post|parameters|0|in", R"("formData")"},
        {"paths|/Notes/post|post|responses|204", R"({"description":"Request was successful"})"},
        {"definitions|Note|description", R"("What someone wrote")"},
        {"definitions|Note|required", R"(["text"])"},
        {"definitions|Note|additionalProperties", "false"},
        {"definitions|Note|type", "null"},
        {"definitions|Tag|required", R"(["word"])"},
        {"definitions|Note|properties|text", R"({"type":"string","description":"The words"})"},
        {"definitions|Note|properties|size", R"({"type":"number","format":"double","default":3})"},
        {"definitions|Note|properties|when", R"({"type":"string","format":"date-time"})"},
        {"definitions|Note|properties|where", R"({"$ref":"#/definitions/GeoPoint"})"},
        {"definitions|Note|properties|tags", R"({"type":"array","items":{"type":"string"}})"},
        {"definitions|Note|properties|extra", R"({"$ref":"#/definitions/x-any"})"},
        {"definitions|x-any", R"({"properties":{}})"},
        {"securityDefinitions|accessToken|name", R"("Authorization")"},
    };
    for (auto const& row : rows) EXPECT_EQ(to_text(at(document, row.path)), row.expected) << row.path;
}

TEST(Swagger, HiddenPropertiesAndModelsThatAreNotPublicAreNowhere) {
    Company const company;
    auto const document = company.swagger();

    EXPECT_TRUE(at(document, "definitions|Note|properties|hash").is_undefined());
    EXPECT_TRUE(at(document, "definitions|Person|properties|password").is_undefined());
    EXPECT_TRUE(at(document, "definitions|Secret").is_undefined());
    EXPECT_EQ(to_text(document).find("verificationToken"), std::string::npos);
}

TEST(Swagger, TheComponentMaySayOtherwise) {
    Company company;
    company.options.host = "api.company.test";
    company.options.protocol = "https";
    company.options.base_path = "/v1";
    company.options.consumes = JsonArray{"application/json"};
    auto const document = company.swagger();

    EXPECT_EQ(to_text(document["host"]) + to_text(document["schemes"]) + to_text(document["basePath"]) +
                  to_text(document["consumes"]),
              R"("api.company.test"["https"]"/v1"["application/json"])");
    EXPECT_EQ(to_text(at(company.openapi(), "servers|0|url")), R"("https://api.company.test/v1")");
}

}  // namespace
}  // namespace sallyport::explorer
