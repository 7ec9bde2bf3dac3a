// An app with user models, asked in process: the whole chain without a socket. Time stands still, mail is kept.

#pragma once

#include "app/parts.hpp"
#include "folder.hpp"
#include "rest/api.hpp"
#include "sallyport/testing.hpp"
#include "support.hpp"

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport::methods {

inline constexpr auto long_password = "correct horse battery";

struct AccountReply {
    int status = 0;
    Headers headers;
    std::string text;
    Json body;

    std::string code() const { return to_display(body["error"]["code"]); }
    std::string message() const { return to_display(body["error"]["message"]); }
};

class AccountApp {
public:
    enum class Mode : std::uint8_t { strict, compatible };
    enum class Limits : std::uint8_t { lifted, hold };

    /// Models: Firm, which leads to the others by each kind of relation; Person, a plain user model; Guarded, with
    /// TwoFactor; Lax, with TwoFactor that is not required. Everybody may do anything with them, so that it is the
    /// methods that refuse.
    explicit AccountApp(Mode mode, JsonObject person = {}, Limits limits = Limits::lifted)
        : clock{std::make_shared<StillClock>()} {
        JsonObject config{
            {"restApiRoot", "/api"}, {"host", "127.0.0.1"}, {"url", "https://company.test"}, {"refusedPasswordMs", 0}};
        if (mode == Mode::compatible) config.set("compatibility", "loopback3");
        write("server/config.json", std::move(config));
        write("server/datasources.json", JsonObject{{"db", JsonObject{{"name", "db"}, {"connector", "memory"}}},
                                                    {"mail", JsonObject{{"name", "mail"}, {"connector", "mail"}}}});
        JsonObject models;
        for (auto const* name : {"User", "AccessToken", "ACL", "Role", "RoleMapping"}) {
            models.set(name, JsonObject{{"dataSource", "db"}, {"public", false}});
        }
        for (auto const* name : {"Person", "Guarded", "Lax", "Firm"}) {
            models.set(name, JsonObject{{"dataSource", "db"}, {"public", true}});
        }
        write("server/model-config.json", std::move(models));
        write("common/models/firm.json", firm());
        write("common/models/person.json", user_model("Person", std::move(person)));
        write("common/models/guarded.json",
              user_model("Guarded", {{"mixins", JsonObject{{"TwoFactor", JsonObject{}}}}}));
        write("common/models/lax.json",
              user_model("Lax", {{"mixins", JsonObject{{"TwoFactor", JsonObject{{"required", false}}}}}}));
        app_.emplace(folder_.path(), AppSettings{.environment = "development", .make_keys = true, .clock = clock});
        app_->set_sender("email", mail);
        app_->set_sender("console", console);
        if (limits == Limits::lifted) test_support::lift_limits(*app_);
        api_.emplace(*app_->parts().api_parts);
    }

    AccountReply send(std::string verb, std::string path, Json body = {}, std::string token = {}) {
        return wait_for(exchange(request(std::move(verb), std::move(path), std::move(body), std::move(token))));
    }
    AccountReply post(std::string path, Json body = {}, std::string token = {}) {
        return send("POST", std::move(path), std::move(body), std::move(token));
    }
    AccountReply get(std::string path, std::string token = {}) {
        return send("GET", std::move(path), {}, std::move(token));
    }

    std::size_t body_limit(std::string path) {
        return api_->body_limit(request("POST", std::move(path), Json::object()));
    }

    Task<AccountReply> exchange(Request request) {
        auto response = co_await api_->answer(request);
        AccountReply reply{.status = response.status, .headers = response.headers};
        reply.text = std::get<std::string>(response.body);
        if (!reply.text.empty() && reply.text.starts_with('{')) reply.body = parse_json(reply.text);
        co_return reply;
    }

    Request request(std::string verb, std::string path, Json body = {}, std::string token = {}) {
        Request request;
        request.verb = std::move(verb);
        request.target = "/api" + path;
        request.peer = peer;
        request.headers = {{"Host", "evil.test"}};
        if (!token.empty()) request.headers.emplace_back("Authorization", std::move(token));
        if (!body.is_undefined()) {
            request.headers.emplace_back("Content-Type", "application/json");
            request.body = to_text(body);
        }
        return request;
    }

    /// Signs up and returns the id.
    Json make(std::string const& model, std::string const& email, std::string const& password) {
        return post("/" + model, JsonObject{{"email", email}, {"password", password}}).body["id"];
    }

    /// Logs in and returns the token, "" if it is refused.
    std::string log_in(std::string const& model, std::string const& email, std::string const& password) {
        auto const reply = post("/" + model + "/login", JsonObject{{"email", email}, {"password", password}});
        return reply.status == 200 ? reply.body["id"].as_string() : std::string{};
    }

    /// What the database holds in one column; its text, or "" for none.
    std::string stored(std::string const& sql) {
        std::string text;
        store().inspect({sql, {}}, [&text](store::Row const& row) {
            if (!row.is_null(0)) text = std::string{row.text(0)};
        });
        return text;
    }

    void change(std::string sql) { store().prepare({{std::move(sql), {}}}); }

    store::Store& store() { return *app_->parts().own_store; }
    app::Parts& parts() { return app_->parts(); }
    Model& model(std::string_view name) { return app_->model(name); }

    std::shared_ptr<StillClock> const clock;
    std::shared_ptr<test_support::KeepingSender> const mail = std::make_shared<test_support::KeepingSender>();
    std::shared_ptr<test_support::KeepingSender> const console = std::make_shared<test_support::KeepingSender>();
    std::string peer = "198.51.100.7";

private:
    static Json firm() {
        return parse_json(R"({"name": "Firm", "base": "PersistedModel", "properties": {"name": "string"},
            "acls": [{"principalType": "ROLE", "principalId": "$everyone", "permission": "ALLOW"}],
            "relations": {
                "people": {"type": "hasMany", "model": "Person"},
                "guards": {"type": "hasMany", "model": "Guarded"},
                "head": {"type": "hasOne", "model": "Guarded", "foreignKey": "headOf"},
                "members": {"type": "hasAndBelongsToMany", "model": "Guarded"},
                "chosen": {"type": "referencesMany", "model": "Guarded", "foreignKey": "chosenIds"}}})");
    }

    static Json user_model(std::string name, JsonObject settings) {
        JsonObject model{{"name", name}, {"base", "User"}, {"plural", name}, {"properties", JsonObject{}}};
        for (auto& [key, value] : settings) model.set(key, std::move(value));
        model.set("acls", JsonArray{Json{JsonObject{{"accessType", "*"},
                                                    {"principalType", "ROLE"},
                                                    {"principalId", "$everyone"},
                                                    {"permission", "ALLOW"},
                                                    {"property", JsonArray{Json{"patchOrCreate"}, Json{"updateAll"},
                                                                           Json{"replaceById"}, Json{"patchAttributes"},
                                                                           Json{"findById"}, Json{"deleteById"}}}}}});
        return model;
    }

    void write(std::string const& name, Json const& json) const { folder_.write(name, to_text(json)); }

    Folder folder_;  // With keys and database.
    std::optional<App> app_;
    std::optional<rest::Api> api_;
};

}  // namespace sallyport::methods
