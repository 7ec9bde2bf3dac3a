#include "store/migrate.hpp"

#include "store/own_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace sallyport::store {
namespace {

using query::Column;
using query::Index;
using query::quote;
using query::Storage;
using query::Table;

// A column as the database has it.
struct ExistingColumn {
    std::string name;
    std::string type;  // As declared, upper case.
};

std::string upper(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return out;
}

bool exists(Store& store, std::string_view kind, std::string_view name) {
    auto found = false;
    store.inspect({"SELECT 1 FROM sqlite_schema WHERE type = ?1 AND name = ?2 COLLATE NOCASE",
                   {std::string{kind}, std::string{name}}},
                  [&](Row const&) { found = true; });
    return found;
}

std::vector<ExistingColumn> existing_columns(Store& store, std::string const& table) {
    std::vector<ExistingColumn> columns;
    store.inspect({"SELECT name, type FROM pragma_table_info(?1)", {table}},
                  [&](Row const& row) { columns.push_back({std::string{row.text(0)}, upper(row.text(1))}); });
    return columns;
}

std::vector<Index> existing_indexes(Store& store, std::string const& table) {
    std::vector<Index> indexes;
    store.inspect({"SELECT l.name, l.\"unique\", i.name, l.partial FROM pragma_index_list(?1) AS l, "
                   "pragma_index_info(l.name) AS i ORDER BY l.seq, i.seqno",
                   {table}},
                  [&](Row const& row) {
                      if (indexes.empty() || indexes.back().name != row.text(0)) {
                          indexes.push_back({std::string{row.text(0)}, {}, row.integer(1) != 0, row.integer(3) != 0});
                      }
                      indexes.back().columns.emplace_back(row.text(2));
                  });
    return indexes;
}

std::string_view type_of(Storage storage) {
    switch (storage) {
        case Storage::real:
            return "REAL";
        case Storage::integer:
        case Storage::boolean:
        case Storage::date:
            return "INTEGER";
        case Storage::text:
        case Storage::json:
            break;
    }
    return "TEXT";
}

// Whether a column of this declared type keeps the values as they are (SQLite's affinities: datatype3.html
// section 3.1).
bool can_keep(std::string const& type, Storage storage) {
    auto const has = [&](std::string_view word) { return type.contains(word); };
    auto const is_text = !has("INT") && (has("CHAR") || has("CLOB") || has("TEXT"));
    auto const is_blob = type.empty() || (!has("INT") && has("BLOB"));
    auto const wants_text = storage == Storage::text || storage == Storage::json;
    return is_blob || is_text == wants_text;
}

std::string definition_of(Table const& table, Column const& column) {
    auto text = fmt::format("{} {}", quote(column.name), type_of(column.storage));
    if (!table.has_id() || &column != &table.columns[table.id]) return text;
    auto const* property = &table.model->properties[table.id];
    text += " NOT NULL PRIMARY KEY";
    if (column.storage == Storage::integer && property->is_generated) text += " AUTOINCREMENT";
    return text;
}

Statement create_table(Table const& table) {
    std::vector<std::string> columns;
    for (auto const& column : table.columns) columns.push_back(definition_of(table, column));
    if (table.has_more) columns.emplace_back("_more TEXT");
    return {fmt::format("CREATE TABLE {} ({})", quote(table.name), fmt::join(columns, ", ")), {}};
}

void add_columns(Store& store, Table const& table, std::vector<Statement>& plan) {
    auto const existing = existing_columns(store, table.name);
    for (auto const& column : table.columns) {
        auto const name = upper(column.name);
        auto const found = std::ranges::find_if(existing, [&](auto const& known) { return upper(known.name) == name; });
        if (found == existing.end()) {
            plan.push_back({fmt::format("ALTER TABLE {} ADD COLUMN {} {}", quote(table.name), quote(column.name),
                                        type_of(column.storage)),
                            {}});
        } else if (!can_keep(found->type, column.storage)) {
            throw std::runtime_error{
                fmt::format("table {} column {} is {}, which cannot keep {} values\n"
                            "  hint: a column is never retyped: give the property its old type back, or another name",
                            table.name, found->name, found->type, type_of(column.storage))};
        }
    }
}

void require_unique_rows(Store& store, Table const& table, Index const& index) {
    auto const existing = existing_columns(store, table.name);
    std::vector<std::string> names;
    std::vector<std::string> present;
    for (auto const& column : index.columns) {
        if (std::ranges::find(existing, column, &ExistingColumn::name) == existing.end()) return;  // All absent.
        names.push_back(quote(column));
        present.push_back(quote(column) + " IS NOT NULL");
    }
    if (index.skips_blank) present.push_back(names.back() + " <> ''");
    std::int64_t duplicates = 0;
    store.inspect(
        {fmt::format("SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM {} WHERE {} GROUP BY {})",
                     quote(table.name), fmt::join(present, " AND "), fmt::join(names, ", ")),
         {}},
        [&](Row const& row) { duplicates = row.integer(0); });
    if (duplicates == 0) return;
    throw std::runtime_error{
        fmt::format("table {} must be unique by ({}), but {} rows repeat an earlier one\n"
                    "  hint: make them differ, or take \"unique\" away",
                    table.name, fmt::join(index.columns, ", "), duplicates)};
}

// An index with these columns in this order serves, whatever it is called; one that keeps more unique than asked too.
// Of those with a condition only our own does.
bool serves(Index const& existing, Index const& wanted) {
    if (existing.columns != wanted.columns || (wanted.is_unique && !existing.is_unique)) return false;
    return !existing.skips_blank || (wanted.skips_blank && existing.name.starts_with(wanted.name));
}

void add_indexes(Store& store, Table const& table, bool is_new, std::vector<Statement>& plan) {
    auto existing = is_new ? std::vector<Index>{} : existing_indexes(store, table.name);
    for (auto const& index : query::indexes_of(*table.model)) {
        if (std::ranges::any_of(existing, [&](Index const& known) { return serves(known, index); })) continue;
        if (index.is_unique && !is_new) require_unique_rows(store, table, index);
        auto name = index.name;
        while (exists(store, "index", name) ||
               std::ranges::any_of(existing, [&](Index const& known) { return known.name == name; })) {
            name += '_';
        }
        std::vector<std::string> columns;
        for (auto const& column : index.columns) columns.push_back(quote(column));
        auto const condition = index.skips_blank ? fmt::format(" WHERE {} <> ''", columns.back()) : std::string{};
        plan.push_back({fmt::format("CREATE {}INDEX {} ON {} ({}){}", index.is_unique ? "UNIQUE " : "", quote(name),
                                    quote(table.name), fmt::join(columns, ", "), condition),
                        {}});
        existing.push_back({name, index.columns, index.is_unique, index.skips_blank});
    }
}

// "CREATE UNIQUE INDEX name ON ...": {"index", "name"}.
struct OwnObject {
    std::string_view kind;
    std::string_view name;
};

OwnObject own_object(std::string_view sql) {
    auto const after = [&](std::string_view words) -> std::optional<std::string_view> {
        if (!sql.starts_with(words)) return std::nullopt;
        auto const rest = sql.substr(words.size());
        return rest.substr(0, rest.find_first_of(" (\n"));
    };
    if (auto const name = after("CREATE TABLE ")) return {"table", *name};
    if (auto const name = after("CREATE INDEX ")) return {"index", *name};
    if (auto const name = after("CREATE UNIQUE INDEX ")) return {"index", *name};
    throw std::logic_error{"no table and no index: " + std::string{sql}};
}

std::optional<std::string> meta(Store& store, std::string_view key) {
    std::optional<std::string> value;
    store.inspect({"SELECT value FROM sallyport_meta WHERE key = ?1", {std::string{key}}},
                  [&](Row const& row) { value = row.text(0); });
    return value;
}

Statement set_meta(std::string_view key, std::string value) {
    return {"INSERT INTO sallyport_meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2",
            {std::string{key}, std::move(value)}};
}

void require_known_version(std::string const& version) {
    if (version.size() < 9 && std::ranges::all_of(version, [](unsigned char c) { return std::isdigit(c) != 0; }) &&
        std::stoi(version) <= own_schema_version) {
        return;
    }
    throw std::runtime_error{
        fmt::format("the database was made by a newer version of this program (its tables have "
                    "version {}, this program knows {})",
                    version, own_schema_version)};
}

}  // namespace

Table adjust(Store& store, Table table) {
    auto const existing = existing_columns(store, table.name);
    table.has_more = existing.empty() || std::ranges::find(existing, "_more", &ExistingColumn::name) != existing.end();
    if (table.has_more) return table;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (!table.model->properties[i].type.is_text) continue;
        table.columns[i].storage = Storage::json;
        table.columns[i].is_quoted = true;
    }
    return table;
}

bool has_table(Store& store, std::string const& name) { return exists(store, "table", name); }

std::vector<Statement> plan_migration(Store& store, std::vector<Table> const& tables) {
    std::vector<Statement> plan;
    for (auto const& table : tables) {
        auto const is_new = !exists(store, "table", table.name);
        if (is_new) {
            plan.push_back(create_table(table));
        } else {
            add_columns(store, table, plan);
        }
        add_indexes(store, table, is_new, plan);
    }
    return plan;
}

std::vector<Statement> plan_own_tables(Store& store) {
    std::vector<Statement> plan;
    // Before the indexes, which may be on one of them.
    for (auto const& column : later_columns()) {
        auto const existing = existing_columns(store, std::string{column.table});
        if (existing.empty() || std::ranges::find(existing, column.name, &ExistingColumn::name) != existing.end())
            continue;
        plan.push_back(
            {fmt::format("ALTER TABLE {} ADD COLUMN {} {}", column.table, column.name, column.declaration), {}});
        if (!column.fill.empty()) plan.push_back({std::string{column.fill}, {}});
    }
    for (auto const sql : own_tables()) {
        auto const object = own_object(sql);
        if (!exists(store, object.kind, object.name)) plan.push_back({std::string{sql}, {}});
    }
    auto const version = exists(store, "table", "sallyport_meta") ? meta(store, "schema") : std::nullopt;
    if (version) require_known_version(*version);
    auto current = std::to_string(own_schema_version);
    if (version != current) plan.push_back(set_meta("schema", std::move(current)));
    return plan;
}

void check_keys(Store& store, std::string const& fingerprint, std::vector<std::string> const& earlier) {
    auto const known = fingerprint_of_keys(store);
    if (known == fingerprint) return;
    bool const is_earlier = known && std::ranges::find(earlier, *known) != earlier.end();
    if (!known || is_earlier) return store.prepare({set_meta("keys", fingerprint)});
    throw std::runtime_error{
        fmt::format("the database belongs to other keys than these (it was made with {}, these are {})\n"
                    "  hint: put back the keys.json (or SALLYPORT_KEYS) it was made with",
                    *known, fingerprint)};
}

std::optional<std::string> fingerprint_of_keys(Store& store) {
    return exists(store, "table", "sallyport_meta") ? meta(store, "keys") : std::nullopt;
}

}  // namespace sallyport::store
