// Model: the records of one kind, at work. What an extension author calls, hooks into and adds methods to.

#pragma once

#include "sallyport/caller.hpp"
#include "sallyport/filter.hpp"
#include "sallyport/json.hpp"
#include "sallyport/method.hpp"
#include "sallyport/task.hpp"
#include "sallyport/transaction.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sallyport {

/// On whose behalf an operation runs, and what it may leave out.
struct OperationOptions {
    Caller const* caller = nullptr;       ///< Nobody in particular: the program itself.
    bool preserve_access_tokens = false;  ///< Keep other sessions when a password or email changes.
    bool is_remote = false;               ///< Came in over the wire: stricter about protected properties.
    bool set_password = false;            ///< A password method: may change `password` where PATCH may not.
};

/// The moments of an operation a hook can stand at (LoopBack's operation hooks).
enum class Moment : std::uint8_t {
    access,         ///< Before reading or finding what to change; may change `filter`.
    before_save,    ///< May change `instance` (create, replace) or `data` (partial), or throw.
    persist,        ///< Last look at what goes to the store.
    after_save,     ///< Committed.
    before_delete,  ///< May throw.
    after_delete,   ///< Committed.
    loaded          ///< A record was read; may change `instance`. Makes reads slower: rows become records.
};

/// What a hook sees. Pointers are null where a moment has no such thing.
struct HookContext {
    Model& model;
    OperationOptions const& options;
    bool is_new = false;
    Json* instance = nullptr;       ///< The whole record.
    Json* data = nullptr;           ///< The changed properties of a partial update.
    Json const* current = nullptr;  ///< The record before a change, where it is known.
    Filter* filter = nullptr;       ///< Of access.
    Where const* where = nullptr;   ///< Of a bulk change or delete.

    /// What a hook before a save may change: the members of the whole record, or the changed properties.
    JsonObject& values() const { return (instance != nullptr ? instance : data)->as_object(); }

    /// Adds what commits together with this write, or not at all. Before-moments only.
    ///
    /// `work` runs on the writer: it may await only the transaction. `id` is the written record's; undefined where
    /// several are written. What `work` throws undoes the write.
    using Also = std::function<Task<>(Transaction&, Json id)>;
    void also(Also work) { additions.push_back(std::move(work)); }

    std::vector<Also> additions;
    std::vector<std::function<void()>> once_committed;  ///< What Sallyport tells of the additions.

    /// What a hook leaves for the later ones of the same write or delete (LoopBack's hookState); undefined at first.
    Json state;
};

using Hook = std::function<Task<>(HookContext&)>;

/// One thing wrong with a record, as a ValidationError lists it.
struct Problem {
    std::string property;
    std::string code;     ///< "motto.bad"
    std::string message;  ///< "must not be bad"
};

/// Adds what is wrong with a whole record to `problems`.
using RecordValidation = std::function<Task<>(Json const& record, std::vector<Problem>& problems)>;

/// A model of the running app. Reads and writes go through its hooks and validations.
///
/// Hooks and methods are added before App::run and never after. Everything else may be called on any io thread.
/// All members throw Error: 404 for a missing record, 409 for a duplicate id, 422 for an invalid one.
class Model {
public:
    virtual ~Model() = default;

    virtual std::string const& name() const = 0;

    virtual Task<Json> create(Json data, OperationOptions options = {}) = 0;
    virtual Task<std::vector<Json>> find(Filter filter = {}, OperationOptions options = {}) = 0;
    virtual Task<std::optional<Json>> find_one(Filter filter = {}, OperationOptions options = {}) = 0;
    virtual Task<std::optional<Json>> find_by_id(Json id, Filter filter = {}, OperationOptions options = {}) = 0;
    virtual Task<bool> exists(Json id, OperationOptions options = {}) = 0;
    virtual Task<std::int64_t> count(Where where = {}, OperationOptions options = {}) = 0;

    /// Changes the given properties of one record and returns it whole.
    virtual Task<Json> patch_attributes(Json id, Json data, OperationOptions options = {}) = 0;
    /// Replaces one record by `data`: properties not given are gone.
    virtual Task<Json> replace_by_id(Json id, Json data, OperationOptions options = {}) = 0;
    /// Changes the given properties of every record that matches, without loading or validating them; the count.
    virtual Task<std::int64_t> update_all(Where where, Json data, OperationOptions options = {}) = 0;
    /// 1 if there was such a record, else 0.
    virtual Task<std::int64_t> delete_by_id(Json id, OperationOptions options = {}) = 0;
    virtual Task<std::int64_t> delete_all(Where where = {}, OperationOptions options = {}) = 0;

    /// A new record from `data` as create() would make it, with defaults, neither validated nor kept.
    virtual Json build(Json data) const = 0;

    /// Runs after the validations the JSON declares, on every create, replace and update of one record.
    virtual void add_validation(RecordValidation validation) = 0;

    /// Adds a hook; hooks of one moment run in the order they were added, those of base models first.
    virtual void observe(Moment moment, Hook hook) = 0;

    /// Gives the method that the model's JSON declares under `methods` its body ("close" or "prototype.close").
    virtual void add_method(std::string name, MethodBody body) = 0;
    /// Adds a method that no JSON declares.
    virtual void add_method(MethodSpec spec, MethodBody body) = 0;

    /// Hooks around a remote method; `name` as LoopBack writes it: "create", "prototype.close", "*", "prototype.*".
    virtual void before_remote(std::string name, RemoteHook hook) = 0;
    virtual void after_remote(std::string name, RemoteHook hook) = 0;
    /// Runs when the body or an earlier hook threw; the error goes on unless the hook throws another.
    virtual void after_remote_error(std::string name, RemoteHook hook) = 0;
};

}  // namespace sallyport
