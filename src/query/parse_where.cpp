#include "query/parse_where.hpp"

#include "definition/value.hpp"
#include "query/depth.hpp"
#include "query/pattern.hpp"
#include "query/sql.hpp"
#include "sallyport/error.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace sallyport::query {
namespace {

using definition::Model;
using definition::Property;
using definition::PropertyType;

std::string_view why_no_list(Json const& value) {
    auto const is_empty = value.is_object() && value.as_object().empty();
    return is_empty ? "Value is an empty object" : "Value is not an array or object with sequential numeric indices";
}

constexpr std::array<std::pair<std::string_view, Operator>, 14> operators{{{"eq", Operator::eq},
                                                                           {"neq", Operator::neq},
                                                                           {"gt", Operator::gt},
                                                                           {"gte", Operator::gte},
                                                                           {"lt", Operator::lt},
                                                                           {"lte", Operator::lte},
                                                                           {"between", Operator::between},
                                                                           {"inq", Operator::inq},
                                                                           {"nin", Operator::nin},
                                                                           {"like", Operator::like},
                                                                           {"nlike", Operator::nlike},
                                                                           {"ilike", Operator::ilike},
                                                                           {"nilike", Operator::nilike},
                                                                           {"regexp", Operator::regexp}}};

std::optional<Operator> operator_of(std::string_view word) {
    auto const found = std::ranges::find(operators, word, &std::pair<std::string_view, Operator>::first);
    if (found == operators.end()) return std::nullopt;
    return found->second;
}

Property const* find(Model const& model, std::string_view name) {
    auto const found = std::ranges::find(model.properties, name, &Property::name);
    return found == model.properties.end() ? nullptr : &*found;
}

Error bad_request(std::string message) { return {400, std::move(message)}; }

Error bad_clause(std::string_view property, Json const& clause, std::string_view why) {
    return bad_request(fmt::format("The {} property has invalid clause {}: {}", property, to_text(clause), why));
}

Json to_boolean(Json value) {
    if (value.is_string()) {
        if (value.as_string() == "true" || value.as_string() == "1") return true;
        if (value.as_string() == "false" || value.as_string() == "0") return false;
    }
    return is_truthy(value);
}

Json to_date(Json const& value) {
    if (value.is_date()) return value;
    auto const is_read_as_text = value.is_string() || value.is_array();
    auto const time = is_read_as_text ? parse_date(to_display(value)) : to_number(value);
    if (!std::isfinite(time)) throw bad_request("Invalid date: " + to_display(value));
    return Json::date(time);
}

bool has_members(PropertyType const& type) {
    return type.kind == PropertyType::Kind::model || !type.properties.empty();
}

// What a value is compared as. A text that is no number stays as it is, and equals no number.
Json to_compared_item(PropertyType const& type, Json value) {
    if (value.is_nothing()) return value;
    switch (type.kind) {
        case PropertyType::Kind::string:
            return to_display(value);
        case PropertyType::Kind::boolean:
            return to_boolean(std::move(value));
        case PropertyType::Kind::date:
            return to_date(value);
        case PropertyType::Kind::number: {
            auto const number = to_number(value);
            return std::isnan(number) ? value : Json{number};
        }
        case PropertyType::Kind::array:
            return type.element == nullptr ? value : to_compared_item(*type.element, std::move(value));
        case PropertyType::Kind::date_string:
        case PropertyType::Kind::buffer:
            return definition::to_property_value(type, std::move(value));
        case PropertyType::Kind::object:
        case PropertyType::Kind::any:
        case PropertyType::Kind::geopoint:
        case PropertyType::Kind::model:
            break;
    }
    return value;
}

// What like and its kin compare with.
Json to_pattern(PropertyType const* type, Json const& operand) {
    auto value = type == nullptr ? operand : to_compared_item(*type, operand);
    return value.is_object() || value.is_array() ? operand : value;
}

bool holds_objects(PropertyType const& type) {
    switch (type.kind) {
        case PropertyType::Kind::string:
        case PropertyType::Kind::number:
        case PropertyType::Kind::boolean:
        case PropertyType::Kind::date:
        case PropertyType::Kind::date_string:
            return false;
        default:
            return true;
    }
}

// Whether LoopBack reads no operand as it compares.
bool is_taken_as_sent(PropertyType const* type) {
    if (type == nullptr || type->kind == PropertyType::Kind::geopoint) return true;
    return type->kind == PropertyType::Kind::array && type->element == nullptr;
}

// JavaScript's \uXXXX and (?<name>...) as RE2 writes them.
std::string to_re2(std::string_view pattern) {
    std::string out;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        auto const rest = pattern.substr(i);
        if (rest.starts_with("\\u") && rest.size() >= 6 &&
            rest.substr(2, 4).find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos) {
            out += fmt::format("\\x{{{}}}", rest.substr(2, 4));
            i += 5;
        } else if (rest.starts_with('\\') && rest.size() > 1) {
            out += rest.substr(0, 2);
            ++i;
        } else if (rest.starts_with("(?<") && !rest.starts_with("(?<=") && !rest.starts_with("(?<!")) {
            out += "(?P<";
            i += 2;
        } else {
            out += rest.front();
        }
    }
    return out;
}

// "/pattern/flags", or a pattern alone.
void read_regexp(Where& where, std::string_view text) {
    auto const end = text.rfind('/');
    if (text.starts_with('/') && end > 0) {
        auto const flags = text.substr(end + 1);
        auto const bad = flags.find_first_not_of("igm");
        if (bad != std::string_view::npos)
            throw bad_request(fmt::format("Invalid regex flags: {}", flags.substr(bad, 1)));
        where.options += flags;
        text = text.substr(1, end - 1);
    }
    where.value = to_re2(text);
}

void require_compiles(Where const& where, std::string_view name) {
    RE2 const pattern{where.value.as_string(), pattern_options()};
    if (pattern.ok()) return;
    throw bad_request(fmt::format("The {} property has a regexp that cannot be used: {}", name, pattern.error()));
}

// The radius of the earth in the units that LoopBack knows, as it has them.
constexpr std::array<std::pair<std::string_view, double>, 6> earth_radius{{{"miles", 3958.75},
                                                                           {"kilometers", 6370.99056},
                                                                           {"meters", 6370990.56},
                                                                           {"feet", 20902200},
                                                                           {"radians", 1},
                                                                           {"degrees", 57.29577951308}}};

// {"near": "12.5,13.5", "maxDistance": 10, "minDistance": 2, "unit": "miles"}
Where read_near(std::string const& name, Json const& clause) {
    for (auto const& [word, operand] : clause.as_object()) {
        auto const is_known = word == "near" || word == "maxDistance" || word == "minDistance" || word == "unit";
        if (!is_known) throw bad_clause(name, clause, fmt::format("unknown operator {}", word));
    }
    auto const unit = clause["unit"].is_nothing() ? Json{"miles"} : clause["unit"];
    auto const* const known =
        std::ranges::find_if(earth_radius, [&](auto const& entry) { return unit == Json{entry.first}; });
    if (known == earth_radius.end()) {
        throw bad_clause(name, clause, "the unit is miles, kilometers, meters, feet, radians or degrees");
    }
    PropertyType point;
    point.kind = PropertyType::Kind::geopoint;
    auto around = definition::to_property_value(point, clause["near"]);
    if (around.is_nothing()) throw bad_clause(name, clause, "near needs a point");
    for (auto const& [word, member] : {std::pair{"maxDistance", "max"}, std::pair{"minDistance", "min"}}) {
        if (clause[word].is_nothing()) continue;
        auto const distance = to_number(clause[word]);
        if (std::isnan(distance)) throw bad_clause(name, clause, fmt::format("{} is not a number", word));
        if (distance > 0) around.as_object().set(member, distance / known->second);
    }
    auto where = equals(name, std::move(around));
    where.op = Operator::near;
    return where;
}

// {"$where": ...}
void require_no_operators(Json const& clause) {
    for (auto const& member : clause.as_object()) {
        if (member.first.starts_with('$')) {
            throw Error{400, fmt::format("Operators \"{}\" are not allowed in query", member.first),
                        "OPERATOR_NOT_ALLOWED_IN_QUERY"};
        }
    }
}

// A condition with a slip of the pen must not become a wider one.
void require_known_words(std::string const& name, Json const& clause, bool are_operators) {
    if (!are_operators) return;
    for (auto const& [word, operand] : clause.as_object()) {
        if (!operator_of(word) && word != "options")
            throw bad_clause(name, clause, fmt::format("unknown operator {}", word));
    }
}

// An alternative of no parts.
Where no_record() {
    Where where;
    where.kind = Where::Kind::any;
    return where;
}

// All but an empty list, of which no item can hold.
Where not_in_nothing(Where where) {
    where.op = Operator::nin;
    where.value = JsonArray{};
    return where;
}

bool takes_list(Operator op) { return op == Operator::between || op == Operator::inq || op == Operator::nin; }

// Whether it is a list, and of two for a range.
bool is_list_for(Operator op, Json const& operand) {
    auto const list = to_list(operand);
    return list && (op != Operator::between || list->size() == 2);
}

bool takes_text(Operator op) {
    return op == Operator::like || op == Operator::nlike || op == Operator::ilike || op == Operator::nilike;
}

bool is_negated(Operator op) { return op == Operator::nlike || op == Operator::nilike; }

std::vector<Property> const* below(PropertyType const& type) {
    auto const& inner = type.element ? *type.element : type;
    return inner.properties.empty() ? nullptr : &inner.properties;
}

}  // namespace

Standing standing_of(std::string_view name, Model const& model, Nesting nesting) {
    auto const hides = [](Property const& property, Nesting at) {
        return property.is_hidden || (property.is_protected && at == Nesting::nested);
    };
    auto const* inner = &model.properties;
    for (std::size_t start = 0; start <= name.size();) {
        auto const end = std::min(name.find('.', start), name.size());
        auto const word = name.substr(start, end - start);
        auto const* part = find(model, word);
        if (part != nullptr && hides(*part, nesting)) return Standing::hidden;
        if (inner != nullptr) {  // What an embedded model hides is hidden as well.
            auto const found = std::ranges::find(*inner, word, &Property::name);
            auto const at = start > 0 ? Nesting::nested : nesting;
            if (found != inner->end() && hides(*found, at)) return Standing::hidden;
            if (found != inner->end()) inner = below(found->type);
        }
        start = end + 1;
    }
    if (auto const* whole = find(model, name)) return hides(*whole, nesting) ? Standing::hidden : Standing::known;
    return find(model, name.substr(0, name.find('.'))) != nullptr ? Standing::known : Standing::unknown;
}

bool may_use_hidden(Model const& model, FilterRules const& rules) {
    if (!rules.prohibit_hidden) return true;
    return rules.models_may_open_hidden && !model.flag("prohibitHiddenPropertiesInQuery", true);
}

void require_depth(Json const& query, Model const& model, FilterRules const& rules, int depth) {
    if (!rules.max_depth) return;
    auto const levels = std::min<double>(model.number("maxDepthOfQuery", *rules.max_depth), deepest);
    require_depth(query, static_cast<int>(levels), depth);
}

Error unknown_property(std::string_view name, Model const& model, std::string_view purpose) {
    return bad_request(fmt::format("{} has no property \"{}\" to {}.", model.name, name, purpose));
}

std::string to_quoted(Json const& value) { return value.is_null() ? "\"null\"" : to_text(value); }

std::optional<JsonArray> to_list(Json const& value) {
    if (value.is_array()) return value.as_array();
    if (!value.is_object() || value.as_object().empty()) return std::nullopt;
    JsonArray items;
    for (std::size_t i = 0; i < value.as_object().size(); ++i) {
        auto const* item = value.as_object().find(std::to_string(i));
        if (item == nullptr) return std::nullopt;
        items.push_back(*item);
    }
    return items;
}

Json to_compared(PropertyType const& type, Json value) {
    auto list =
        type.kind == PropertyType::Kind::buffer ? std::nullopt : to_list(value);  // A list of bytes is one value.
    if (!list) return to_compared_item(type, std::move(value));
    for (auto& item : *list) item = to_compared_item(type, std::move(item));
    return Json{std::move(*list)};
}

Where WhereReader::read(Json const& where, Model const& model, Nesting nesting) {
    nesting_ = nesting;
    if (where.is_nothing()) return {};
    return read_all(where, model);
}

Where WhereReader::read_all(Json const& where, Model const& model) {
    if (!where.is_object()) throw bad_request(fmt::format("The where clause {} is not an object", to_text(where)));
    std::vector<Where> parts;
    for (auto const& [name, value] : where.as_object()) {
        if (value.is_undefined()) continue;
        if (name == "and" || name == "or" || name == "nor") {
            parts.push_back(read_joined(name, value, model));
        } else {
            parts.push_back(read_property(name, value, model));
        }
    }
    return all_of(std::move(parts));
}

Where WhereReader::read_joined(std::string const& word, Json const& clauses, Model const& model) {
    auto const list = to_list(clauses);
    if (!list) {
        throw bad_request(
            fmt::format("The {} operator has invalid clauses {}: {}", word, to_quoted(clauses), why_no_list(clauses)));
    }
    if (word == "nor") throw bad_request("The nor operator is not supported; use neq, nin and nlike.");
    count(list->size());
    std::vector<Where> parts;
    for (auto const& clause : *list) parts.push_back(read_all(clause, model));
    if (word == "and") return all_of(std::move(parts));
    Where any;
    any.kind = Where::Kind::any;
    any.parts = std::move(parts);
    return any;
}

Where WhereReader::read_property(std::string const& name, Json const& value, Model const& model) {
    auto standing = standing_of(name, model, nesting_);
    if (standing == Standing::hidden && may_use_hidden(model, rules_)) standing = Standing::known;
    if (standing != Standing::known && rules_.refuse_unknown) throw unknown_property(name, model, "filter by");
    if (standing == Standing::hidden) return {};
    auto const* property = find(model, name);
    auto const* type = property == nullptr ? nullptr : &property->type;
    if (!value.is_object()) return read_operator(name, "eq", value, type);

    if (!value["near"].is_undefined()) {
        if (type != nullptr && !holds_objects(*type)) throw bad_clause(name, value, "it holds no points");
        count(1);
        return read_near(name, value);
    }

    std::vector<Where> parts;
    for (auto const& [word, operand] : value.as_object()) {
        if (operator_of(word)) parts.push_back(read_operator(name, word, value, type));
    }
    require_no_operators(value);
    if (rules_.refuse_unknown) require_known_words(name, value, !parts.empty() || (type && !holds_objects(*type)));
    if (!parts.empty()) return all_of(std::move(parts));

    // An object to equal. No stored one does: to JavaScript two objects are never the same.
    count(1);
    return equals(name, type == nullptr ? value : to_compared(*type, value));
}

// `clause` is the operand itself for a bare value, else the object that holds it under `word`.
Where WhereReader::read_operator(std::string const& name, std::string const& word, Json const& clause,
                                 PropertyType const* type) {
    auto const& operand = clause.is_object() ? clause[word] : clause;
    Where where;
    where.kind = Where::Kind::comparison;
    where.property = name;
    where.op = *operator_of(word);
    auto const is_whole = type != nullptr && has_members(*type) && where.op != Operator::regexp;
    auto const is_of_its_kind = takes_list(where.op)   ? is_list_for(where.op, operand)
                                : takes_text(where.op) ? operand.is_string()
                                                       : !operand.is_nothing();
    if (is_whole && is_of_its_kind && !operand.is_object())
        throw bad_request(fmt::format("The where clause {} is not an object", to_text(operand)));
    switch (where.op) {
        case Operator::between:
        case Operator::inq:
        case Operator::nin: {
            auto list = to_list(operand);
            if (!list) throw bad_clause(name, clause, fmt::format("Error: {}", why_no_list(operand)));
            if (where.op == Operator::between && list->size() != 2) {
                throw bad_clause(name, clause, fmt::format("Expected precisely 2 values, received {}", list->size()));
            }
            count(list->size());
            for (auto& item : *list) {
                if (type != nullptr) item = to_compared_item(*type, std::move(item));
            }
            where.value = std::move(*list);
            return where;
        }
        case Operator::like:
        case Operator::nlike:
        case Operator::ilike:
        case Operator::nilike:
        case Operator::regexp: {
            if (!operand.is_string() && where.op == Operator::regexp) {
                throw bad_request("Invalid argument, must be a string, regex literal, or RegExp object");
            }
            if (!operand.is_string()) throw bad_clause(name, clause, "Expected a string or RegExp");
            if (operand.as_string().size() > rules_.max_pattern) {
                throw bad_request(
                    fmt::format("The {} property has a pattern longer than {} bytes", name, rules_.max_pattern));
            }
            if (clause["options"].is_string()) where.options = clause["options"].as_string();
            count(1);
            if (where.op == Operator::regexp) {
                if (operand.as_string().empty() && is_taken_as_sent(type)) return no_record();
                read_regexp(where, operand.as_string());
                require_compiles(where, name);
                return where;
            }
            where.value = to_pattern(type, operand);
            if (!is_truthy(where.value)) return no_record();  // To LoopBack no pattern at all.
            if (where.value.is_date()) return is_negated(where.op) ? not_in_nothing(std::move(where)) : no_record();
            where.value = to_display(where.value);
            return where;
        }
        default:
            break;
    }
    count(1);
    where.value = type == nullptr ? operand : to_compared(*type, operand);
    return where;
}

void WhereReader::count(std::size_t conditions) {
    if (conditions > conditions_left_) {
        throw bad_request(fmt::format("The filter has more than {} conditions.", rules_.max_conditions));
    }
    conditions_left_ -= conditions;
}

Where read_where(Json const& where, Model const& model, FilterRules const& rules) {
    require_depth(where, model, rules, rules.levels_above_where);
    return WhereReader{rules}.read(where, model);
}

}  // namespace sallyport::query
