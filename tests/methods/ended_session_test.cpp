// What a session was allowed to do, and that it was ended before it was done: as in a race between whoever stole a
// session and its owner, who ends it.

#include "methods/two_factor_app.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace sallyport::methods {
namespace {

/// Account 1, ann, who administers and has a number, and account 2.
struct Race {
    Race() {
        app.sign_up({{"email", ann}, {"mobile", "+33612345601"}});
        app.sign_up({{"email", "bob@x.test"}});
        app.app.store->prepare({{"UPDATE employee SET emailverified = 1", {}}});
        other = app.caller(app.log_in(ann, app.from("203.0.114.9")));
        app.clock().advance(60'000);
        caller = app.caller(app.log_in(ann));
        app.clock().advance(60'000);
    }

    Reply call(std::string const& method, JsonObject arguments) {
        if (!arguments.contains("fk")) arguments.set("fk", 1);
        return app.call(method, std::move(arguments), app.from("198.41.0.4"), caller);
    }
    Task<> end_in(store::Transaction& rows) { co_await app.tokens.end_with_email_change(rows, caller.token_id); }
    void end() {
        wait_for(app.app.store->write([this](store::Transaction& rows) { return end_in(rows); }));
    }
    /// What must be as before: the accounts, the sessions, the factors, and what the trail says but of tries.
    std::string state() {
        std::string text;
        auto const add = [&](store::Row const& row) { text += std::string{row.text(0)} + "\n"; };
        for (auto const& user : wait_for(app.employees().find({}))) text += to_text(user) + "\n";
        for (auto const* sql : {"SELECT id || auth_time FROM sallyport_sessions ORDER BY id",
                                "SELECT id || type || state || coalesce(label, '') FROM sallyport_factors",
                                "SELECT count(*) FROM sallyport_audit WHERE event <> 'password'"})
            app.app.store->inspect({sql, {}}, add);
        return text;
    }

    TwoFactorApp app{
        R"({"channels": ["sms", "totp", "console", "email"], "phone": "mobile", "required": false}, "Administration": {})"};
    Caller other;
    Caller caller;
};

void nothing(Race&) {}

struct Row {
    std::string name;
    std::function<Reply(Race&)> change;
    std::function<void(Race&)> prepare = nothing;  ///< While the session is there.
};

Row method(std::string name, JsonObject arguments = {}) {
    return {name, [=](Race& race) { return race.call(name, arguments); }};
}

/// One of a record's own routes.
Row operation(std::string name, std::function<void(model::StoredModel&, OperationOptions const&)> change) {
    return {std::move(name), [=](Race& race) -> Reply {
                try {
                    change(race.app.employees(), {.caller = &race.caller, .is_remote = true});
                } catch (Error const& error) {
                    return {.status = error.status, .code = error.code};
                }
                return {};
            }};
}

auto constexpr another_password = "quite another password";

std::vector<Row> const rows{
    method("changePassword", {{"oldPassword", "a long enough password"}, {"newPassword", another_password}}),
    {"a reset link",
     [](Race& race) {
         race.caller.scopes = {"reset-password"};
         return race.call("setPassword", {{"newPassword", another_password}});
     }},
    method("prototype.addFactor", {{"type", "totp"}}),
    {"prototype.confirmFactor",
     [](Race& race) {
         return race.call("prototype.confirmFactor", {{"fk", 2}, {"twofactor", race.app.sms->last_code()}});
     },
     [](Race& race) { race.call("prototype.addFactor", {{"type", "sms"}, {"phone", "+33612345699"}}); }},
    method("prototype.updateFactor", {{"label", "mine"}}),
    method("prototype.removeFactor"),
    method("prototype.addFactor", {{"type", "email"}}),
    method("prototype.makeRecoveryCodes"),
    method("prototype.changeEmail", {{"email", "ann@new.test"}}),
    method("prototype.cancelEmailChange"),
    method("prototype.changeUsername", {{"username", "ann"}}),
    method("prototype.endSessions"),
    {"prototype.endSession",
     [](Race& race) { return race.call("prototype.endSession", {{"fk", race.other.token_id.substr(7, 8)}}); }},
    method("prototype.distrustDevices"),
    {"reauthenticate",
     [](Race& race) {
         return race.call("reauthenticate",
                          {{"password", race.app.password}, {"twofactor", race.app.sms->last_code()}});
     },
     [](Race& race) { race.app.request_code(ann); }},
    method("administerDisable", {{"id", 2}}),
    method("administerSignOut", {{"id", 2}}),
    operation("PATCH",
              [](auto& model, auto const& options) {
                  wait_for(model.patch_attributes(1, JsonObject{{"nickname", "Ann"}}, options));
              }),
    operation("DELETE", [](auto& model, auto const& options) { wait_for(model.delete_by_id(1, options)); }),
};

TEST(EndedSession, ChangesNothing) {
    for (auto const& [name, change, prepare] : rows) {
        SCOPED_TRACE(name);
        Race allowed;
        prepare(allowed);
        auto const done = change(allowed);
        EXPECT_LT(done.status, 300) << done.code;

        Race ended;
        prepare(ended);
        ended.end();
        auto const before = ended.state();
        EXPECT_EQ(change(ended).code, "AUTHORIZATION_REQUIRED");
        EXPECT_EQ(ended.state(), before);
    }
}

}  // namespace
}  // namespace sallyport::methods
