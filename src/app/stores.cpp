#include "app/stores.hpp"

#include "app/memory_file.hpp"
#include "auth/access_token.hpp"
#include "auth/old_tokens.hpp"
#include "store/migrate.hpp"
#include "store/sqlite.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <stdexcept>

namespace sallyport::app {
namespace {

namespace fs = std::filesystem;

definition::DataSource const& data_source(definition::Project const& project, std::string const& name) {
    for (auto const& source : project.data_sources) {
        if (source.name == name) return source;
    }
    throw std::runtime_error{fmt::format("data source \"{}\" is not defined", name)};
}

// The JSON file in which LoopBack's memory connector keeps its records.
std::string memory_file(definition::DataSource const& source, definition::Settings& settings) {
    return source.connector == "memory" ? settings.text("file") : "";
}

// Nothing where the records are gone with the process. What LoopBack's memory connector keeps in a file is kept in a
// database beside it: every write durable, and our own tables with it.
std::optional<std::string> database_file(definition::DataSource const& source, definition::Settings& settings) {
    if (source.connector == "memory") {
        auto const kept = memory_file(source, settings);
        return kept.empty() ? std::nullopt : std::optional{kept + ".db"};
    }
    auto const key = settings.text("file").empty() && !settings.text("database").empty() ? "database" : "file";
    auto file = settings.text(key);
    if (file.empty()) file = source.name + ".db";
    settings.note(key, file);
    return file == ":memory:" ? std::nullopt : std::optional{file};
}

std::vector<definition::Model const*> kept_in(definition::Project const& project, std::string const& source) {
    std::vector<definition::Model const*> found;
    for (auto const& [name, model] : project.models.all()) {
        if (model.is_persisted() && model.data_source == source) found.push_back(&model);
    }
    return found;
}

std::vector<definition::DataSource const*> sources_in_use(definition::Project const& project) {
    std::set<std::string> names{own_data_source(project)};
    for (auto const& [name, model] : project.models.all()) {
        if (model.is_persisted()) names.insert(model.data_source);
    }
    std::vector<definition::DataSource const*> found;
    for (auto const& name : names) {
        if (name.empty()) continue;
        auto const& source = data_source(project, name);
        if (keeps_records(source)) found.push_back(&source);
    }
    return found;
}

// What the memory connector's file holds for tables that are not there yet.
std::vector<store::Statement> import_of(definition::Project const& project, definition::DataSource const& source,
                                        store::Store& store, std::vector<query::Table> tables) {
    definition::Settings settings{source.settings, source.places};
    auto const file = memory_file(source, settings);
    if (file.empty()) return {};
    std::erase_if(tables, [&store](query::Table const& table) { return store::has_table(store, table.name); });
    return tables.empty() ? std::vector<store::Statement>{} : plan_import(project.folder / file, tables);
}

auth::OldTokens old_tokens(definition::Project const& project, std::vector<query::Table> const& tables,
                           bool are_coming) {
    auth::OldTokens found{.are_coming = are_coming};
    if (auto const* model = auth::token_model(project.models, own_data_source(project)))
        found.table = query::table_name(*model);
    for (auto const* model : project.models.user_models()) {
        auto const table = std::ranges::find(tables, model, &query::Table::model);
        if (table == tables.end()) {
            found.knows_all_users = found.knows_all_users && !model->is_persisted();
        } else {
            found.users.push_back(*table);
        }
    }
    return found;
}

}  // namespace

bool keeps_records(definition::DataSource const& source) {
    return source.connector == "memory" || source.connector == "sqlite3";
}

store::SqliteRules read_store_rules(definition::DataSource const& source, definition::Settings& settings,
                                    fs::path const& folder) {
    store::SqliteRules rules;
    auto const file = database_file(source, settings);
    if (!file) {
        rules.synchronous = "OFF";
        return rules;
    }
    rules.file = folder / *file;
    rules.synchronous = settings.text("synchronous", rules.synchronous);
    return rules;
}

Stores open_stores(definition::Project const& project, fs::path const& folder) {
    Stores stores;
    for (auto const* source : sources_in_use(project)) {
        definition::Settings settings{source->settings, source->places};
        stores.emplace(source->name, store::open_sqlite(read_store_rules(*source, settings, folder)));
    }
    return stores;
}

DatabaseFiles database_files(definition::Project const& project, fs::path const& folder) {
    DatabaseFiles files;
    for (auto const* source : sources_in_use(project)) {
        definition::Settings settings{source->settings, source->places};
        auto const rules = read_store_rules(*source, settings, folder);
        if (!rules.file.empty()) files.emplace(source->name, rules.file);
    }
    return files;
}

std::string own_data_source(definition::Project const& project) {
    auto const is_kept = [&](definition::Model const& model) {
        auto const source = std::ranges::find(project.data_sources, model.data_source, &definition::DataSource::name);
        return model.is_persisted() && source != project.data_sources.end() && keeps_records(*source);
    };
    for (auto const* model : project.models.user_models()) {
        if (is_kept(*model)) return model->data_source;
    }
    for (auto const& [name, model] : project.models.all()) {
        if (is_kept(model)) return model.data_source;
    }
    auto const found = std::ranges::find_if(project.data_sources, keeps_records);
    return found == project.data_sources.end() ? "" : found->name;
}

std::vector<store::Statement> plan(definition::Project const& project, std::string const& source, store::Store& store,
                                   bool with_own_tables, std::int64_t now) {
    std::vector<store::Statement> statements;
    if (with_own_tables) statements = store::plan_own_tables(store);
    auto const add = [&statements](std::vector<store::Statement> more) {
        std::ranges::move(more, std::back_inserter(statements));
    };
    std::vector<query::Table> tables;
    for (auto const* model : kept_in(project, source)) tables.push_back(query::make_table(*model));
    add(store::plan_migration(store, tables));
    auto import = import_of(project, data_source(project, source), store, tables);
    auto const are_coming = !import.empty();
    add(std::move(import));
    if (with_own_tables) add(auth::plan_old_tokens(store, old_tokens(project, tables, are_coming), now));
    return statements;
}

}  // namespace sallyport::app
