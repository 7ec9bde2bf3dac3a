#include "methods/sent_account.hpp"

#include "methods/password_policy.hpp"
#include "model/validation_error.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace sallyport::methods {
namespace {

Task<> drop_odd_passwords(Invocation& call) {
    auto* const data = call.arguments.find("data");
    if (data == nullptr) co_return;
    if (data->is_array()) {
        std::ranges::for_each(data->as_array(), drop_odd_password);
    } else {
        drop_odd_password(*data);
    }
}

// In the words and the order of LoopBack, which does not take an email for text as it does other properties.
Task<> refuse_odd_email(AccountRules const& rules, definition::Model const& model, Invocation& call, bool is_whole) {
    auto const& data = call.argument("data");
    auto const& email = data["email"];
    if (!data.is_object() || email.is_nothing() || email.is_string()) co_return;
    auto const& password = data["password"];
    if (password.is_string()) password_policy(model, rules.compatible).require(password.as_string());
    std::vector<Problem> problems;
    if (is_whole && !password.is_string()) problems.push_back({"password", "presence", "can't be blank"});
    if (email.is_array() && email.as_array().empty()) problems.push_back({"email", "presence", "can't be blank"});
    problems.push_back({"email", "custom.string", "is invalid"});
    throw model::validation_error(model, data.as_object(), problems);
}

}  // namespace

void drop_odd_password(Json& record) {
    if (!record.is_object()) return;
    auto* const password = record.as_object().find("password");
    if (password != nullptr && !password->is_string()) *password = nullptr;  // Where none may be sent, it was.
}

void add_sent_account_checks(AccountParts const& parts, model::StoredModel& model) {
    for (auto const* name : {"create", "patchOrCreate", "replaceOrCreate", "upsertWithWhere", "replaceById",
                             "prototype.patchAttributes"}) {
        model.before_remote(name, drop_odd_passwords);
    }
    for (auto const& scope : model.definition().scopes) {
        model.before_remote("__create__" + scope.first, drop_odd_passwords);
    }
    for (std::string_view const name : {"create", "replaceById", "prototype.patchAttributes"}) {
        auto const is_whole = name != "prototype.patchAttributes";
        if (name == "replaceById" && refuses_password_in_change(parts.rules, model.definition(), true)) continue;
        model.before_remote(std::string{name}, [&parts, &model, is_whole](Invocation& call) {
            return refuse_odd_email(parts.rules, model.definition(), call, is_whole);
        });
    }
}

}  // namespace sallyport::methods
