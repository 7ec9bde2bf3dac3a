#include "methods/account_identity.hpp"

#include "methods/credentials.hpp"
#include "methods/email_address.hpp"
#include "methods/two_doors.hpp"
#include "methods/username.hpp"

#include <utility>

namespace sallyport::methods {
namespace {

struct Identity {
    char const* property;
    char const* message;
};

constexpr Identity identities[] = {{"email", "Email already exists"}, {"username", "User already exists"}};

bool is_blank(Json const& value) { return value.is_nothing() || (value.is_string() && value.as_string().empty()); }

Json value_of(JsonObject const& record, std::string_view name) {
    auto const* const found = record.find(name);
    return found == nullptr ? Json{} : *found;
}

// The other accounts that `record` would be mistaken for.
Where same_account(definition::Model const& model, JsonObject const& record, char const* property) {
    std::vector<Where> parts{equals(property, value_of(record, property))};
    auto const is_scoped = model.flag("realmRequired", false) && !text_setting(model, "realmDelimiter").empty();
    if (is_scoped) {
        // Without a realm it may be meant for any.
        auto realm = value_of(record, "realm");
        if (!realm.is_undefined()) parts.push_back(equals("realm", std::move(realm)));
    }
    return all_of(std::move(parts));
}

// Where ids are texts, a username may be one that is there.
Task<bool> is_id_of_another(model::StoredModel& model, std::string username, Json own_id) {
    auto id = model.to_id(Json{username});
    if (!id.is_string() || id == own_id) co_return false;
    co_return co_await model.exists(std::move(id));
}

Task<bool> has_username(model::StoredModel& model, Json id, std::string username) {
    if (id.is_nothing()) co_return false;
    Filter filter;
    filter.fields.only = {"username"};
    auto const stored = co_await model.find_by_id(std::move(id), std::move(filter));
    co_return stored && (*stored)["username"] == Json{username};
}

Task<> check_identity(AccountRules const& rules, model::StoredModel& model, JsonObject const& record,
                      std::vector<Problem>& problems) {
    auto const email = value_of(record, "email");
    if (!is_blank(email) && !(email.is_string() && is_email_address(email.as_string()))) {
        problems.push_back({"email", "custom.email", "is invalid"});
    }
    if (auto problem = co_await problem_with_new_username(rules, model, record); !problem.empty())
        problems.push_back({"username", "format", std::move(problem)});
    for (auto const& [property, message] : identities) {
        if (is_blank(value_of(record, property))) continue;
        if (co_await other_account(model, record, property)) problems.push_back({property, "uniqueness", message});
    }
}

}  // namespace

Task<std::optional<Json>> other_account(model::StoredModel& model, JsonObject record, std::string property) {
    auto const& id = model.definition().id()->name;
    Filter filter;
    filter.where = same_account(model.definition(), record, property.c_str());
    filter.limit = 2;
    auto const own_id = value_of(record, id);
    for (auto& other : co_await model.find(std::move(filter))) {
        if (!(std::as_const(other)[id] == own_id)) co_return std::move(other);
    }
    co_return std::nullopt;
}

Task<std::string> problem_with_new_username(AccountRules const& rules, model::StoredModel& model, JsonObject record) {
    auto const username = text_of(value_of(record, "username"));
    if (username.empty() || !is_stricter_than_loopback(rules, model.definition())) co_return "";
    auto problem = problem_with_username(model.definition(), username);
    auto const id = value_of(record, model.definition().id()->name);
    if (problem.empty() && co_await is_id_of_another(model, username, id)) problem = "can't look like an id";
    if (!problem.empty() && co_await has_username(model, id, username)) problem.clear();
    co_return problem;
}

void add_identity_rules(AccountParts const& parts, model::StoredModel& model) {
    model.add_validator(
        [&parts](model::StoredModel& checked, JsonObject const& record, OperationOptions const&,
                 std::vector<Problem>& problems) { return check_identity(parts.rules, checked, record, problems); });
}

}  // namespace sallyport::methods
