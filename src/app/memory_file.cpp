#include "app/memory_file.hpp"

#include "definition/value.hpp"
#include "sallyport/error.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport::app {
namespace {

using store::Statement;

// Of the file and of each record: what LoopBack wrote is read whatever its size.
constexpr JsonLimits as_written{.max_depth = 64,
                                .max_keys = std::numeric_limits<std::size_t>::max(),
                                .duplicates = JsonLimits::Duplicates::last_wins};

std::runtime_error unreadable(std::filesystem::path const& file, std::string_view where, std::string_view why) {
    return std::runtime_error{
        fmt::format("{}: {}: {}\n  hint: it is read once, into {}.db; mend it, or take it away to start without it",
                    file.string(), where, why, file.filename().string())};
}

Json read_file(std::filesystem::path const& file) {
    std::ifstream in{file, std::ios::binary};
    std::string const text{std::istreambuf_iterator<char>{in}, {}};
    if (!in.good() && !in.eof()) throw unreadable(file, "the file", "it cannot be read");
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) return Json::object();
    try {
        return parse_json(text, as_written);
    } catch (JsonError const& error) {
        throw unreadable(file, fmt::format("line {}", error.line()), error.what());
    }
}

// "memory": {"collection": "Others"} of a model names where its records are.
std::string collection_of(definition::Model const& model) {
    auto const& named = model.settings["memory"]["collection"];
    return named.is_string() ? named.as_string() : model.name;
}

JsonObject read_record(definition::Model const& model, Json const& text) {
    if (!text.is_string()) throw std::runtime_error{"a record is JSON within a text"};
    auto const data = parse_json(text.as_string(), as_written);
    if (!data.is_object()) throw std::runtime_error{"a record is an object"};
    return definition::to_record(model, data.as_object()).as_object();
}

// The ids that the collection gave away last, so that none is given twice.
void keep_counting(query::Table const& table, Json const& next_id, std::vector<Statement>& plan) {
    auto const& id = table.columns[table.id];
    if (id.storage != query::Storage::integer || !table.model->properties[table.id].is_generated) return;
    if (!next_id.is_number() || !(next_id.as_number() > 1) || next_id.as_number() > 9e15) return;
    auto const last = static_cast<std::int64_t>(next_id.as_number()) - 1;
    plan.push_back({"DELETE FROM sqlite_sequence WHERE name = ?1 AND seq < ?2", {table.name, last}});
    plan.push_back(
        {"INSERT INTO sqlite_sequence (name, seq)"
         " SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?1)",
         {table.name, last}});
}

}  // namespace

std::vector<Statement> plan_import(std::filesystem::path const& file, std::vector<query::Table> const& tables) {
    std::vector<Statement> plan;
    if (!std::filesystem::exists(file)) return plan;
    auto const kept = read_file(file);
    for (auto const& table : tables) {
        if (!table.has_id()) continue;
        query::FixedStatements const statements{table};
        auto const name = collection_of(*table.model);
        auto const& records = kept["models"][name];
        if (!records.is_object()) continue;
        for (auto const& [id, text] : records.as_object()) {
            try {
                plan.push_back(statements.insert(table, read_record(*table.model, text)));
            } catch (std::exception const& error) {
                throw unreadable(file, fmt::format("{} {}", name, id), error.what());
            }
        }
        keep_counting(table, kept["ids"][name], plan);
    }
    return plan;
}

}  // namespace sallyport::app
