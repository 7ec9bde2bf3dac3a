#include "query/parse.hpp"

#include "query/parse_where.hpp"
#include "sallyport/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::query {
namespace {

using definition::Model;
using definition::Registry;
using definition::Relation;

constexpr double largest_skip = 9007199254740991;  // 2^53 - 1

Error bad_request(std::string message, std::string code = {}) { return {400, std::move(message), std::move(code)}; }

// A whole number from `least` up; nothing where JavaScript takes the value for false.
std::optional<std::int64_t> read_count(Json const& value, std::string_view name, double least) {
    if (!is_truthy(value)) return std::nullopt;
    auto const number = to_number(value);
    if (std::isnan(number) || number < least || number != std::trunc(number)) {
        throw bad_request(fmt::format("The {} parameter {} is not valid", name, to_text(value)));
    }
    return static_cast<std::int64_t>(std::min(number, largest_skip));
}

std::vector<std::string> split(std::string_view text, std::string_view separators) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < text.size();) {
        auto const start = text.find_first_not_of(separators, at);
        if (start == std::string_view::npos) break;
        auto const end = std::min(text.find_first_of(separators, start), text.size());
        words.emplace_back(text.substr(start, end - start));
        at = end;
    }
    return words;
}

Order read_order_term(std::string const& term) {
    auto words = split(term, " \t\r\n");
    if (words.empty()) return {};
    Order order{std::move(words[0]), false};
    if (words.size() == 1) return order;
    auto& direction = words[1];
    std::ranges::transform(direction, direction.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    if (direction != "ASC" && direction != "DESC") {
        throw bad_request(fmt::format("The order {} has invalid direction", to_text(Json{term})));
    }
    order.descending = direction == "DESC";
    return order;
}

bool reaches_many_models(Relation const& relation) {
    return relation.is_polymorphic && relation.kind == Relation::Kind::belongs_to;
}

// Whether `reached` has the other end of a polymorphic belongsTo of `model`.
bool leads_back(Model const& reached, Model const& model, Relation const& relation) {
    return std::ranges::any_of(reached.relations, [&](Relation const& back) {
        return back.is_polymorphic && back.discriminator == relation.discriminator &&
               (back.model == model.name || back.through == model.name);
    });
}

// Reads one filter with the filters of its includes.
class FilterReader {
public:
    FilterReader(Registry const& models, FilterRules const& rules) : models_{models}, rules_{rules}, where_{rules} {}

    Filter read(Json const& filter, Model const& model, int depth) {
        if (filter.is_nothing()) return {};
        if (!filter.is_object())
            throw bad_request(fmt::format("The query filter {} is not an object", to_text(filter)));
        Filter read;
        read.limit = read_count(filter["limit"], "limit", 1);
        auto const& skip = is_truthy(filter["skip"]) ? filter["skip"] : filter["offset"];
        read.skip = read_count(skip, "offset/skip", 0).value_or(0);
        auto const nesting = depth == 0 ? Nesting::top : Nesting::nested;
        read.order = read_order(filter["order"], model, nesting);
        read.fields = read_fields(filter["fields"], model);
        read.where = where_.read(filter["where"], model, nesting);
        // As an empty field of a form.
        if (filter["include"] != Json{""}) add_includes(read.include, filter["include"], model, depth);
        if (rules_.max_limit > 0 && read.limit) read.limit = std::min(*read.limit, rules_.max_limit);
        return read;
    }

private:
    std::vector<Order> read_order(Json const& order, Model const& model, Nesting nesting) {
        std::vector<Order> orders;
        if (!is_truthy(order)) return orders;
        auto const list = to_list(order).value_or(JsonArray{order});
        for (auto const& item : list) {
            if (!item.is_string()) throw bad_request(fmt::format("The order {} is not valid", to_quoted(item)));
            for (auto const& term : split(item.as_string(), ",")) {
                auto read = read_order_term(term);
                if (read.property.empty() || !may_use(read.property, model, "order by", nesting)) continue;
                count_words();
                orders.push_back(std::move(read));
            }
        }
        // One that names nothing still takes the place of a scope's.
        if (auto const* id = model.id(); orders.empty() && id != nullptr) orders.push_back({id->name, false});
        return orders;
    }

    // Whether to keep the name; throws where the rules refuse it. Without that rule an unknown name is kept: records
    // may have it.
    bool may_use(std::string_view name, Model const& model, std::string_view purpose, Nesting nesting) const {
        auto const standing = standing_of(name, model, nesting);
        auto const is_open =
            standing == Standing::known || (standing == Standing::hidden && may_use_hidden(model, rules_));
        if (!is_open && rules_.refuse_unknown) throw unknown_property(name, model, purpose);
        return is_open || standing == Standing::unknown;
    }

    // The properties that the definition names, but for those to leave out.
    static void keep_known(Fields& fields, Model const& model) {
        std::vector<std::string> kept;
        for (auto const& property : model.properties) {
            if (fields.has(property.name)) kept.push_back(property.name);
        }
        fields.except.clear();
        if (kept.empty()) {  // Nothing is left, which is not the same as no choice: one name, and not that.
            kept.emplace_back();
            fields.except.emplace_back();
        }
        fields.only = std::move(kept);
    }

    Fields read_fields(Json const& given, Model const& model) {
        Fields fields;
        auto const add = [&](std::vector<std::string>& names, Json const& name) {
            names.push_back(to_display(name));
            count_words();
            // One that is dropped must not turn "only these" into "all".
            may_use(names.back(), model, "give", Nesting::top);
        };
        if (given.is_string() && !given.as_string().empty()) {
            add(fields.only, given);
        } else if (auto const list = to_list(given)) {
            for (auto const& name : *list) add(fields.only, name);
        } else if (given.is_object()) {
            for (auto const& [name, wanted] : given.as_object())
                add(is_truthy(wanted) ? fields.only : fields.except, name);
            if (!fields.only.empty()) {
                fields.except.clear();
            } else if (!fields.except.empty()) {
                keep_known(fields, model);
            }
        } else if (is_truthy(given)) {
            keep_known(fields, model);  // Neither names nor choices, such as 1: to LoopBack what is known.
        }
        return fields;
    }

    void add_includes(std::vector<Include>& includes, Json const& given, Model const& model, int depth) {
        if (given.is_string()) {
            add_include(includes, given.as_string(), Json{}, model, depth);
        } else if (auto const list = to_list(given)) {
            for (auto const& item : *list) add_includes(includes, item, model, depth);
        } else if (given.is_object()) {
            auto const& named = given["rel"].is_string() ? given["rel"] : given["relation"];
            if (named.is_string()) {
                add_include(includes, named.as_string(), given["scope"], model, depth);
                return;
            }
            for (auto const& [relation, nested] : given.as_object()) {
                add_include(includes, relation, Json{JsonObject{{"include", nested}}}, model, depth);
            }
        }
    }

    void add_include(std::vector<Include>& includes, std::string const& name, Json const& scope, Model const& model,
                     int depth) {
        if (depth >= rules_.max_include_depth) {
            throw bad_request(fmt::format("The include goes deeper than {} relations.", rules_.max_include_depth));
        }
        count_words();
        auto const found = std::ranges::find(model.relations, name, &Relation::name);
        if (found == model.relations.end()) {
            throw bad_request(fmt::format("Relation \"{}\" is not defined for {} model", name, model.name));
        }
        if (found->disable_include) return;
        Include include{name, {}};
        auto const is_scoped = scope.is_object() && !scope.as_object().empty();
        if (is_scoped && reaches_many_models(*found)) {
            read_scopes(include, scope, model, *found, depth);
        } else if (is_scoped) {
            include.scope.push_back(read_scope(scope, *found, depth));
        }
        // Asked for twice: the later says how.
        std::erase_if(includes, [&](Include const& known) { return known.relation == name; });
        includes.push_back(std::move(include));
    }

    Filter read_scope(Json const& scope, Relation const& relation, int depth) {
        auto const related = models_.all().find(relation.model);
        if (related == models_.all().end()) {
            throw bad_request(fmt::format("Relation \"{}\" leads to no model", relation.name));
        }
        return read(scope, related->second, depth + 1);
    }

    // A scope need not fit every model that a polymorphic relation may reach: those it does not fit are left out. It
    // must fit one of those that lead back here.
    void read_scopes(Include& include, Json const& scope, Model const& model, Relation const& relation, int depth) {
        std::optional<Error> misfit;
        for (auto const& [name, reached] : models_.all()) {
            if (!leads_back(reached, model, relation)) continue;
            try {
                include.scope.push_back(read(scope, reached, depth + 1));
                include.models.push_back(name);
            } catch (Error const& error) {
                if (!misfit) misfit = error;
            }
        }
        if (!include.scope.empty()) return;
        if (misfit) throw *misfit;
        throw bad_request(fmt::format("Relation \"{}\" may reach any model and takes no scope", relation.name));
    }

    // Names in order, fields and include are as costly as conditions.
    void count_words() {
        if (++words_ > rules_.max_conditions) {
            throw bad_request(
                fmt::format("The filter names more than {} properties and relations.", rules_.max_conditions));
        }
    }

    Registry const& models_;
    FilterRules const& rules_;
    WhereReader where_;
    std::size_t words_ = 0;
};

}  // namespace

FilterRules joined(FilterRules rules) {
    rules.levels_above_where = 2;
    return rules;
}

Filter read_filter(Json const& filter, Model const& model, Registry const& models, FilterRules const& rules) {
    require_depth(filter, model, rules);
    if (rules.levels_above_where > 0) require_depth(filter["where"], model, rules, 1 + rules.levels_above_where);
    auto read = FilterReader{models, rules}.read(filter, model, 0);
    if (rules.max_limit > 0 && !read.limit) read.limit = rules.max_limit;
    return read;
}

}  // namespace sallyport::query
