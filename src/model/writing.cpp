// Writing records. The order is always the same: hooks, validation, one transaction with what the hooks add, hooks.
// Nothing is awaited inside the transaction but the transaction itself.

#include "definition/value.hpp"
#include "model/embedded.hpp"
#include "model/multiple_errors.hpp"
#include "model/stored_model.hpp"
#include "model/validation_error.hpp"
#include "query/depth.hpp"
#include "query/parse_where.hpp"
#include "query/sql.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace sallyport::model {
namespace {

Error no_such_record(Json const& id) {
    return {404, fmt::format("could not find a model with id {}", to_display(id)), "MODEL_NOT_FOUND"};
}

Error nothing_to_update(Json const& id) {
    return {404, fmt::format("Could not update attributes. Object with id {} does not exist!", to_display(id))};
}

Error nothing_to_replace(Json const& id) {
    return {404, fmt::format("Could not replace. Object with id {} does not exist!", to_display(id))};
}

// A hook that takes a value back from a partial change means that it shall be gone, not that it stays.
void forget_undefined(Json& changes) {
    for (auto& [name, value] : changes.as_object()) {
        if (value.is_undefined()) value = nullptr;
    }
}

// `persistUndefinedAsNull`: what a whole record does not say is null.
void say_null(definition::Model const& model, JsonObject& record) {
    if (!model.flag("persistUndefinedAsNull", false)) return;
    for (auto const& property : model.properties) {
        if (!property.is_id && record[property.name].is_undefined()) record.set(property.name, nullptr);
    }
}

// Ids are compared as texts, as they were sent: what is no id at all is not the record's own either.
bool names_another(Json const& given, Json const& id) { return to_display(given) != to_display(id); }

// LoopBack reads the data of a change by a condition like a condition: what is no date is refused rather than null, and
// lists in a list are cast like its other items.
void read_like_conditions(definition::Model const& model, Json& data) {
    using Kind = definition::PropertyType::Kind;
    for (auto& [name, value] : data.as_object()) {
        auto const* property = model.property(name);
        if (property == nullptr || value.is_nothing()) continue;
        auto const is_list = property->type.kind == Kind::array && property->type.element && value.is_array();
        if (is_list) value = query::to_compared(property->type, std::move(value));
        if (property->type.kind != Kind::date) continue;
        auto const is_date = std::isfinite(definition::to_property_value(property->type, value).as_date());
        if (!is_date) throw Error{400, "Invalid date: " + to_display(value)};
    }
}

JsonObject merged(JsonObject record, JsonObject const& changes) {
    for (auto const& [name, value] : changes) record.set(name, value);
    return record;
}

}  // namespace

StoredModel::Draft StoredModel::draft(Json data) const {
    if (!data.is_object()) throw Error{400, "Value is not an object."};
    query::require_depth(data, max_data_depth_);
    Draft draft{definition::to_record(definition_, data.as_object()), {}};
    JsonObject kept;
    for (auto& [name, value] : draft.record.as_object()) {
        if (value.is_undefined()) continue;
        if (definition_.property(name) != nullptr) {
            kept.append(std::move(name), std::move(value));
        } else if (definition_.relation(name) != nullptr) {
            continue;  // Included records that come back with an edited one.
        } else if (definition_.strict != definition::Strict::off) {
            if (definition_.strict == definition::Strict::validate) draft.unknown.push_back(name);
        } else if (name.contains('.')) {
            throw Error{
                400, fmt::format("Property names containing dot(s) are not supported. Model: {}, dynamic property: {}",
                                 this->name(), name)};
        } else {
            kept.append(std::move(name), std::move(value));
        }
    }
    draft.record = std::move(kept);
    return draft;
}

void StoredModel::set_scope_values(Json& record) const {
    for (auto const& [name, value] : scope_values_) record.as_object().set(name, value);
}

void StoredModel::fill(Json& record) const {
    auto& members = record.as_object();
    if (auto const* id = definition_.id()) {  // Without one, the store makes it.
        if (auto const* value = members.find(id->name); value != nullptr && is_blank(*value)) members.erase(id->name);
    }
    set_scope_values(record);
    definition::fill_defaults(definition_, members, clock_.now());
    say_null(definition_, members);
}

// Properties in the order of the definition, the others after them: as they will be read.
void StoredModel::settle(Json& record) const {
    auto& members = record.as_object();
    JsonObject ordered;
    for (auto const& property : definition_.properties) {
        auto* value = members.find(property.name);
        if (value == nullptr || value->is_undefined()) continue;
        ordered.append(property.name, std::move(*value));
        *value = Json{};
    }
    for (auto& [name, value] : members) {
        if (!value.is_undefined()) ordered.append(std::move(name), std::move(value));
    }
    record = std::move(ordered);
}

Json StoredModel::build(Json data) const {
    auto made = draft(std::move(data)).record;
    fill(made);
    settle(made);
    return made;
}

Task<> StoredModel::validate(Json const& record, std::vector<std::string> const& unknown, Origin origin,
                             OperationOptions const& options) {
    if (!validates_) co_return;
    auto const& members = record.as_object();
    auto problems = rules_.check(members, origin);
    add_embedded_problems(*this, members, problems);
    for (auto const& validator : validators_) co_await validator(*this, members, options, problems);
    // LoopBack names what it does not know after what is wrong, and before what is taken.
    auto at = std::ranges::find(problems, "uniqueness", &Problem::code);
    for (auto const& name : unknown)
        at = std::next(problems.insert(at, {name, "unknown-property", "is not defined in the model"}));
    if (problems.empty()) co_return;  // Uniqueness is looked at where nobody can come in between: in the transaction.
    auto const read = [this](store::Statement statement, store::RowReader reader) {
        return store_->read(std::move(statement), std::move(reader));
    };
    if (keeps_records()) {
        for (auto& problem : co_await duplicates(members, members, read)) problems.push_back(std::move(problem));
    }
    throw validation_error(definition_, members, problems);
}

Task<ChangeNote> StoredModel::commit(HookContext& context, store::Work work, Json const& record,
                                     ChangedRecords changed) {
    ChangeNote note{*this, changed};
    try {
        co_await store_->write(note.around(std::move(work)));
        note.tell_with(std::move(context.once_committed));
        co_return note;
    } catch (store::UniqueViolation const& violation) {
        throw conflict(violation, record);
    }
}

Task<> StoredModel::add_row(store::Transaction& transaction, JsonObject& members) const {
    co_await require_unique(transaction, members, members);
    co_await transaction.run(statements_.insert(table_, members));
    auto const& id = table_.columns[table_.id];
    if (!members.contains(id.property)) members.set(id.property, transaction.last_id());
}

Task<> StoredModel::insert_row(store::Transaction& transaction, Json& record, HookContext& context) const {
    co_await add_row(transaction, record.as_object());
    co_await add_to(transaction, context, id_of(record));
}

Task<> StoredModel::update_row(store::Transaction& transaction, Json const& record, JsonObject const& changes,
                               HookContext& context, Unchanged const* unchanged) const {
    auto const& id = id_of(record);
    if (unchanged != nullptr) co_await require_unchanged(transaction, id, *unchanged);
    co_await require_unique(transaction, record.as_object(), changes);
    if (!changes.empty()) {
        auto const by_id = equals(table_.columns[table_.id].property, id);
        auto const changed = co_await transaction.run(query::update(table_, by_id, changes, store_->dialect()));
        if (changed == 0) throw no_such_record(id);
    }
    co_await add_to(transaction, context, id);
}

Task<> StoredModel::replace_row(store::Transaction& transaction, Json const& record, HookContext& context) const {
    auto const& id = id_of(record);
    auto const& members = record.as_object();
    co_await require_unique(transaction, members, members);
    auto const key = query::to_column(table_.columns[table_.id].storage, id);
    if (co_await transaction.run(query::replace(table_, key, members)) == 0) throw nothing_to_replace(id);
    co_await add_to(transaction, context, id);
}

Task<Json> StoredModel::create(Json data, OperationOptions options) {
    co_return co_await create_checked(std::move(data), options, Checks::all);
}

Task<Json> StoredModel::create_also(Json data, OperationOptions options, std::vector<Also> also) {
    co_return (co_await create_unless(std::move(data), options, Checks::all, nullptr, std::move(also))).record;
}

Task<Json> StoredModel::create_checked(Json data, OperationOptions const& options, Checks checks) {
    co_return (co_await create_unless(std::move(data), options, checks, nullptr)).record;
}

Task<StoredModel::FoundOrMade> StoredModel::create_unless(Json data, OperationOptions const& options, Checks checks,
                                                          Where const* taken, std::vector<Also> also) {
    require_store();
    auto [drafted, unknown] = draft(std::move(data));
    FoundOrMade made{.record = std::move(drafted), .is_new = true};
    auto& record = made.record;
    fill(record);
    HookContext context{.model = *this, .options = options, .is_new = true, .instance = &record};
    co_await run_hooks(Moment::before_save, context);
    if (checks == Checks::all) co_await validate(record, unknown, Origin::fresh, options);
    co_await run_hooks(Moment::persist, context);
    std::ranges::move(also, std::back_inserter(context.additions));
    auto note = co_await commit(context,
                                [&](store::Transaction& transaction) {
                                    return taken ? insert_unless(transaction, made, context, *taken)
                                                 : insert_row(transaction, record, context);
                                },
                                record, {.kind = Change::Kind::create, .record = &record});
    if (!made.is_new) co_return made;
    note.tell();
    settle(record);
    co_await run_hooks(Moment::after_save, context);
    co_return made;
}

Task<std::vector<Json>> StoredModel::create_all(JsonArray data, OperationOptions options) {
    std::vector<Json> made;
    MultipleErrors errors;
    for (std::size_t i = 0; i < data.size(); ++i) {
        try {
            made.push_back(co_await create(std::move(data[i]), options));
        } catch (Error const& error) {
            errors.add(i, error);
        }
    }
    if (!errors.empty()) throw errors.together();
    co_return made;
}

Task<Json> StoredModel::patch_attributes(Json id, Json data, OperationOptions options) {
    auto current = co_await find_by_id(id, {}, options);
    if (!current) throw no_such_record(id);
    co_return co_await patch_checked(std::move(*current), std::move(data), options, Checks::all);
}

Task<Json> StoredModel::patch(Json current, Json data, OperationOptions options) {
    co_return co_await patch_checked(std::move(current), std::move(data), options, Checks::all);
}

Task<Json> StoredModel::patch_checked(Json current, Json data, OperationOptions const& options, Checks checks,
                                      Unchanged const* unchanged) {
    require_store();
    auto const& id_name = table_.columns[table_.id].property;
    auto const& given = data[id_name];
    if (!given.is_undefined() && names_another(given, current[id_name])) {
        throw Error{400, fmt::format("id cannot be updated from {} to {} when forceId is set to true",
                                     to_display(current[id_name]), to_display(given))};
    }
    auto [changes, unknown] = draft(std::move(data));
    changes.as_object().erase(id_name);
    set_scope_values(changes);
    HookContext context{.model = *this, .options = options, .data = &changes, .current = &current};
    if (unchanged != nullptr) context.additions = unchanged->also;
    co_await run_hooks(Moment::before_save, context);
    forget_undefined(changes);
    Json record{merged(current.as_object(), changes.as_object())};
    if (checks == Checks::all) co_await validate(record, unknown, Origin::stored, options);
    co_await run_hooks(Moment::persist, context);
    record = merged(current.as_object(), changes.as_object());
    if (!changes.as_object().empty() || !context.additions.empty()) {
        auto note = co_await commit(context,
                                    [&](store::Transaction& transaction) {
                                        return update_row(transaction, record, changes.as_object(), context, unchanged);
                                    },
                                    record, {.kind = Change::Kind::update, .record = &record});
        note.tell();
    }
    settle(record);
    HookContext done{.model = *this, .options = options, .instance = &record, .current = &current};
    done.state = std::move(context.state);
    co_await run_hooks(Moment::after_save, done);
    co_return record;
}

Task<Json> StoredModel::replace_by_id(Json id, Json data, OperationOptions options) {
    require_store();
    auto const key = to_id(id);
    auto const& id_name = table_.columns[table_.id].property;
    auto const given = data[id_name];
    auto [record, unknown] = draft(std::move(data));
    auto& members = record.as_object();
    if (is_truthy(given) && names_another(given, key)) {
        throw Error{400, fmt::format("id property ({}) cannot be updated from {} to {}", id_name, to_display(id),
                                     to_display(given))};
    }
    members.set(id_name, key);
    set_scope_values(record);
    definition::fill_defaults(definition_, members, clock_.now());
    say_null(definition_, members);
    auto const current = has_hooks(Moment::before_save) ? co_await read_by_id(key, {}) : std::nullopt;
    HookContext context{
        .model = *this, .options = options, .instance = &record, .current = current ? &*current : nullptr};
    co_await run_hooks(Moment::before_save, context);
    record.as_object().set(id_name, key);
    co_await validate(record, unknown, Origin::stored, options);
    if (key.is_undefined()) throw nothing_to_replace(id);
    co_await run_hooks(Moment::persist, context);
    auto note = co_await commit(
        context, [&](store::Transaction& transaction) { return replace_row(transaction, record, context); }, record,
        {.kind = Change::Kind::update, .record = &record});
    note.tell();
    settle(record);
    co_await run_hooks(Moment::after_save, context);
    co_return record;
}

// The data must be a valid record by itself, whether it will be one or change one.
Task<> StoredModel::require_whole(Json data, Origin origin, OperationOptions const& options) {
    auto [record, unknown] = draft(std::move(data));
    say_null(definition_, record.as_object());
    co_await validate(record, unknown, origin, options);
}

Task<Json> StoredModel::patch_or_create(Json data, OperationOptions options) {
    require_store();
    auto const& id_name = table_.columns[table_.id].property;
    auto const given = data[id_name];
    if (given.is_nothing()) co_return co_await create(std::move(data), options);
    auto const id = to_id(given);
    if (id.is_undefined()) throw nothing_to_update(given);
    data.as_object().set(id_name, id);  // However it is spelled.
    // LoopBack does not validate here unless told to; accounts are too precious for that.
    auto const checks = definition_.flag("validateUpsert", definition_.is("User")) ? Checks::all : Checks::none;
    auto current = co_await find_by_id(id, {}, options);
    if (definition_.flag("validateUpsert", false) && !ids_are_forced()) {
        co_await require_whole(data, Origin::stored, options);
    }
    if (current) co_return co_await patch_checked(std::move(*current), std::move(data), options, checks);
    if (ids_are_forced()) throw nothing_to_update(given);
    co_return co_await create_checked(std::move(data), options, checks);
}

Task<Json> StoredModel::replace_or_create(Json data, OperationOptions options) {
    require_store();
    auto const& id_name = table_.columns[table_.id].property;
    auto const given = data[id_name];
    if (given.is_nothing()) co_return co_await create(std::move(data), options);
    auto const id = to_id(given);
    if (id.is_undefined()) {
        definition::fill_defaults(definition_, data.as_object(), clock_.now());
        co_await require_whole(std::move(data), Origin::stored, options);  // What is wrong with the data is said first.
        throw nothing_to_replace(given);
    }
    data.as_object().set(id_name, id);
    auto const replaces = ids_are_forced() || co_await exists(id, options);
    if (replaces) co_return co_await replace_by_id(id, std::move(data), options);
    co_return co_await create(std::move(data), options);
}

Task<Json> StoredModel::upsert_with_where(Where where, Json data, OperationOptions options) {
    require_store();
    if (!data.is_object()) throw Error{400, "Value is not an object."};
    if (data.as_object().empty()) throw Error{400, "data object cannot be empty!"};
    co_await require_whole(data, Origin::unkeyed, options);
    read_like_conditions(definition_, data);
    Filter filter;
    filter.where = std::move(where);
    filter.limit = 2;
    auto found = co_await find(std::move(filter), options);
    if (found.size() > 1) {
        throw Error{400, "There are multiple instances found.Upsert Operation will not be performed!"};
    }
    if (found.empty()) co_return co_await create(std::move(data), options);
    data.as_object().erase(table_.columns[table_.id].property);  // The condition says which record; it keeps its id.
    co_return co_await patch_checked(std::move(found.front()), std::move(data), options, Checks::all);
}

Task<std::int64_t> StoredModel::update_all(Where where, Json data, OperationOptions options) {
    require_store();
    if (data.is_object()) read_like_conditions(definition_, data);
    auto [changes, unknown] = draft(std::move(data));
    // As LoopBack does where it is told to: the data must be a valid record by itself.
    if (definition_.flag("validateUpdate", definition_.flag("automaticValidation", false)))
        co_await validate(changes, unknown, Origin::fresh, options);
    changes.as_object().erase(table_.columns[table_.id].property);
    set_scope_values(changes);
    Filter filter;
    filter.where = std::move(where);
    co_await prepare_read(filter, options);
    HookContext context{.model = *this, .options = options, .data = &changes, .where = &filter.where};
    co_await run_hooks(Moment::before_save, context);
    forget_undefined(changes);
    co_await run_hooks(Moment::persist, context);
    if (changes.as_object().empty() && context.additions.empty()) co_return co_await count(filter.where, options);
    std::int64_t changed = 0;
    auto const& members = changes.as_object();
    auto note = co_await commit(context,
                                [&](store::Transaction& transaction) {
                                    return update_rows(transaction, filter.where, members, context, changed);
                                },
                                changes, {.kind = Change::Kind::update, .where = &filter.where});
    note.tell();
    co_await run_hooks(Moment::after_save, context);
    co_return changed;
}

Task<> StoredModel::update_rows(store::Transaction& transaction, Where const& where, JsonObject const& changes,
                                HookContext& context, std::int64_t& changed) const {
    if (!changes.empty()) changed = co_await transaction.run(query::update(table_, where, changes, store_->dialect()));
    co_await add_to(transaction, context, {});
}

Task<std::int64_t> StoredModel::delete_by_id(Json id, OperationOptions options) {
    require_store();
    auto const key = to_id(id);
    auto deleted =
        key.is_undefined() ? 0 : co_await remove(equals(table_.columns[table_.id].property, key), key, options);
    if (deleted == 0 && definition_.flag("strictDelete", false)) {
        throw Error{404, fmt::format("No instance with id {} found for {}", to_display(id), name()), "NOT_FOUND"};
    }
    co_return deleted;
}

Task<std::int64_t> StoredModel::delete_all(Where where, OperationOptions options) {
    require_store();
    co_return co_await remove(std::move(where), {}, options);
}

Task<std::int64_t> StoredModel::remove(Where where, Json id, OperationOptions const& options) {
    Filter filter;
    filter.where = std::move(where);
    co_await prepare_read(filter, options);
    std::optional<Json> current;
    if (!id.is_undefined() && has_hooks(Moment::before_delete)) current = co_await read_by_id(id, {});
    HookContext context{
        .model = *this, .options = options, .current = current ? &*current : nullptr, .where = &filter.where};
    co_await run_hooks(Moment::before_delete, context);
    std::int64_t deleted = 0;
    auto note = co_await commit(
        context,
        [&](store::Transaction& transaction) { return remove_rows(transaction, filter.where, id, context, deleted); },
        Json::object(), {.kind = Change::Kind::remove, .where = &filter.where});
    note.tell();
    co_await run_hooks(Moment::after_delete, context);
    co_return deleted;
}

Task<> StoredModel::remove_rows(store::Transaction& transaction, Where const& where, Json const& id,
                                HookContext& context, std::int64_t& deleted) const {
    deleted = co_await transaction.run(query::remove(table_, where, store_->dialect()));
    co_await add_to(transaction, context, id);
}

}  // namespace sallyport::model
