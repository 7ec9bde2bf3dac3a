// The contract app's models over a database that is gone with them.

#pragma once

#include "definition/load.hpp"
#include "model/stored_model.hpp"
#include "store/migrate.hpp"
#include "store/sqlite.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::model {

/// The definitions are read once; every ContractModels has tables of its own.
inline definition::Project const& contract_project() {
    static definition::Project const project = definition::load(
        CONTRACT_APP,
        {.environment = "test",
         .variable = {},
         .mixins = {
             {.name = "TwoFactor", .options = {}, .apply = [](definition::Model&, Json const&) {}, .check = {}}}});
    return project;
}

class ContractModels {
public:
    ContractModels() : store_{store::open_sqlite({})} {
        std::vector<query::Table> tables;
        for (auto const& [name, definition] : contract_project().models.all()) {
            if (definition.is_persisted()) tables.push_back(query::make_table(definition));
        }
        store_->prepare(store::plan_own_tables(*store_));
        store_->prepare(store::plan_migration(*store_, tables));
        models_ = std::make_unique<Models>(
            contract_project().models,
            [this](std::string const& source) { return source == "db" ? store_.get() : nullptr; }, clock_);
    }

    Models& models() { return *models_; }
    StoredModel& operator[](std::string_view name) { return models_->get(name); }
    store::Store& store() { return *store_; }
    StillClock& clock() { return clock_; }

private:
    StillClock clock_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<Models> models_;
};

/// A record without what defaults add to a Note, as text.
inline std::string text_of(Json const& value) { return to_text(value); }

/// What a task threw; fails the test if it did not.
template <class T>
Error error_of(Task<T> task) {
    try {
        wait_for(std::move(task));
    } catch (Error const& error) {
        return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return Error{0, {}};
}

}  // namespace sallyport::model
