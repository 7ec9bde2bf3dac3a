#include "app/project_folder.hpp"

#include "app/senders.hpp"
#include "app/stores.hpp"
#include "auth/access_token.hpp"
#include "auth/two_factor_options.hpp"
#include "methods/administration.hpp"
#include "methods/login_with_code.hpp"
#include "methods/owned.hpp"
#include "methods/time_stamp.hpp"
#include "query/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace sallyport::app {
namespace {

using definition::Finding;
using definition::Project;

void require_store(Project& project) {
    if (!project.has_data_sources || std::ranges::any_of(project.data_sources, keeps_records)) return;
    project.findings.push_back({.file = "server/datasources.json",
                                .text = "no data source keeps records",
                                .hint = R"(add one, for instance "db": {"connector": "sqlite3", "file": "data.db"})"});
}

void note_sender(Project& project, definition::Model const& model, std::string_view channel) {
    project.findings.push_back(
        {.kind = Finding::Kind::note,
         .file = "server/model-config.json",
         .text = fmt::format("{}: nothing sends by the channel \"{}\" yet, and `sallyport run` does not start before",
                             model.name, channel),
         .hint = fmt::format("add a data source with \"connector\": \"{}\", or give a sender in C++ (App::set_sender)",
                             connector_of(channel))});
}

void note_senders(Project& project) {
    if (!project.has_data_sources) return;
    for (auto const* model : project.models.user_models()) {
        auto const options = auth::two_factor_options(*model);
        if (!options) continue;
        if (options->lists("sms") && sms_source(project) == nullptr) note_sender(project, *model, "sms");
        if (options->lists("email") && !has_mail_source(project)) note_sender(project, *model, "email");
    }
}

// Whoever logs in by a password alone, on a model that shares the table, is behind the second door of the other.
void refuse_side_doors(Project& project) {
    std::map<std::pair<std::string, std::string>, definition::Model const*> by_table;
    for (auto const& [name, model] : project.models.all()) {
        if (!model.is_persisted()) continue;
        auto const [at, is_new] = by_table.try_emplace({model.data_source, query::table_name(model)}, &model);
        auto const& other = *at->second;
        if (is_new || !(auth::two_factor_options(model) || auth::two_factor_options(other))) continue;
        project.findings.push_back({.file = "server/model-config.json",
                                    .text = fmt::format("{} and {} share the table \"{}\", and one has TwoFactor",
                                                        other.name, name, at->first.second),
                                    .hint = "give each a table of its own: the other is a way around the second step"});
    }
}

/// Tokens, codes and the audit trail live in one database, and so must all accounts that they are of.
class AccountPlaces {
public:
    explicit AccountPlaces(Project& project)
        : project_{project}, own_{own_data_source(project)}, users_{project.models.user_models()} {}

    void check() {
        if (users_.empty() || own_.empty()) return;
        for (auto const* user : users_) check_user(*user);
        if (auth::token_model(project_.models, own_) == nullptr) refuse_missing_tokens();
    }

private:
    void check_user(definition::Model const& user) {
        auto const source = std::ranges::find(project_.data_sources, user.data_source, &definition::DataSource::name);
        if (source == project_.data_sources.end() || user.data_source == own_) return;
        if (keeps_records(*source)) {
            mistake(
                user.name,
                fmt::format("\"{}\" is in the data source \"{}\", and other accounts in \"{}\"", user.name,
                            source->name, own_),
                "give all user models, and AccessToken, the same: tokens, codes and the audit trail are kept there");
        } else {
            mistake(user.name,
                    fmt::format("\"{}\" is a user model, and the data source \"{}\" keeps no records", user.name,
                                source->name),
                    fmt::format("write \"dataSource\": \"{}\"", own_));
        }
    }

    void refuse_missing_tokens() {
        for (auto const& [name, model] : project_.models.all()) {
            if (!model.is("AccessToken")) continue;
            if (is_told(name)) return;
            if (model.data_source.empty()) continue;
            mistake(name,
                    fmt::format("\"{}\" is in the data source \"{}\", and the accounts whose tokens it keeps in \"{}\"",
                                name, model.data_source, own_),
                    fmt::format("write \"dataSource\": \"{}\": accounts and their tokens are kept in one", own_));
            return;
        }
        auto const is_own = [this](auto const* user) { return user->data_source == own_; };
        mistake((*std::ranges::find_if(users_, is_own))->name,
                "nobody could log in: AccessToken, which keeps the tokens of user models, has no data source",
                fmt::format(R"(write "AccessToken": {{"dataSource": "{}", "public": false}} into this file)", own_));
    }

    /// That its data source is none is said already.
    bool is_told(std::string const& name) const {
        auto const place = project_.model_place(name + ".dataSource");
        return place.line > 0 && std::ranges::any_of(project_.findings, [&](Finding const& finding) {
                   return finding.file == place.file && finding.line == place.line && finding.column == place.column;
               });
    }

    void mistake(std::string const& name, std::string text, std::string hint) {
        auto const place = project_.model_place(name);
        project_.findings.push_back({.file = place.file,
                                     .line = place.line,
                                     .column = place.column,
                                     .text = std::move(text),
                                     .hint = std::move(hint)});
    }

    Project& project_;
    std::string own_;
    std::vector<definition::Model const*> users_;
};

// The article's own definition, which has the two methods in JavaScript.
void note_missing_doors(Project& project) {
    for (auto const* model : project.models.user_models()) {
        if (auth::two_factor_options(*model)) continue;
        auto const has_door = [](std::string_view name) { return name == "requestCode" || name == "loginWithCode"; };
        auto const is_named = std::ranges::any_of(model->methods, has_door, &MethodSpec::short_name) ||
                              std::ranges::any_of(model->rules, [&](definition::Rule const& rule) {
                                  return std::ranges::any_of(rule.properties, has_door);
                              });
        if (!is_named) continue;
        auto const place = project.model_place(model->name);
        project.findings.push_back(
            {.kind = Finding::Kind::note,
             .file = place.file,
             .line = place.line,
             .column = place.column,
             .text = fmt::format("{}: nothing gives \"requestCode\" and \"loginWithCode\" a body", model->name),
             .hint =
                 R"(the mixin TwoFactor has them: write "mixins": {"TwoFactor": {"channels": ["console"]}} into the )"
                 "model"});
    }
}

// Nobody would own what is made, and with "ownOnly" everybody be kept from it.
void refuse_ownerless(Project& project) {
    for (auto const& [name, model] : project.models.all()) {
        auto const is_owned = std::ranges::find(model.mixins, "Owned", &definition::Mixin::name) != model.mixins.end();
        if (!is_owned || methods::owner_relation(model, project.models) != nullptr) continue;
        project.findings.push_back(
            {.file = "server/model-config.json",
             .text = fmt::format("{}: the mixin \"Owned\" finds no relation that leads to an owner", name),
             .hint =
                 "give the model a belongsTo relation to a user model, and name it in \"relation\" if there are more"});
    }
}

bool is_kept(Project const& project, std::string_view kind) {
    return std::ranges::any_of(project.models.all(),
                               [&](auto const& entry) { return entry.second.is(kind) && entry.second.is_persisted(); });
}

// Code may decide the role; else there is no way to have it.
void note_unheld_role(Project& project, std::string const& name, std::string const& role) {
    if (is_kept(project, "Role") && is_kept(project, "RoleMapping")) return;
    project.findings.push_back(
        {.kind = Finding::Kind::note,
         .file = "server/model-config.json",
         .text =
             fmt::format("{}: nobody can be given the role \"{}\" of \"Administration\": Role and RoleMapping have no "
                         "data source",
                         name, role),
         .hint =
             R"(add "Role": {"dataSource": "...", "public": false} and the same for RoleMapping, or decide the role in )"
             "C++ (App::add_role)"});
}

// Administrators are behind both doors, and what they administer are accounts.
void check_administration(Project& project) {
    auto const mistake = [&](std::string text, std::string hint) {
        project.findings.push_back(
            {.file = "server/model-config.json", .text = std::move(text), .hint = std::move(hint)});
    };
    for (auto const& [name, model] : project.models.all()) {
        auto const administration = methods::administration_of(model);
        if (!administration) continue;
        note_unheld_role(project, name, administration->role);
        if (!auth::two_factor_options(model))
            mistake(fmt::format("{}: the mixin \"Administration\" needs \"TwoFactor\" on the same model", name),
                    R"(write "mixins": {"TwoFactor": {...}, "Administration": {...}} into the model)");
        for (auto const& named : administration->models) {
            auto const* const found = project.models.find(named);
            if (found != nullptr && found->is("User") && found->is_persisted()) continue;
            mistake(
                fmt::format("{}: \"models\" of \"Administration\" names \"{}\", which is no user model", name, named),
                "name models that extend User and have a data source");
        }
    }
}

}  // namespace

Project load_project(std::filesystem::path const& folder, AppSettings const& settings) {
    auto project = definition::load(folder, {.environment = environment_name(settings),
                                             .variable = process_environment,
                                             .mixins = {methods::two_factor_mixin(), methods::time_stamp_mixin(),
                                                        methods::owned_mixin(), methods::administration_mixin()}});
    require_store(project);
    refuse_side_doors(project);
    refuse_ownerless(project);
    check_administration(project);
    AccountPlaces{project}.check();
    note_missing_doors(project);
    check_senders(project);
    note_senders(project);
    return project;
}

}  // namespace sallyport::app
