#include "model/including.hpp"

#include "model/embedded.hpp"
#include "model/scope.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace sallyport::model {
namespace {

using Kind = definition::Relation::Kind;

// Keys in one query: well below the number of values a statement may bind.
constexpr std::size_t keys_per_query = 10000;

// Records of one key mostly come one behind the other.
Groups grouped(std::vector<Json> records, std::string const& key) {
    Groups groups;
    auto const value_of = [&](Json const& record) -> Json const& { return record[key]; };
    for (auto start = records.begin(); start != records.end();) {
        auto const end = std::find_if(start, records.end(),
                                      [&](Json const& record) { return value_of(record) != value_of(*start); });
        auto& group = groups[to_display(value_of(*start))];
        group.reserve(group.size() + static_cast<std::size_t>(end - start));
        std::move(start, end, std::back_inserter(group));
        start = end;
    }
    return groups;
}

// About how long the value is as JSON, in bytes.
std::size_t json_length(Json const& value) {
    std::size_t length = 8;
    if (value.is_string()) length += value.as_string().size();
    if (value.is_array()) {
        for (auto const& item : value.as_array()) length += json_length(item);
    }
    if (value.is_object()) {
        for (auto const& [name, member] : value.as_object()) length += name.size() + json_length(member);
    }
    return length;
}

// What one include copies. A record that a thousand others lead to, with a thousand of its own, would else make a
// million of a short question.
class Copies {
public:
    void add(Json const& record, std::size_t times) {
        if (times == 0) return;
        total_ += json_length(record) * times;
        if (total_ > most_copied)
            throw Error{400,
                        "This include repeats too many records. Ask for fewer with \"limit\" or \"where\", for less of "
                        "each with \"fields\", or include one level less."};
    }

private:
    static constexpr std::size_t most_copied = 32UL << 20;  // bytes

    std::size_t total_ = 0;
};

// The records of one key, and how many of those that get them are still to come.
struct Share {
    std::vector<Json>* records = nullptr;
    std::size_t* takers = nullptr;
};

// The last taker gets the records themselves, the others copies.
JsonArray take(Share const& share) {
    if (share.records == nullptr) return {};
    if (--*share.takers > 0) return *share.records;
    return std::move(*share.records);
}

bool is_left_out(Including const& include, std::size_t count) {
    auto const kind = include.relation.kind;
    auto const may_be = is_through(include.relation) || kind == Kind::references_many;
    return count == 0 && may_be && include.level == Level::nested;
}

void hand_out(Including const& include, std::string const& property, Groups& groups, Filter const& page) {
    for (auto& [key, records] : groups) cut(records, page);
    std::unordered_map<std::vector<Json> const*, std::size_t> takers;
    std::vector<Share> shares(include.records.size());
    for (std::size_t i = 0; i < include.records.size(); ++i) {
        auto const& record = std::as_const(include.records[i]);
        auto const& key = record[property];
        auto const found = key.is_nothing() ? groups.end() : groups.find(to_display(key));
        if (!record.is_object() || found == groups.end()) continue;  // Something odd may be in an embedded list.
        auto& count = takers[&found->second];
        ++count;
        shares[i] = {&found->second, &count};
    }
    Copies copies;
    for (auto const& [records, count] : takers) {
        for (auto const& record : *records) copies.add(record, count - 1);
    }
    auto const is_list = include.relation.kind != Kind::belongs_to && include.relation.kind != Kind::has_one;
    for (std::size_t i = 0; i < include.records.size(); ++i) {
        auto& record = include.records[i];
        if (!record.is_object()) continue;
        auto mine = take(shares[i]);
        if (is_left_out(include, mine.size())) continue;
        if (is_list) {
            record.as_object().set(include.relation.name, std::move(mine));
        } else if (!mine.empty()) {
            record.as_object().set(include.relation.name, std::move(mine.front()));
        }
    }
}

std::string id_of(StoredModel const& model) { return model.definition().id()->name; }

// Rows of the through model for all parents: which records of the other side each one names, in row order.
Task<std::vector<Json>> find_rows(Including const& include, Through const& through) {
    Filter filter;
    add_scope(filter, include.model.relation_scope(include.relation.name));
    filter.include.clear();
    filter.where = all_of({std::move(filter.where), where_of(through.fixed)});
    filter.fields.except.clear();
    filter.fields.only = {through.near, through.far};
    co_return co_await find_keyed(*through.model, std::move(filter), keys_of(include.records, through.property),
                                  through.near, include);
}

Filter asked_of(Including const& include, StoredModel const& related) {
    auto const* written = written_scope(include.wanted, related);
    auto scope = written == nullptr ? Filter{} : *written;
    // Of a relation through a model the scope chooses among its rows.
    if (!is_through(include.relation)) add_scope(scope, include.model.relation_scope(include.relation.name));
    return scope;
}

}  // namespace

JsonArray keys_of(std::vector<Json> const& records, std::string const& property) {
    JsonArray keys;
    std::unordered_set<std::string> seen;
    auto const add = [&](Json const& key) {
        if (!key.is_nothing() && seen.insert(to_display(key)).second) keys.push_back(key);
    };
    for (auto const& record : records) {
        auto const& value = record[property];
        if (value.is_array()) {
            std::ranges::for_each(value.as_array(), add);
        } else {
            add(value);
        }
    }
    return keys;
}

Filter const* written_scope(Include const& include, StoredModel const& related) {
    if (include.models.empty()) return include.scope.empty() ? nullptr : &include.scope.front();
    auto const named = std::ranges::find(include.models, related.name());
    if (named == include.models.end()) return nullptr;
    return &include.scope[static_cast<std::size_t>(named - include.models.begin())];
}

Filter scope_of(Including const& include, StoredModel const& related, std::string const& key) {
    auto scope = asked_of(include, related);
    add_field(scope.fields, key);
    return scope;
}

Task<std::vector<Json>> find_keyed(StoredModel& related, Filter scope, JsonArray keys, std::string const& key,
                                   Including const& include) {
    std::vector<Json> found;
    scope.limit.reset();
    scope.skip = 0;
    // Each parent's records by their ids, as if all were in that order, and an index gives them so.
    if (scope.order.empty() && related.may_come_by(key)) scope.order.push_back({key});
    for (std::size_t start = 0; start < keys.size(); start += keys_per_query) {
        auto const end = std::min(keys.size(), start + keys_per_query);
        auto const first = keys.begin() + static_cast<std::ptrdiff_t>(start);
        JsonArray some(first, keys.begin() + static_cast<std::ptrdiff_t>(end));
        auto filter = scope;
        filter.where = all_of({compare(key, Operator::inq, std::move(some)), scope.where});
        auto part = co_await find_with(related, std::move(filter), include.options, include.check, Level::nested);
        if (found.empty()) {
            found = std::move(part);
        } else {
            std::ranges::move(part, std::back_inserter(found));
        }
    }
    co_return found;
}

void cut(std::vector<Json>& records, Filter const& page) {
    auto const skip = std::min(records.size(), static_cast<std::size_t>(std::max<std::int64_t>(page.skip, 0)));
    records.erase(records.begin(), records.begin() + static_cast<std::ptrdiff_t>(skip));
    if (page.limit && static_cast<std::size_t>(*page.limit) < records.size()) {
        records.resize(static_cast<std::size_t>(*page.limit));
    }
}

Task<> include_joined(Including const& include, StoredModel& related) {
    auto const join = join_of(include.model, include.relation, related);
    auto scope = scope_of(include, related, join.foreign);
    auto const page = scope;
    scope.where = all_of({std::move(scope.where), where_of(join.fixed)});
    auto keys = keys_of(include.records, join.property);
    auto groups =
        grouped(co_await find_keyed(related, std::move(scope), std::move(keys), join.foreign, include), join.foreign);
    hand_out(include, join.property, groups, page);
}

// One query per model that the records name. Each record is made fit to be seen here, where its model is known.
Task<> include_polymorphic(Including const& include) {
    std::map<StoredModel*, std::vector<std::size_t>> reached;
    for (std::size_t i = 0; i < include.records.size(); ++i) {
        auto* related = reached_model(include.model, include.relation, include.records[i]);
        if (related != nullptr) reached[related].push_back(i);
    }
    auto const& caller = include.options.caller;
    Copies copies;
    for (auto const& [related, positions] : reached) {
        auto const is_meant = include.wanted.models.empty() || written_scope(include.wanted, *related) != nullptr;
        if (!is_meant) continue;
        if (include.check) co_await include.check(*related);
        auto const join = join_of(include.model, include.relation, *related);
        JsonArray keys;
        for (auto const i : positions) keys.push_back(std::as_const(include.records[i])[join.property]);
        std::erase_if(keys, [](Json const& key) { return key.is_nothing(); });
        auto const groups = grouped(co_await find_keyed(*related, scope_of(include, *related, join.foreign),
                                                        std::move(keys), join.foreign, include),
                                    join.foreign);
        for (auto const i : positions) {
            auto const found = groups.find(to_display(std::as_const(include.records[i])[join.property]));
            if (found == groups.end()) continue;
            auto const& record = found->second.front();
            copies.add(record, 1);
            include.records[i].as_object().set(include.relation.name, caller ? related->visible(record, *caller, true)
                                                                             : related->visible(record, true));
        }
    }
}

Task<> include_through(Including const& include, StoredModel& related) {
    auto const through = through_of(include.model, include.relation);
    auto const rows = co_await find_rows(include, through);
    std::unordered_map<std::string, std::vector<std::string>> owners;
    for (auto const& row : rows) owners[to_display(row[through.far])].push_back(to_display(row[through.near]));
    auto const id = id_of(related);
    auto const scope = scope_of(include, related, id);
    Groups groups;
    Copies copies;
    for (auto const& record : co_await find_keyed(related, scope, keys_of(rows, through.far), id, include)) {
        auto const& takers = owners[to_display(record[id])];
        copies.add(record, takers.size());
        for (auto const& owner : takers) groups[owner].push_back(record);
    }
    hand_out(include, through.property, groups, scope);
}

// In the order of the list, unless another was asked for.
Task<> include_references(Including const& include, StoredModel& related) {
    auto const id = id_of(related);
    auto const scope = scope_of(include, related, id);
    auto const& property = include.relation.property;
    auto const found = co_await find_keyed(related, scope, keys_of(include.records, property), id, include);
    std::unordered_map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < found.size(); ++i) places.emplace(to_display(found[i][id]), i);
    Copies copies;
    for (auto& record : include.records) {
        if (!record.is_object()) continue;
        auto const& list = std::as_const(record)[property];
        std::vector<std::size_t> mine;
        for (auto const& key : list.is_array() ? list.as_array() : JsonArray{}) {
            auto const place = places.find(to_display(key));
            if (place != places.end()) mine.push_back(place->second);
        }
        if (!scope.order.empty()) std::ranges::sort(mine);
        std::vector<Json> records;
        for (auto const place : mine) {
            copies.add(found[place], 1);
            records.push_back(found[place]);
        }
        cut(records, scope);
        if (is_left_out(include, records.size())) continue;
        record.as_object().set(include.relation.name, JsonArray(records.begin(), records.end()));
    }
}

// What is embedded is there already; it is chosen from, and what it includes is found, for all records at once.
Task<> include_embedded(Including const& include, StoredModel& related) {
    auto const& property = include.relation.property;
    auto const scope = asked_of(include, related);
    Json found = Json::array();
    auto& all = found.as_array();
    auto const is_list = include.relation.kind == Kind::embeds_many;
    std::vector<std::size_t> owners;
    for (std::size_t i = 0; i < include.records.size(); ++i) {
        auto& record = include.records[i];
        if (!record.is_object()) continue;  // Something odd may be in an embedded list.
        auto const& value = std::as_const(record)[property];
        if (value.is_object()) all.push_back(value);
        if (is_list && value.is_array()) std::ranges::copy(value.as_array(), std::back_inserter(all));
        owners.resize(all.size(), i);
        if (is_list) record.as_object().set(include.relation.name, Json::array());
    }
    auto const places = co_await matching_places(include.model, found, is_list ? scope.where : Where{});
    std::vector<Json> items;
    for (auto const place : places) items.push_back(std::move(all[place]));
    co_await sallyport::model::include(related, items, scope.include, include.options, include.check, Level::nested);
    for (std::size_t i = 0; i < places.size(); ++i) {
        auto& record = include.records[owners[places[i]]].as_object();
        if (is_list) {
            record[include.relation.name].as_array().push_back(std::move(items[i]));
        } else {
            record.set(include.relation.name, std::move(items[i]));
        }
    }
}

}  // namespace sallyport::model
