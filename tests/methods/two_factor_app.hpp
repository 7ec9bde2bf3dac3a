// An app whose Employees log in by two steps, with a clock, keys and senders of the test's own.

#pragma once

#include "auth/auth_store.hpp"
#include "crypto/digest.hpp"
#include "delivery/outbox.hpp"
#include "methods/administration.hpp"
#include "methods/login_with_code.hpp"
#include "sallyport/error.hpp"
#include "small_app.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sallyport::methods {

/// Whose account most tests are about.
inline constexpr auto ann = "ann@x.test";

/// Options of TwoFactor.
inline constexpr auto only_sms = R"({"channels": ["sms"], "phone": "mobile"})";
inline constexpr auto sms_and_totp = R"({"channels": ["sms", "totp"], "phone": "mobile"})";

/// Keeps what is sent.
class Kept final : public Sender {
public:
    Task<> send(Message message) override {
        std::lock_guard const lock{mutex_};
        messages.push_back(std::move(message));
        co_return;
    }
    std::string last_code() const { return messages.empty() ? std::string{} : messages.back().secret; }

    std::vector<Message> messages;

private:
    std::mutex mutex_;
};

/// How a call ended.
struct Reply {
    int status = 200;
    std::string code;
    std::string message;
    int retry_after = 0;
    Json details;
    Json body;
    std::vector<std::string> cookies;

    /// "name=value" of a cookie that was set; "" for none.
    std::string cookie(std::string_view name) const {
        for (auto const& text : cookies) {
            if (text.starts_with(std::string{name} + "=")) return text.substr(0, text.find(';'));
        }
        return {};
    }
};

class TwoFactorApp {
public:
    /// `options` is the mixin's JSON; `model` more members of the Employee's.
    static Request from(std::string peer, std::string const& cookies = "") {
        return auth::request_from(std::move(peer), cookies.empty() ? Headers{} : Headers{{"Cookie", cookies}});
    }

    explicit TwoFactorApp(std::string const& options = R"({"channels": ["console"]})", std::string const& model = "")
        : app{files(options, model), {two_factor_mixin(), administration_mixin()}} {
        senders["console"] = console;
        senders["email"] = email;
        senders["sms"] = sms;
        add_account(parts);
        add_two_factor(parts, senders, keys);
    }

    model::StoredModel& employees() { return app.model("Employee"); }
    StillClock& clock() { return app.clock; }
    Json sign_up(JsonObject user) {
        if (!user.contains("password")) user.set("password", password);
        return wait_for(employees().create(Json{std::move(user)}, {.is_remote = true}));
    }

    /// Calls a method of Employee as `caller`, from `request`.
    Reply call(std::string const& method, JsonObject arguments, Request request = from("198.41.0.4"),
               Caller caller = {}) {
        auto const& entries = employees().methods();
        auto const entry = std::ranges::find_if(entries, [&](auto const& each) { return each.spec.name == method; });
        if (entry == entries.end()) throw std::runtime_error{"no method " + method};
        Invocation call{.model = employees(), .method = entry->spec, .caller = caller, .request = request};
        call.arguments = std::move(arguments);
        if (!entry->spec.is_static) call.id = caller.user_id;
        if (auto const* id = call.arguments.find("id")) call.id = *id;
        return run(entry->body, call);
    }
    Reply request_code(JsonObject credentials, Request request = from("198.41.0.4")) {
        return call("requestCode", {{"credentials", std::move(credentials)}}, std::move(request));
    }
    Reply request_code(std::string const& email_address, Request request = from("198.41.0.4")) {
        return request_code({{"email", email_address}, {"password", password}}, std::move(request));
    }
    Reply login_with_code(JsonObject credentials, Request request = from("198.41.0.4"), Caller caller = {}) {
        return call("loginWithCode", {{"credentials", std::move(credentials)}}, std::move(request), std::move(caller));
    }

    /// Both steps; the AccessToken's id.
    std::string log_in(std::string const& email_address, Request request = from("198.41.0.4")) {
        auto const first = request_code(email_address, request);
        EXPECT_EQ(first.status, 200) << first.code;
        auto const& sender = first.body["channel"] == Json{"sms"} ? sms : console;
        auto const second = login_with_code({{"email", email_address}, {"twofactor", sender->last_code()}}, request);
        EXPECT_EQ(second.status, 200) << second.code;
        return second.body["id"].is_string() ? second.body["id"].as_string() : "";
    }
    Caller caller(std::string const& token) {
        auto request = from("198.41.0.4");
        request.headers = {{"Authorization", token}};
        return wait_for(tokens.identify(request));
    }

    std::int64_t number(std::string sql) {
        std::int64_t found = 0;
        app.store->inspect({std::move(sql), {}}, [&](store::Row const& row) { found = row.integer(0); });
        return found;
    }

    std::string const password = "a long enough password";
    std::shared_ptr<Kept> console = std::make_shared<Kept>();
    std::shared_ptr<Kept> email = std::make_shared<Kept>();
    std::shared_ptr<Kept> sms = std::make_shared<Kept>();
    SmallApp app;
    crypto::Keys keys = crypto::Keys::make();
    delivery::Senders senders;
    auth::Throttle throttle{keys, app.clock};
    auth::Hashing hashing{keys, {.memory_kib = 8, .passes = 1}, 2, 512};
    auth::AccessTokens tokens{*app.store, app.clock, {}, {"Employee"}};
    // Whoever finds a message in another's hands looks again soon: nobody waits for that here.
    delivery::Outbox outbox{*app.store, keys, app.clock, senders, {.first_wait = 1}};
    AccountParts parts{*app.models, tokens, hashing, throttle, outbox, app.clock, {}};

private:
    static std::map<std::string, std::string> files(std::string const& options, std::string const& model) {
        return {{"server/config.json", "{}"},
                {"server/datasources.json", R"({"db": {"connector": "memory"}})"},
                {"server/model-config.json", R"({"_meta": {"sources": ["../common/models"]},
                    "User": {"dataSource": "db", "public": false}, "AccessToken": {"dataSource": "db", "public": false},
                    "Employee": {"dataSource": "db"}})"},
                {"common/models/employee.json", R"({"name": "Employee", "base": "User",
                    "properties": {"mobile": "string"}, "mixins": {"TwoFactor": )" +
                                                    options + "}" + model + "}"}};
    }

    Reply run(MethodBody const& body, Invocation& invocation) {
        Reply reply;
        try {
            auto result = wait_for(body(invocation));
            wait_for(outbox.flush());
            if (auto* json = std::get_if<Json>(&result)) reply.body = std::move(*json);
        } catch (Error const& error) {
            reply.status = error.status;
            reply.code = error.code;
            reply.message = error.message;
            reply.retry_after = error.retry_after_seconds;
            reply.details = error.details;
        }
        for (auto const& [name, value] : invocation.response_headers) {
            if (name == "Set-Cookie") reply.cookies.push_back(value);
        }
        return reply;
    }
};

}  // namespace sallyport::methods
