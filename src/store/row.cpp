#include "store/row.hpp"

#include "store/stored_json.hpp"

#include <string_view>
#include <utility>

namespace sallyport::store {
namespace {

using query::Column;
using query::Selection;
using query::Storage;
using query::Table;

// Text that is no JSON (written by hand) is taken as it is.
Json parse_stored(std::string_view text) { return stored_json(text).value_or(Json{text}); }

// LoopBack's connector encodes most JSON twice.
Json parse_column(Table const& table, Column const& column, std::string_view text) {
    auto value = parse_stored(text);
    if (!table.has_more && !column.is_quoted && value.is_string()) value = parse_stored(value.as_string());
    return value;
}

// Columns first, as they are written; the names in `_more` then stand for what has no column.
bool gives(Table const& table, Selection const& selection, std::string_view name) {
    if (!selection.fields.has(name)) return false;
    auto const* column = table.column(name);
    return column == nullptr || !column->is_hidden || selection.with_hidden;
}

void append_value(std::string& out, Row const& row, int at, Table const& table, Column const& column) {
    switch (column.storage) {
        case Storage::text:
            append_string(out, row.text(at));
            return;
        case Storage::real:
            append_number(out, row.real(at));
            return;
        case Storage::integer:
            append_number(out, static_cast<double>(row.integer(at)));
            return;
        case Storage::boolean:
            out += row.integer(at) != 0 ? "true" : "false";
            return;
        case Storage::date:
            out += '"';
            append_iso_date(out, static_cast<double>(row.integer(at)));
            out += '"';
            return;
        case Storage::json:
            if (table.has_more) {
                out += row.text(at);  // Written by us, so it is JSON.
            } else {
                append_text(out, parse_column(table, column, row.text(at)));
            }
            return;
    }
}

void append_more(std::string& out, std::string_view more, Table const& table, Selection const& selection) {
    auto const is_first = out.back() == '{';
    if (selection.more_is_whole) {
        if (more.size() <= 2) return;  // {}
        if (!is_first) out += ',';
        out += more.substr(1, more.size() - 2);
        return;
    }
    auto const members = parse_stored(more);
    if (!members.is_object()) return;
    auto separates = !is_first;
    for (auto const& [name, value] : members.as_object()) {
        if (!gives(table, selection, name)) continue;
        if (separates) out += ',';
        separates = true;
        append_string(out, name);
        out += ':';
        append_text(out, value);
    }
}

// The dates of a typed array, which JSON keeps as text.
void restore_dates(Json& value) {
    if (!value.is_array()) return;
    for (auto& item : value.as_array()) {
        if (item.is_string()) item = Json::date(parse_date(item.as_string()));
    }
}

// Whether `_more` says that the property is null, which is not the same as absent.
bool is_set_to_null(Row const& row, Selection const& selection, std::string const& property) {
    auto const more = static_cast<int>(selection.columns.size());
    if (!selection.with_more || row.is_null(more)) return false;
    auto const text = row.text(more);
    if (text.size() <= 2) return false;  // {}
    auto const members = parse_stored(text);
    return members[property].is_null();
}

// What a record without the property has instead; null for nothing.
Json const* stand_in(Row const& row, Selection const& selection, Column const& column) {
    if (column.fallback.is_undefined() || is_set_to_null(row, selection, column.property)) return nullptr;
    return &column.fallback;
}

Json read_value(Row const& row, int at, Table const& table, Column const& column) {
    switch (column.storage) {
        case Storage::text:
            return Json{row.text(at)};
        case Storage::real:
            return Json{row.real(at)};
        case Storage::integer:
            return Json{row.integer(at)};
        case Storage::boolean:
            return Json{row.integer(at) != 0};
        case Storage::date:
            return Json::date(static_cast<double>(row.integer(at)));
        case Storage::json:
            break;
    }
    auto value = parse_column(table, column, row.text(at));
    if (column.holds_dates) restore_dates(value);
    return value;
}

}  // namespace

void append_row(std::string& out, Row const& row, Table const& table, Selection const& selection) {
    out += '{';
    for (std::size_t i = 0; i < selection.columns.size(); ++i) {
        auto const at = static_cast<int>(i);
        auto const is_absent = row.is_null(at) && table.has_more;
        auto const& column = table.columns[selection.columns[i]];
        auto const* const instead = is_absent ? stand_in(row, selection, column) : nullptr;
        if (is_absent && instead == nullptr) continue;
        if (out.back() != '{') out += ',';
        out += column.key;
        if (instead != nullptr) {
            append_text(out, *instead);
        } else if (row.is_null(at)) {
            out += "null";
        } else {
            append_value(out, row, at, table, column);
        }
    }
    auto const more = static_cast<int>(selection.columns.size());
    if (selection.with_more && !row.is_null(more)) append_more(out, row.text(more), table, selection);
    out += '}';
}

Json read_record(Row const& row, Table const& table, Selection const& selection) {
    JsonObject record;
    record.reserve(selection.columns.size() + 1);  // An include adds one.
    for (std::size_t i = 0; i < selection.columns.size(); ++i) {
        auto const at = static_cast<int>(i);
        auto const is_null = row.is_null(at);
        auto const& column = table.columns[selection.columns[i]];
        if (is_null && table.has_more) {
            if (auto const* instead = stand_in(row, selection, column)) record.append(column.property, *instead);
            continue;
        }
        record.append(column.property, is_null ? Json{nullptr} : read_value(row, at, table, column));
    }
    auto const more = static_cast<int>(selection.columns.size());
    if (!selection.with_more || row.is_null(more)) return record;
    auto members = parse_stored(row.text(more));
    if (!members.is_object()) return record;
    for (auto& [name, value] : members.as_object()) {
        if (gives(table, selection, name)) record.set(name, std::move(value));
    }
    return record;
}

}  // namespace sallyport::store
