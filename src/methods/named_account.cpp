#include "methods/named_account.hpp"

#include "methods/credentials.hpp"
#include "methods/two_doors.hpp"
#include "methods/username.hpp"
#include "sallyport/error.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

namespace sallyport::methods {
namespace {

std::string const& id_name(model::StoredModel const& model) { return model.definition().id()->name; }

Where by_email(model::StoredModel const& model, std::string const& who) {
    return equals("email", stored_email(model.definition(), who));
}

Task<std::optional<Json>> only_one(model::StoredModel& model, Where condition, std::string who) {
    Filter filter;
    filter.where = std::move(condition);
    filter.limit = 2;
    auto found = co_await model.find(std::move(filter));
    if (found.size() > 1)
        throw Error{400, fmt::format("several accounts are called \"{}\": name the one you mean by its id", who)};
    if (found.empty()) co_return std::nullopt;
    co_return std::move(found.front());
}

Error nobody(model::StoredModel const& model, std::string_view who) {
    return {404, fmt::format("no {} has the email, username or id \"{}\"", model.name(), who)};
}

Error only_called_so(model::StoredModel const& model, Json const& record, std::string_view who) {
    return {404,
            fmt::format("no {0} has the email or id \"{1}\"; as a username the one with the id {2} has it: say {2} if "
                        "you mean that one",
                        model.name(), who, to_display(record[id_name(model)]))};
}

Task<Json> by_username(model::StoredModel& model, std::string who) {
    auto found = co_await only_one(model, equals("username", who), who);
    if (!found) throw nobody(model, who);
    if (!problem_with_username(model.definition(), who).empty()) throw only_called_so(model, *found, who);
    co_return std::move(*found);
}

}  // namespace

auth::Account NamedAccount::account() const { return auth::Account::of(model.name(), record[id_name(model)]); }

model::StoredModel& user_model(AccountParts const& parts, std::string_view name) {
    std::vector<std::string> names;
    for (auto const* definition : parts.models.registry().user_models()) {
        auto& model = parts.models.get(definition->name);
        if (!model.keeps_records()) continue;
        if (model.name() == name) return model;
        if (model.name() != "User") names.push_back(model.name());
    }
    if (names.empty() && name.empty()) names.emplace_back("User");
    if (name.empty() && names.size() == 1) return parts.models.get(names.front());
    throw Error{400, fmt::format("{}; the user models are {}",
                                 name.empty() ? std::string{"name the user model (--model)"}
                                              : fmt::format("{} is no user model", name),
                                 fmt::join(names, ", "))};
}

Task<NamedAccount> find_account(AccountParts const& parts, std::string name, std::string who) {
    auto& model = user_model(parts, name);
    if (who.empty()) throw Error{400, "say whose account: an email, a username or an id"};
    if (auto found = co_await only_one(model, by_email(model, who), who))
        co_return NamedAccount{model, std::move(*found)};
    if (auto id = model.to_id(Json{who}); !id.is_undefined()) {
        if (auto found = co_await model.find_by_id(std::move(id))) co_return NamedAccount{model, std::move(*found)};
    }
    co_return NamedAccount{model, co_await by_username(model, std::move(who))};
}

Task<NamedAccount> account_meant(AccountParts const& parts, Json wanted) {
    if (wanted["id"].is_nothing())
        co_return co_await find_account(parts, text_of(wanted["model"]), text_of(wanted["who"]));
    auto& model = user_model(parts, text_of(wanted["model"]));
    auto id = model.to_id(wanted["id"]);
    std::optional<Json> record;
    if (!id.is_undefined()) record = co_await model.find_by_id(std::move(id));
    if (!record)
        throw Error{404, fmt::format("no {} has the id \"{}\"", model.name(), to_display(wanted["id"])),
                    "MODEL_NOT_FOUND"};
    co_return NamedAccount{model, std::move(*record)};
}

Where could_be(model::StoredModel const& model, std::string const& who) {
    std::vector<Where> names{by_email(model, who), equals("username", who)};
    if (auto id = model.to_id(Json{who}); !id.is_undefined()) names.push_back(equals(id_name(model), std::move(id)));
    return any_of(std::move(names));
}

}  // namespace sallyport::methods
