#include "methods/account_identity.hpp"

#include "methods/credentials.hpp"
#include "methods/email_address.hpp"

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
        auto realm = value_of(record, "realm");
        parts.push_back(equals("realm", realm.is_undefined() ? Json{nullptr} : std::move(realm)));
    }
    return all_of(std::move(parts));
}

Task<> check_identity(model::StoredModel& model, JsonObject const& record, std::vector<Problem>& problems) {
    auto const email = value_of(record, "email");
    if (!is_blank(email) && !(email.is_string() && is_email_address(email.as_string()))) {
        problems.push_back({"email", "custom.email", "is invalid"});
    }
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

void add_identity_rules(model::StoredModel& model) {
    model.add_validator([](model::StoredModel& checked, JsonObject const& record, OperationOptions const&,
                           std::vector<Problem>& problems) { return check_identity(checked, record, problems); });
}

}  // namespace sallyport::methods
