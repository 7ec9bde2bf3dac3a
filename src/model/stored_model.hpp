// One running model: its definition, its table, its hooks and methods.

#pragma once

#include "definition/definition.hpp"
#include "query/table.hpp"
#include "sallyport/clock.hpp"
#include "sallyport/model.hpp"
#include "store/store.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::model {

class Models;

/// A method with its body; a null body is one that JSON declares and nobody gave a body yet.
struct MethodEntry {
    MethodSpec spec;
    MethodBody body;
};

/// A Model over a store. Built by Models, changed only before the app serves.
class StoredModel final : public Model {
public:
    /// `store` may be null: a model without records ("dataSource": null, transient).
    StoredModel(definition::Model const& definition, store::Store* store, Models& models, Clock const& clock);

    std::string const& name() const override { return definition_.name; }
    definition::Model const& definition() const { return definition_; }
    query::Table const& table() const { return table_; }
    store::Store* store() const { return store_; }
    Models& models() const { return models_; }

    Task<Json> create(Json data, OperationOptions options = {}) override;
    Task<std::vector<Json>> find(Filter filter = {}, OperationOptions options = {}) override;
    Task<std::optional<Json>> find_one(Filter filter = {}, OperationOptions options = {}) override;
    Task<std::optional<Json>> find_by_id(Json id, Filter filter = {}, OperationOptions options = {}) override;
    Task<bool> exists(Json id, OperationOptions options = {}) override;
    Task<std::int64_t> count(Where where = {}, OperationOptions options = {}) override;
    Task<Json> patch_attributes(Json id, Json data, OperationOptions options = {}) override;
    Task<Json> replace_by_id(Json id, Json data, OperationOptions options = {}) override;
    Task<std::int64_t> update_all(Where where, Json data, OperationOptions options = {}) override;
    Task<std::int64_t> delete_by_id(Json id, OperationOptions options = {}) override;
    Task<std::int64_t> delete_all(Where where = {}, OperationOptions options = {}) override;

    /// LoopBack's other two: update if `data` has the id of a record, else create; and the same by a where.
    Task<Json> patch_or_create(Json data, OperationOptions options = {});
    Task<Json> replace_or_create(Json data, OperationOptions options = {});
    Task<Json> upsert_with_where(Where where, Json data, OperationOptions options = {});

    Json build(Json data) const override;
    void add_validation(RecordValidation validation) override;
    void observe(Moment moment, Hook hook) override;
    void add_method(std::string name, MethodBody body) override;
    void add_method(MethodSpec spec, MethodBody body) override;
    void before_remote(std::string name, RemoteHook hook) override;
    void after_remote(std::string name, RemoteHook hook) override;
    void after_remote_error(std::string name, RemoteHook hook) override;

    /// Extra validation, after the declared ones: adds to `problems` what is wrong with `record`.
    using Problem = sallyport::Problem;
    using Validator = std::function<Task<>(StoredModel&, JsonObject const& record, OperationOptions const&, std::vector<Problem>&)>;
    void add_validator(Validator validator);

    std::vector<MethodEntry> const& methods() const { return methods_; }
    std::vector<RemoteHook> const& hooks_before(MethodSpec const& method) const;
    std::vector<RemoteHook> const& hooks_after(MethodSpec const& method) const;
    std::vector<RemoteHook> const& hooks_after_error(MethodSpec const& method) const;

    /// The fast roads: rows as reply text, without a record in between. Only where reads_are_plain(filter).
    bool reads_are_plain(Filter const& filter) const;
    Task<std::optional<JsonText>> find_by_id_text(Json id, Filter filter);
    Task<JsonText> find_text(Filter filter);

    /// What a client may see of a record: no hidden properties, no protected ones where `nested`; the same for the
    /// included records below it. Dates become text when it is written.
    Json visible(Json record, bool nested = false) const;

private:
    definition::Model const& definition_;
    query::Table table_;
    store::Store* store_;
    Models& models_;
    Clock const& clock_;
    std::map<Moment, std::vector<Hook>> hooks_;
    std::vector<MethodEntry> methods_;
    std::vector<Validator> validators_;
    // Owned by model/: add what its .cpp needs.
};

/// Every running model by name.
class Models {
public:
    /// One StoredModel per definition; `store_of` gives the store of a data source, null for none.
    Models(definition::Registry const& registry, std::function<store::Store*(std::string const& data_source)> store_of,
           Clock const& clock);
    ~Models();

    definition::Registry const& registry() const { return registry_; }
    StoredModel* find(std::string_view name) const;
    StoredModel& get(std::string_view name) const;  ///< Throws std::out_of_range.
    std::vector<StoredModel*> all() const;          ///< Sorted by name.

private:
    definition::Registry const& registry_;
    std::map<std::string, std::unique_ptr<StoredModel>, std::less<>> models_;
};

}  // namespace sallyport::model
