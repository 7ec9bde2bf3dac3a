#include "rest/exposure.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace sallyport::rest {
namespace {

using Settings = std::vector<std::pair<std::string, bool>>;

bool exposed(std::string name, Settings settings, bool shared = true, std::vector<std::string> aliases = {}) {
    definition::Model model;
    model.shared_methods = std::move(settings);
    MethodSpec method;
    method.is_static = !name.starts_with("prototype.");
    method.name = std::move(name);
    method.shared = shared;
    method.aliases = std::move(aliases);
    return is_exposed(model, method);
}

TEST(Exposure, AMethodIsSharedUnlessItOrTheModelSaysOtherwise) {
    EXPECT_TRUE(exposed("find", {}));
    EXPECT_FALSE(exposed("deleteAll", {}, false));
    EXPECT_TRUE(exposed("deleteAll", {{"deleteAll", true}}, false));
    EXPECT_FALSE(exposed("login", {{"login", false}}));
    EXPECT_FALSE(exposed("count", {{"*", false}, {"find", true}}));
    EXPECT_TRUE(exposed("find", {{"*", false}, {"find", true}}));
    EXPECT_TRUE(exposed("find", {{"find", true}, {"*", false}}));
}

TEST(Exposure, PatternsMatchAnywhereInTheName) {
    EXPECT_FALSE(exposed("prototype.__get__orders", {{"prototype.__*", false}}));
    EXPECT_FALSE(exposed("prototype.__get__orders", {{"__*__orders", false}}));
    EXPECT_TRUE(exposed("find", {{"prototype.*", false}}));
    EXPECT_FALSE(exposed("findById", {{"find*", false}, {"*", true}}));
}

TEST(Exposure, AnAliasSwitchesOffAndNeverOn) {
    EXPECT_FALSE(exposed("patchOrCreate", {{"upsert", false}}, true, {"upsert"}));
    EXPECT_FALSE(exposed("patchOrCreate", {{"*", false}, {"upsert", true}}, true, {"upsert"}));
    EXPECT_FALSE(
        exposed("prototype.patchAttributes", {{"prototype.updateAttributes", false}}, true, {"updateAttributes"}));
}

TEST(Exposure, RoutesAreWhereLoopBackPutsThem) {
    struct {
        std::string name;
        std::vector<RouteSpec> http;
        std::vector<std::string> expected;
    } const cases[] = {
        {"noHttp", {}, {"ALL /noHttp"}},
        {"takesDel", {{"del", "/takesDel"}}, {"DELETE /takesDel"}},
        {"any", {{"all", "any-verb"}}, {"ALL /any-verb"}},
        {"two", {{"GET", "/two/"}, {"HEAD", "/two/:id"}}, {"GET /two", "HEAD /two/:id"}},
        {"find", {{"GET", "/"}}, {"GET /"}},
        {"prototype.close", {{"POST", "/close"}}, {"POST /:id/close"}},
        {"prototype.close", {{"POST", "/:id/close"}}, {"POST /:id/close"}},
        {"prototype.patchAttributes", {{"PATCH", "/"}}, {"PATCH /:id"}},
        {"prototype.close", {}, {"ALL /:id/close"}},
    };
    for (auto const& c : cases) {
        MethodSpec method;
        method.name = c.name;
        method.is_static = !c.name.starts_with("prototype.");
        method.http = c.http;
        std::vector<std::string> found;
        for (auto const& route : routes_of({}, method)) found.push_back(route.verb + " " + route.path);
        EXPECT_EQ(found, c.expected) << c.name;
    }
}

TEST(Exposure, AModelMayServeItsRoutesInLowerCaseWithDashes) {
    struct {
        std::string name;
        std::vector<RouteSpec> http;
        std::string expected;
    } const cases[] = {
        {"find", {{"GET", "/"}}, "GET /"},
        {"findOne", {{"GET", "/findOne"}}, "GET /find-one"},
        {"getXMLFile", {}, "ALL /get-x-m-l-file"},
        {"prototype.__findById__bigThings", {{"GET", "/bigThings/:fkId"}}, "GET /:id/big-things/:fkId"},
    };
    definition::Model model;
    model.normalizes_paths = true;
    for (auto const& c : cases) {
        MethodSpec method;
        method.name = c.name;
        method.is_static = !c.name.starts_with("prototype.");
        method.http = c.http;
        auto const route = routes_of(model, method).front();
        EXPECT_EQ(route.verb + " " + route.path, c.expected);
    }
}

}  // namespace
}  // namespace sallyport::rest
