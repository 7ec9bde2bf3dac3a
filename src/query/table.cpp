#include "query/table.hpp"

#include "definition/value.hpp"
#include "sallyport/ascii.hpp"

#include <algorithm>

namespace sallyport::query {
namespace {

using definition::Model;
using definition::Property;
using definition::PropertyType;

Storage storage_of(Property const& property) {
    if (property.is_id && (property.is_generated || property.type.kind == PropertyType::Kind::number)) {
        return property.type.kind == PropertyType::Kind::string ? Storage::text : Storage::integer;
    }
    switch (property.type.kind) {
        case PropertyType::Kind::string:
        case PropertyType::Kind::date_string:
            return Storage::text;
        case PropertyType::Kind::number:
            return Storage::real;
        case PropertyType::Kind::boolean:
            return Storage::boolean;
        case PropertyType::Kind::date:
            return Storage::date;
        case PropertyType::Kind::object:
        case PropertyType::Kind::array:
        case PropertyType::Kind::any:
        case PropertyType::Kind::geopoint:
        case PropertyType::Kind::buffer:
        case PropertyType::Kind::model:
            break;
    }
    return Storage::json;
}

std::string column_name(Property const& property) {
    return property.column.empty() ? to_lower(property.name) : property.column;
}

Property const* find(Model const& model, std::string_view name) {
    auto const found = std::ranges::find(model.properties, name, &Property::name);
    return found == model.properties.end() ? nullptr : &*found;
}

bool is_user(Model const& model) {
    return model.name == "User" || std::ranges::find(model.bases, "User") != model.bases.end();
}

Index named_index(std::string const& table, std::vector<std::string> columns, bool is_unique) {
    auto name = table;
    for (auto const& column : columns) name += "_" + column;
    name += is_unique ? "_key" : "_idx";
    return {std::move(name), std::move(columns), is_unique};
}

// "a, b" of an old-style index.
std::vector<std::string> split_names(std::string_view text) {
    std::vector<std::string> names;
    std::string name;
    for (char const c : text) {
        if (c == ',' || c == ' ') {
            if (!name.empty()) names.push_back(std::exchange(name, {}));
        } else {
            name += c;
        }
    }
    if (!name.empty()) names.push_back(std::move(name));
    return names;
}

// One entry of a model's "indexes": {"keys": {"a": 1}, "options": {"unique": true}}, {"columns": "a, b", "kind":
// "UNIQUE"}, or the keys themselves.
Index declared_index(Model const& model, std::string const& name, Json const& entry) {
    Index index{name, {}, is_truthy(entry["options"]["unique"]) || is_truthy(entry["unique"])};
    if (entry["kind"].is_string()) index.is_unique |= to_lower(entry["kind"].as_string()) == "unique";
    auto const add = [&](std::string const& property) {
        auto const* known = find(model, property);
        index.columns.push_back(known ? column_name(*known) : to_lower(property));
    };
    if (entry["columns"].is_string()) {
        std::ranges::for_each(split_names(entry["columns"].as_string()), add);
        return index;
    }
    auto const& keys = entry["keys"].is_nothing() ? entry : entry["keys"];
    if (keys.is_array()) {
        for (auto const& key : keys.as_array()) add(to_display(key));
    } else if (keys.is_object()) {
        for (auto const& member : keys.as_object()) add(member.first);
    } else if (keys.is_string()) {
        add(keys.as_string());
    }
    return index;
}

void add_user_indexes(Model const& model, std::string const& table, std::vector<Index>& indexes) {
    auto const& settings = model.settings;
    auto const* realm = find(model, "realm");
    auto const has_realms = is_truthy(settings["realmRequired"]) || is_truthy(settings["realmDelimiter"]);
    for (auto const* name : {"email", "username"}) {
        auto const* property = find(model, name);
        if (property == nullptr || property->is_unique) continue;
        std::vector<std::string> columns;
        if (has_realms && realm != nullptr) columns.push_back(column_name(*realm));
        columns.push_back(column_name(*property));
        auto const may_be_blank = property->name == "username";
        if (may_be_blank) indexes.push_back(named_index(table, columns, false));
        indexes.push_back(named_index(table, std::move(columns), true));
        indexes.back().skips_blank = may_be_blank;
    }
}

bool begins_with(Index const& index, std::vector<std::string> const& columns) {
    return index.columns.size() >= columns.size() && std::equal(columns.begin(), columns.end(), index.columns.begin());
}

// A key that is kept as JSON is compared by a function, which no index helps, and the id has one.
void add_lookup_indexes(Model const& model, std::string const& table, std::vector<Index>& indexes) {
    for (auto const& lookup : model.lookups) {
        std::vector<std::string> columns;
        for (auto const& name : lookup) {
            auto const* property = find(model, name);
            if (property == nullptr || property->is_id || storage_of(*property) == Storage::json) break;
            columns.push_back(column_name(*property));
        }
        if (columns.size() < lookup.size()) continue;
        auto const serves = [&](Index const& index) { return begins_with(index, columns); };
        if (std::ranges::none_of(indexes, serves)) indexes.push_back(named_index(table, std::move(columns), false));
    }
}

}  // namespace

std::string table_name(Model const& model) {
    auto const& named = model.settings["sqlite3"]["table"];
    return named.is_string() ? named.as_string() : to_lower(model.name);
}

Column const* Table::column(std::string_view property) const {
    auto const found = std::ranges::find(columns, property, &Column::property);
    return found == columns.end() ? nullptr : &*found;
}

std::vector<Index> indexes_of(Model const& model) {
    auto const table = table_name(model);
    std::vector<Index> indexes;
    for (auto const& property : model.properties) {
        if (property.is_id || !(property.is_indexed || property.is_unique)) continue;
        indexes.push_back(named_index(table, {column_name(property)}, property.is_unique));
    }
    if (is_user(model)) add_user_indexes(model, table, indexes);
    for (auto const& [name, entry] : model.indexes) {
        auto index = declared_index(model, name, entry);
        if (!index.columns.empty()) indexes.push_back(std::move(index));
    }
    add_lookup_indexes(model, table, indexes);
    return indexes;
}

Table make_table(Model const& model) {
    Table table{.name = table_name(model), .columns = {}, .id = 0, .has_more = true, .model = &model};
    table.id = model.properties.size();
    for (auto const& property : model.properties) {
        if (property.is_id) table.id = std::min(table.id, table.columns.size());
        Column column{.name = column_name(property),
                      .property = property.name,
                      .storage = storage_of(property),
                      .is_hidden = property.is_hidden,
                      .is_protected = property.is_protected,
                      .is_unique = property.is_id,
                      .holds_dates = false,
                      .key = {},
                      .sql = quote(table.name) + "." + quote(column_name(property))};
        column.holds_dates = property.type.kind == PropertyType::Kind::array && property.type.element != nullptr &&
                             property.type.element->kind == PropertyType::Kind::date;
        if (model.flag("applyDefaultsOnReads", true)) column.fallback = definition::fixed_default(property);
        append_string(column.key, property.name);
        column.key += ':';
        table.columns.push_back(std::move(column));
    }
    for (auto const& index : indexes_of(model)) {
        if (!index.is_unique || index.skips_blank || index.columns.size() != 1) continue;
        auto const found = std::ranges::find(table.columns, index.columns.front(), &Column::name);
        if (found != table.columns.end()) found->is_unique = true;
    }
    return table;
}

std::string quote(std::string_view name) {
    std::string out{"\""};
    for (char const c : name) {
        if (c == '"') out += '"';
        out += c;
    }
    return out += '"';
}

}  // namespace sallyport::query
