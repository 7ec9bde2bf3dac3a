#include "model/scope.hpp"

#include "query/parse.hpp"

#include <algorithm>
#include <iterator>

namespace sallyport::model {
namespace {

// The app's own JSON may name what a client may not.
constexpr query::FilterRules own_rules() {
    query::FilterRules rules;
    rules.refuse_unknown = false;
    rules.prohibit_hidden = false;
    rules.max_depth = std::nullopt;
    rules.max_limit = 0;
    return rules;
}

}  // namespace

Filter read_scope(Json const& scope, definition::Model const& model, definition::Registry const& models) {
    if (scope.is_nothing()) return {};
    return query::read_filter(scope, model, models, own_rules());
}

void add_scope(Filter& filter, Filter const& scope) {
    filter.where = all_of({std::move(filter.where), scope.where});
    std::ranges::copy(scope.include, std::back_inserter(filter.include));
    if (!scope.fields.empty()) filter.fields = scope.fields;
    if (filter.order.empty()) filter.order = scope.order;
    if (scope.limit) filter.limit = filter.limit ? std::min(*filter.limit, *scope.limit) : *scope.limit;
    if (scope.skip != 0) filter.skip = scope.skip;
}

void add_field(Fields& fields, std::string const& name) {
    std::erase(fields.except, name);
    if (!fields.only.empty() && !fields.has(name)) fields.only.push_back(name);
}

std::vector<std::pair<std::string, Json>> fixed_values(Where const& where, definition::Model const& model) {
    std::vector<std::pair<std::string, Json>> values;
    if (where.kind == Where::Kind::comparison) {
        auto const fixes = where.op == Operator::eq && !where.value.is_nothing() && model.property(where.property);
        if (fixes) values.emplace_back(where.property, where.value);
    } else if (where.kind == Where::Kind::all) {
        for (auto const& part : where.parts) std::ranges::copy(fixed_values(part, model), std::back_inserter(values));
    }
    return values;
}

}  // namespace sallyport::model
