#include "model/stored_model.hpp"

#include "model/joins.hpp"
#include "model/scope.hpp"
#include "query/depth.hpp"
#include "store/migrate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace sallyport::model {
namespace {

query::Table table_of(definition::Model const& definition, store::Store* store) {
    if (store == nullptr || !definition.is("PersistedModel")) return {};
    return store::adjust(*store, query::make_table(definition));
}

Task<> run_validation(RecordValidation const& validation, JsonObject const& record, std::vector<Problem>& problems) {
    Json const whole{record};
    co_await validation(whole, problems);
}

}  // namespace

StoredModel::StoredModel(definition::Model const& definition, store::Store* store, Models& models, Clock const& clock)
    : definition_{definition},
      store_{store},
      models_{models},
      clock_{clock},
      table_{table_of(definition, store)},
      rules_{definition},
      max_data_depth_{
          static_cast<int>(std::min<double>(definition.number("maxDepthOfData", query::deepest), query::deepest))},
      validates_{definition.flag("automaticValidation", true) || definition.is("User")},
      methods_{definition.name, definition.methods} {
    if (keeps_records()) statements_ = query::FixedStatements{table_};
}

void StoredModel::link() {
    for (auto base = definition_.bases.rbegin(); base != definition_.bases.rend(); ++base) {
        if (auto const* model = models_.find(*base)) lineage_.push_back(model);
    }
    lineage_.push_back(this);
    if (!definition_.default_scope.is_nothing()) {
        default_scope_ = read_scope(definition_.default_scope, definition_, models_.registry());
        scope_values_ = fixed_values(default_scope_->where, definition_);
    }
    has_token_ids_ = definition_.is("AccessToken");
    rows_are_plain_ = keeps_records() && !default_scope_ && !has_token_ids_;
    link_properties();
    link_relations();
}

void StoredModel::link_properties() {
    for (auto const& property : definition_.properties) {
        auto const& type = property.type.element ? *property.type.element : property.type;
        auto const* embedded = type.kind == definition::PropertyType::Kind::model ? models_.find(type.model) : nullptr;
        if (embedded != nullptr) rows_are_plain_ = false;
        if (property.is_hidden || property.is_protected || embedded != nullptr) {
            veils_[property.name] = {property.is_hidden, property.is_protected, embedded};
        }
    }
    for (auto const* key : {"hidden", "hiddenProperties"}) {
        auto const& names = definition_.settings[key];
        if (!names.is_array()) continue;
        for (auto const& name : names.as_array()) {
            veils_[to_display(name)].is_hidden = true;
            // It may stand among a row's unknown properties.
            if (definition_.property(to_display(name)) == nullptr) rows_are_plain_ = false;
        }
    }
}

void StoredModel::link_relations() {
    for (auto const& relation : definition_.relations) {
        auto const* related = models_.find(relation.model);
        if (related == nullptr) continue;
        veils_[relation.name].related = related;
        auto const* through = is_through(relation) ? models_.find(relation.through) : nullptr;
        auto const& scoped = (through == nullptr ? related : through)->definition();
        if (!relation.scope.is_nothing()) {
            relation_scopes_[relation.name] = read_scope(relation.scope, scoped, models_.registry());
        }
    }
}

void StoredModel::require_store() const {
    if (!keeps_records()) throw Error{501, fmt::format("Model {} keeps no records.", name())};
}

bool StoredModel::ids_are_forced() const {
    auto const* id = definition_.id();
    return id != nullptr && id->is_generated && definition_.force_id;
}

void StoredModel::observe(Moment moment, Hook hook) { hooks_[moment].push_back({std::move(hook), false}); }

void StoredModel::observe_own(Moment moment, Hook hook) { hooks_[moment].push_back({std::move(hook), true}); }

bool StoredModel::has_hooks(Moment moment) const {
    return std::ranges::any_of(lineage_, [&](StoredModel const* model) {
        auto const found = model->hooks_.find(moment);
        if (found == model->hooks_.end()) return false;
        return std::ranges::any_of(found->second, [&](Watch const& watch) { return model == this || !watch.is_own; });
    });
}

Task<> StoredModel::run_hooks(Moment moment, HookContext& context) const {
    for (auto const* model : lineage_) {
        auto const found = model->hooks_.find(moment);
        if (found == model->hooks_.end()) continue;
        for (auto const& watch : found->second) {
            if (model == this || !watch.is_own) co_await watch.hook(context);
        }
    }
}

Task<> StoredModel::run_loaded_hooks(std::vector<Json>& records, OperationOptions const& options) {
    if (!has_hooks(Moment::loaded)) co_return;
    for (auto& record : records) {
        HookContext context{.model = *this, .options = options, .instance = &record};
        co_await run_hooks(Moment::loaded, context);
    }
}

void StoredModel::add_validator(Validator validator) { validators_.push_back(std::move(validator)); }

void StoredModel::add_validation(RecordValidation validation) {
    add_validator([validation = std::move(validation)](StoredModel&, JsonObject const& record, OperationOptions const&,
                                                       std::vector<Problem>& problems) {
        return run_validation(validation, record, problems);
    });
}

void StoredModel::add_method(std::string name, MethodBody body) {
    methods_.give(name, body);
    for (auto* model : models_.all()) {
        if (model == this || !model->definition_.is(definition_.name)) continue;
        auto* inherited = model->methods_.find(name);
        if (inherited != nullptr && !inherited->body) inherited->body = body;
    }
}

void StoredModel::add_method(MethodSpec spec, MethodBody body) { methods_.add(std::move(spec), std::move(body)); }

void StoredModel::limit_body(std::string_view method, std::size_t bytes) {
    if (auto* entry = methods_.find(method)) entry->spec.body_limit = bytes;
}

void StoredModel::before_remote(std::string name, RemoteHook hook) {
    methods_.hook(RemoteMethods::When::before, std::move(name), std::move(hook));
}

void StoredModel::after_remote(std::string name, RemoteHook hook) {
    methods_.hook(RemoteMethods::When::after, std::move(name), std::move(hook));
}

void StoredModel::after_remote_error(std::string name, RemoteHook hook) {
    methods_.hook(RemoteMethods::When::after_error, std::move(name), std::move(hook));
}

std::vector<RemoteHook> const& StoredModel::hooks_before(MethodSpec const& method) const {
    return methods_.hooks(RemoteMethods::When::before, method);
}

std::vector<RemoteHook> const& StoredModel::hooks_after(MethodSpec const& method) const {
    return methods_.hooks(RemoteMethods::When::after, method);
}

std::vector<RemoteHook> const& StoredModel::hooks_after_error(MethodSpec const& method) const {
    return methods_.hooks(RemoteMethods::When::after_error, method);
}

Filter const& StoredModel::relation_scope(std::string_view relation) const {
    static Filter const none;
    auto const found = relation_scopes_.find(relation);
    return found == relation_scopes_.end() ? none : found->second;
}

Models::Models(definition::Registry const& registry, std::function<store::Store*(std::string const&)> const& store_of,
               Clock const& clock)
    : registry_{registry} {
    for (auto const& [name, definition] : registry_.all()) {
        auto* store = definition.data_source.empty() ? nullptr : store_of(definition.data_source);
        models_.emplace(name, std::make_unique<StoredModel>(definition, store, *this, clock));
    }
    for (auto const& [name, model] : models_) model->link();
}

Models::~Models() = default;

StoredModel* Models::find(std::string_view name) const {
    auto const found = models_.find(name);
    return found == models_.end() ? nullptr : found->second.get();
}

StoredModel& Models::get(std::string_view name) const {
    if (auto* model = find(name)) return *model;
    throw std::out_of_range{fmt::format("no model is called {}", name)};
}

std::vector<StoredModel*> Models::all() const {
    std::vector<StoredModel*> found;
    for (auto const& [name, model] : models_) found.push_back(model.get());
    return found;
}

}  // namespace sallyport::model
