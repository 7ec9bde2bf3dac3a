#include "methods/named_scopes.hpp"

#include "methods/remote_records.hpp"
#include "model/scope.hpp"
#include "query/parse.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace sallyport::methods {
namespace {

struct NamedScope {
    Filter filter;
    std::vector<std::pair<std::string, Json>> fixed;  ///< What records made through it get.
    std::shared_ptr<CrudRules const> rules;
};

query::FilterRules rules_of(NamedScope const& scope) {
    return scope.filter.where.matches_everything() ? scope.rules->filter : query::joined(scope.rules->filter);
}

Task<Result> get(Invocation& call, NamedScope const& scope) {
    auto& model = model_of(call);
    auto filter =
        query::read_filter(call.argument("filter"), model.definition(), model.models().registry(), rules_of(scope));
    model::add_scope(filter, scope.filter);
    co_return co_await reply_with_list(call, model, std::move(filter), *scope.rules);
}

Task<Result> create(Invocation& call, NamedScope const& scope) {
    auto data = object_argument(call, "data");
    for (auto const& [name, value] : scope.fixed) data.as_object().set(name, value);
    co_return co_await reply_with_new(call, model_of(call), std::move(data));
}

Task<Result> remove(Invocation& call, NamedScope const& scope) {
    co_await call.model.delete_all(scope.filter.where, options_for(call));
    co_return std::monostate{};
}

Task<Result> count(Invocation& call, NamedScope const& scope) {
    auto where = scope.filter.where;
    if (auto const& given = call.argument("where"); !given.is_nothing()) {
        where = all_of({std::move(where), query::read_where(given, model_of(call).definition(), rules_of(scope))});
    }
    co_return Json{co_await call.model.count(std::move(where), options_for(call))};
}

void add(model::StoredModel& model, std::string const& name, std::shared_ptr<NamedScope const> const& scope) {
    model.add_method({.name = "__get__" + name,
                      .accepts = {query_object("filter", "Which of them, in which order, how much of each")},
                      .returns = {whole(name, {model.name(), true})},
                      .http = {{"GET", "/" + name}},
                      .access_type = "READ",
                      .description = fmt::format("Gives the records in the scope {}.", name)},
                     [scope](Invocation& call) { return get(call, *scope); });
    model.add_method({.name = "__create__" + name,
                      .accepts = {body_data("The new record")},
                      .returns = {whole("data", {model.name(), false})},
                      .http = {{"POST", "/" + name}},
                      .access_type = "WRITE",
                      .description = fmt::format("Makes a record in the scope {}.", name)},
                     [scope](Invocation& call) { return create(call, *scope); });
    model.add_method({.name = "__delete__" + name,
                      .http = {{"DELETE", "/" + name}},
                      .access_type = "WRITE",
                      .description = fmt::format("Removes all records in the scope {}.", name)},
                     [scope](Invocation& call) { return remove(call, *scope); });
    model.add_method({.name = "__count__" + name,
                      .accepts = {query_object("where", "Condition on the records")},
                      .returns = {{.name = "count", .type = {"number", false}}},
                      .http = {{"GET", "/" + name + "/count"}},
                      .access_type = "READ",
                      .description = fmt::format("Counts the records in the scope {}.", name)},
                     [scope](Invocation& call) { return count(call, *scope); });
}

}  // namespace

void add_named_scopes(model::StoredModel& model, std::shared_ptr<CrudRules const> const& rules) {
    for (auto const& [name, written] : model.definition().scopes) {
        NamedScope scope;
        scope.rules = rules;
        try {
            scope.filter = model::read_scope(written, model.definition(), model.models().registry());
        } catch (Error const& error) {
            throw std::runtime_error{fmt::format("scope {} of {}: {}", name, model.name(), error.message)};
        }
        scope.fixed = model::fixed_values(scope.filter.where, model.definition());
        add(model, name, std::make_shared<NamedScope const>(std::move(scope)));
    }
}

}  // namespace sallyport::methods
