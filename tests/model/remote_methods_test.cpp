#include "model/remote_methods.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace sallyport::model {
namespace {

using When = RemoteMethods::When;

MethodSpec spec(std::string name, std::vector<std::string> aliases = {}) {
    MethodSpec method;
    method.is_static = !name.starts_with("prototype.");
    method.name = std::move(name);
    method.aliases = std::move(aliases);
    return method;
}

Task<Result> nothing(Invocation&) { co_return std::monostate{}; }
Task<> hook(Invocation&) { co_return; }

TEST(RemoteMethods, AShortNameFindsAnInstanceMethod) {
    RemoteMethods methods{"Ticket", {spec("prototype.close")}};

    methods.give("close", nothing);

    EXPECT_TRUE(methods.entries().front().body);
}

TEST(RemoteMethods, ABodyForAMethodThatNobodyDeclaredIsAMistake) {
    RemoteMethods methods{"Ticket", {}};

    try {
        methods.give("close", nothing);
        FAIL();
    } catch (std::logic_error const& error) {
        EXPECT_STREQ(error.what(), "model Ticket declares no method close: add it to \"methods\" in its JSON");
    }
}

TEST(RemoteMethods, WhatJsonDeclaresKeepsItsDeclaration) {
    auto declared = spec("login");
    declared.description = "ours";
    RemoteMethods methods{"Person", {declared}};

    methods.add(spec("login"), nothing);

    ASSERT_EQ(methods.entries().size(), 1U);
    EXPECT_EQ(methods.entries().front().spec.description, "ours");
    EXPECT_TRUE(methods.entries().front().body);
}

TEST(RemoteMethods, HooksMatchNamesAliasesAndWildcards) {
    struct Row {
        char const* pattern;
        bool on_static;
        bool on_instance;
    };
    Row const rows[] = {
        {"find", true, false},
        {"all", true, false},
        {"prototype.all", false, false},
        {"*", true, false},
        {"prototype.*", false, true},
        {"**", true, true},
        {"prototype.close", false, true},
        {"prototype.end", false, true},
        {"close", false, false},
    };

    for (auto const& row : rows) {
        SCOPED_TRACE(row.pattern);
        auto const find = spec("find", {"all"});
        auto const close = spec("prototype.close", {"end"});
        RemoteMethods methods{"Ticket", {find}};
        methods.hook(When::before, row.pattern, hook);
        methods.add(close, nothing);  // Also where the method comes after the hook.

        EXPECT_EQ(methods.hooks(When::before, find).size(), row.on_static ? 1U : 0U);
        EXPECT_EQ(methods.hooks(When::before, close).size(), row.on_instance ? 1U : 0U);
        EXPECT_TRUE(methods.hooks(When::after, find).empty());
    }
}

}  // namespace
}  // namespace sallyport::model
