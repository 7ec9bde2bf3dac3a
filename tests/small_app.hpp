// A project folder written, loaded and opened on a store of its own, for tests that need models at work.

#pragma once

#include "counting_store.hpp"
#include "definition/load.hpp"
#include "folder.hpp"
#include "model/stored_model.hpp"
#include "query/table.hpp"
#include "store/migrate.hpp"
#include "store/sqlite.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sallyport {

/// The files of a project whose models, each told by its JSON, keep their records in memory.
inline std::map<std::string, std::string> project_of(std::vector<std::string> const& models) {
    std::map<std::string, std::string> files{{"server/config.json", "{}"},
                                             {"server/datasources.json", R"({"db": {"connector": "memory"}})"}};
    JsonObject config;
    for (auto const& model : models) {
        auto const name = parse_json(model)["name"].as_string();
        config.set(name, JsonObject{{"dataSource", "db"}});
        files.emplace("common/models/" + name + ".json", model);
    }
    files.emplace("server/model-config.json", to_text(Json{std::move(config)}));
    return files;
}

class SmallApp {
public:
    /// The text of each file by its path. Fails the test for a mistake in them.
    explicit SmallApp(std::map<std::string, std::string> const& files,
                      std::vector<definition::MixinDefinition> mixins = {})
        : project{load(files, std::move(mixins))} {
        for (auto const& finding : project.findings) {
            if (finding.kind == definition::Finding::Kind::mistake) ADD_FAILURE() << to_text(finding);
        }
        auto counting = std::make_unique<CountingStore>(store::open_sqlite({.synchronous = "OFF"}));
        counted = counting.get();
        store = std::move(counting);
        auto statements = store::plan_own_tables(*store);
        std::vector<query::Table> tables;
        for (auto const& [name, model] : project.models.all()) {
            if (model.is_persisted()) tables.push_back(query::make_table(model));
        }
        for (auto& statement : store::plan_migration(*store, tables)) statements.push_back(std::move(statement));
        store->prepare(std::move(statements));
        models = std::make_unique<model::Models>(
            project.models, [this](std::string const& source) { return source.empty() ? nullptr : store.get(); },
            clock);
    }

    model::StoredModel& model(std::string_view name) { return models->get(name); }
    Json create(std::string_view name, Json data) { return wait_for(model(name).create(std::move(data))); }

    StillClock clock;
    definition::Project project;
    std::unique_ptr<store::Store> store;
    CountingStore* counted = nullptr;  ///< The same, to ask what it was asked.
    std::unique_ptr<model::Models> models;

private:
    static definition::Project load(std::map<std::string, std::string> const& files,
                                    std::vector<definition::MixinDefinition> mixins) {
        Folder const folder{files};
        return definition::load(folder.path(), {.mixins = std::move(mixins)});
    }
};

}  // namespace sallyport
