#include "definition/principals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace sallyport::definition {

std::string user_principal(Registry const& models) {
    std::vector<Model const*> users;
    for (auto const* model : models.user_models()) {
        if (model->name != "User") users.push_back(model);
    }
    for (auto const& [name, model] : models.all()) {
        if (!model.is("AccessToken") || model.data_source.empty()) continue;
        auto const* user = model.relation("user");
        if (user == nullptr) continue;
        if (user->is_polymorphic) return {};
        if (std::ranges::find(users, user->model, &Model::name) != users.end()) return user->model;
    }
    if (users.size() == 1) return users.front()->name;
    return users.empty() && !models.user_models().empty() ? "User" : "";
}

std::string_view principal_type(std::string_view user_model, std::string_view user_principal) {
    return user_model == user_principal ? "USER" : user_model;
}

void note_rules_for_nobody(Drafts const& drafts, Registry const& models, Findings& findings) {
    auto const user = user_principal(models);
    for (auto const& [name, draft] : drafts) {
        for (auto const& principal : draft.principals) {
            if (principal.name != user) continue;
            findings.note(principal.place,
                          fmt::format("the rule is for nobody: access tokens are of \"{}\" alone", user),
                          "write \"principalType\": \"USER\" for its accounts");
        }
    }
}

}  // namespace sallyport::definition
