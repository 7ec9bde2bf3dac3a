// One running model: its definition, its table, its hooks and methods.

#pragma once

#include "definition/definition.hpp"
#include "model/change_feed.hpp"
#include "model/change_note.hpp"
#include "model/remote_methods.hpp"
#include "model/validate.hpp"
#include "query/sql.hpp"
#include "sallyport/clock.hpp"
#include "sallyport/model.hpp"
#include "store/store.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::model {

class Models;

/// A Model over a store. Built by Models, changed only before the app serves.
class StoredModel final : public Model {
public:
    using Problem = sallyport::Problem;

    /// `store` may be null: a model without records ("dataSource": null, transient).
    StoredModel(definition::Model const& definition, store::Store* store, Models& models, Clock const& clock);

    std::string const& name() const override { return definition_.name; }
    definition::Model const& definition() const { return definition_; }
    query::Table const& table() const { return table_; }
    store::Store* store() const { return store_; }
    Models& models() const { return models_; }

    /// Whether it can keep records: it extends PersistedModel, has a store and an id to find them by.
    bool keeps_records() const { return !table_.columns.empty() && table_.has_id(); }

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

    /// Several new records, in order. Where some are not valid the others are made all the same, and the error is
    /// 500 with one error or null per element in `details`.
    Task<std::vector<Json>> create_all(JsonArray data, OperationOptions options = {});

    /// patch_attributes() of a record that was read already, whole.
    Task<Json> patch(Json current, Json data, OperationOptions options = {});

    /// The record that matches, or a new one: never two, whoever else asks at the same time.
    struct FoundOrMade {
        Json record;
        bool is_new = false;
    };
    Task<FoundOrMade> find_or_create(Where where, Json data, OperationOptions options = {});

    /// Changes one property starting from what it holds, so that of two changes at once neither is lost: `change` runs
    /// again where someone else was faster. Gives the record; undefined from `change` leaves it as it is. What `change`
    /// adds to `also` commits with the change.
    using Also = HookContext::Also;
    using PropertyChange = std::function<Task<Json>(Json now, std::vector<Also>& also)>;
    Task<Json> change_property(Json id, std::string property, PropertyChange change, OperationOptions options = {});

    /// A record of this model that stands inside another, which keeps it: hooks and validation as of create(), or as of
    /// patch() where there is a `current` one.
    Task<Json> check_embedded(Json data, Json const* current, OperationOptions const& options, std::vector<Also>& also);
    Task<> after_embedded(Json& record, bool is_new, OperationOptions const& options);
    Task<> before_unembedding(Json const& record, OperationOptions const& options, std::vector<Also>& also);
    Task<> after_unembedding(Json const& record, OperationOptions const& options);

    /// As create(); what is in `also` is called with the new id, and commits with the record.
    Task<Json> create_also(Json data, OperationOptions options, std::vector<Also> also);

    /// What this model's own rules find wrong with a record, without the store's and the hooks'.
    std::vector<Problem> problems_of(JsonObject const& record, Origin origin = Origin::stored) const {
        return rules_.check(record, origin);
    }

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

    /// As observe(), but not for the models that extend this one: for code that visits every model by itself.
    void observe_own(Moment moment, Hook hook);

    /// Extra validation, after the declared ones: adds to `problems` what is wrong with `record`.
    using Validator =
        std::function<Task<>(StoredModel&, JsonObject const& record, OperationOptions const&, std::vector<Problem>&)>;
    void add_validator(Validator validator);

    /// Gives a method a body limit (see MethodSpec); nothing where there is no such method.
    void limit_body(std::string_view method, std::size_t bytes);

    std::vector<MethodEntry> const& methods() const { return methods_.entries(); }
    std::vector<RemoteHook> const& hooks_before(MethodSpec const& method) const;
    std::vector<RemoteHook> const& hooks_after(MethodSpec const& method) const;
    std::vector<RemoteHook> const& hooks_after_error(MethodSpec const& method) const;

    /// The fast roads: rows as reply text, without a record in between. Only where reads_are_plain(filter).
    bool reads_are_plain(Filter const& filter) const;
    Task<std::optional<JsonText>> find_by_id_text(Json id, Filter filter);
    Task<JsonText> find_text(Filter filter);

    /// What a client may see of a record: no hidden properties, no protected ones where `nested`; the same for the
    /// included records below it. Dates become text when it is written.
    ///
    /// An access token's id is what the database holds, a hash: the caller that presented the token sees it in clear,
    /// everybody else a handle, the first 8 digits of the hash.
    Json visible(Json record, bool nested = false) const;
    Json visible(Json record, Caller const& caller, bool nested = false) const;

    /// Whether records that no order is asked of may come by this property: the default scope has no order either, and
    /// the property a column that SQL compares.
    bool may_come_by(std::string_view property) const;

    /// A value in the type of this model's id; undefined if it cannot be one.
    Json to_id(Json const& value) const;

    /// The id of a record of this model; undefined if it has none.
    Json const& id_of(Json const& record) const;

    /// The scope of one of this model's relations; an empty filter where its JSON gives none.
    Filter const& relation_scope(std::string_view relation) const;

    /// Hooks before a read, and the default scope: what is read is `filter` afterwards.
    Task<> prepare_read(Filter& filter, OperationOptions const& options);

    /// Whether hooks have a say in what is found.
    bool hooks_reads() const { return has_hooks(Moment::access); }

    /// What the hooks make of records that were read; part of read_records().
    Task<> run_loaded_hooks(std::vector<Json>& records, OperationOptions const& options);

    /// Who is told when records of this model change.
    ChangeFeed& changes() { return changes_; }

    /// Whether a record, which need not be stored any more, fits a condition: judged by the database, as a read is.
    Task<bool> matches(Json const& record, Where const& where) const;

    /// As part of a transaction of its store, without hooks; see sallyport::Transaction.
    Task<std::vector<Json>> find_in(store::Transaction& transaction, Filter filter) const;
    Task<> create_in(store::Transaction& transaction, Json& record, Origin origin = Origin::fresh) const;
    Task<> update_in(store::Transaction& transaction, Where const& where, Json data, std::int64_t& changed) const;
    Task<> delete_in(store::Transaction& transaction, Where const& where, std::int64_t& deleted) const;

    /// Rows as records, after prepare_read(); hidden properties are in them, related records are not.
    Task<std::vector<Json>> read_records(Filter filter, OperationOptions const& options);

private:
    friend class Models;

    struct Draft {
        Json record;                       ///< An object of known types.
        std::vector<std::string> unknown;  ///< What a strict model does not define, and was left out.
    };
    /// What a client must not see of a member, or see otherwise.
    struct Veil {
        bool is_hidden = false;
        bool is_protected = false;
        StoredModel const* related = nullptr;
    };
    struct Watch {
        Hook hook;
        bool is_own = false;  ///< Not for the models that extend this one.
    };
    enum class Checks : std::uint8_t { all, none };
    /// A change that counts only if the property still holds this, and what commits with it.
    struct Unchanged {
        std::string property;
        Json value;
        std::vector<Also> also;
    };
    using Read = std::function<Task<>(store::Statement, store::RowReader)>;

    void link();
    void link_properties();
    void link_relations();
    void require_store() const;
    bool has_hooks(Moment moment) const;
    Task<> run_hooks(Moment moment, HookContext& context) const;
    bool ids_are_forced() const;

    Draft draft(Json data) const;
    void fill(Json& record) const;
    void set_scope_values(Json& record) const;
    void settle(Json& record) const;
    Task<> validate(Json const& record, std::vector<std::string> const& unknown, Origin origin,
                    OperationOptions const& options);
    Task<> require_whole(Json data, Origin origin, OperationOptions const& options);
    Task<std::vector<Problem>> duplicates(JsonObject const& record, JsonObject const& changed, Read const& read) const;
    Task<> require_unique(store::Transaction& transaction, JsonObject const& record, JsonObject const& changed) const;

    Task<Json> create_checked(Json data, OperationOptions const& options, Checks checks);
    Task<FoundOrMade> create_unless(Json data, OperationOptions const& options, Checks checks, Where const* taken,
                                    std::vector<Also> also = {});
    Task<Json> patch_checked(Json current, Json data, OperationOptions const& options, Checks checks,
                             Unchanged const* unchanged = nullptr);
    Task<std::optional<Json>> patch_unchanged(Json id, Unchanged const& unchanged, Json value,
                                              OperationOptions const& options);
    Task<std::optional<Json>> find_matching(store::Transaction& transaction, Where const& where) const;
    Task<> require_unchanged(store::Transaction& transaction, Json const& id, Unchanged const& unchanged) const;
    Task<std::int64_t> remove(Where where, Json id, OperationOptions const& options);
    /// The note must be told once the write counts.
    [[nodiscard]] Task<ChangeNote> commit(HookContext& context, store::Work work, Json const& record,
                                          ChangedRecords changed);
    Task<> add_row(store::Transaction& transaction, JsonObject& members) const;
    Task<> insert_row(store::Transaction& transaction, Json& record, HookContext& context) const;
    Task<> insert_unless(store::Transaction& transaction, FoundOrMade& made, HookContext& context,
                         Where const& taken) const;
    Task<> update_row(store::Transaction& transaction, Json const& record, JsonObject const& changes,
                      HookContext& context, Unchanged const* unchanged) const;
    Task<> replace_row(store::Transaction& transaction, Json const& record, HookContext& context) const;
    Task<> update_rows(store::Transaction& transaction, Where const& where, JsonObject const& changes,
                       HookContext& context, std::int64_t& changed) const;
    Task<> remove_rows(store::Transaction& transaction, Where const& where, Json const& id, HookContext& context,
                       std::int64_t& deleted) const;
    Filter in_default_scope(Filter filter) const;
    Task<> add_to(store::Transaction& transaction, HookContext& context, Json id) const;
    Error conflict(store::UniqueViolation const& violation, Json const& record) const;

    query::Selection select_by_id(Json const& id, Fields const& fields, bool with_hidden) const;
    Task<std::optional<Json>> read_by_id(Json const& id, Fields const& fields);
    void veil(Json& record, Caller const* caller, bool nested) const;

    definition::Model const& definition_;
    store::Store* store_;
    Models& models_;
    Clock const& clock_;
    query::Table table_;  ///< Empty for a model that keeps no records.
    query::FixedStatements statements_;
    RecordRules rules_;
    int max_data_depth_;
    bool validates_;  ///< Unless LoopBack's automaticValidation is off; accounts always are.
    RemoteMethods methods_;
    std::map<Moment, std::vector<Watch>> hooks_;
    std::vector<Validator> validators_;
    ChangeFeed changes_;

    // Known once all models are made: see link().
    std::vector<StoredModel const*> lineage_;  ///< The models this one extends, furthest first, and itself.
    std::optional<Filter> default_scope_;
    std::vector<std::pair<std::string, Json>> scope_values_;
    std::map<std::string, Filter, std::less<>> relation_scopes_;
    std::map<std::string, Veil, std::less<>> veils_;
    bool has_token_ids_ = false;
    bool rows_are_plain_ = false;  ///< A row without its hidden columns is what a client may see.
};

/// Every running model by name.
class Models {
public:
    /// One StoredModel per definition; `store_of` gives the store of a data source, null for none.
    Models(definition::Registry const& registry,
           std::function<store::Store*(std::string const& data_source)> const& store_of, Clock const& clock);
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
