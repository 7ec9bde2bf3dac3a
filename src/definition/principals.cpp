#include "definition/principals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace sallyport::definition {
namespace {

// As auth/role.cpp looks for one.
bool has_owner(Model const& model, Registry const& models) {
    auto const is_held = [&](std::string_view name) {
        return model.property(name) != nullptr && model.relation(name) == nullptr;
    };
    if (model.is("User") || is_held("userId") || is_held("owner")) return true;
    return std::ranges::any_of(model.relations, [&](Relation const& relation) {
        auto const* other = models.find(relation.model);
        return relation.kind == Relation::Kind::belongs_to && !relation.is_polymorphic && other && other->is("User");
    });
}

}  // namespace

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

void note_rules_for_no_owner(Drafts const& drafts, Registry const& models, Findings& findings) {
    for (auto const& [name, draft] : drafts) {
        auto const* const model = models.find(name);
        if (draft.owners.empty() || draft.is_built_in || model->data_source.empty() || has_owner(*model, models))
            continue;
        for (auto const& place : draft.owners) {
            findings.note(place, fmt::format("nobody is the \"$owner\" of a \"{}\"", name),
                          R"(add a belongsTo relation to a user model, or a property "userId")");
        }
    }
}

}  // namespace sallyport::definition
