// The kinds of include, each with the one query (or two, through a model) that it takes. Used by related.cpp alone.

#pragma once

#include "model/related.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace sallyport::model {

/// One include at work; what it refers to outlives it.
struct Including {
    StoredModel& model;
    definition::Relation const& relation;
    std::vector<Json>& records;
    Include const& wanted;
    OperationOptions const& options;
    IncludeCheck const& check;
    Level level;
};

/// Records by the text of their key: 2 and "2" meet, as they do in LoopBack.
using Groups = std::unordered_map<std::string, std::vector<Json>>;

/// The values of `property` in the records, each once.
JsonArray keys_of(std::vector<Json> const& records, std::string const& property);

/// The scope written for `related`; null where there is none.
Filter const* written_scope(Include const& include, StoredModel const& related);

/// What a client asked for within the include, laid over the relation's own scope; `key` is read as well. Its limit
/// counts only where one was written, not the list's own.
Filter scope_of(Including const& include, StoredModel const& related, std::string const& key);

/// The records whose `key` is one of `keys`, all pages of them.
Task<std::vector<Json>> find_keyed(StoredModel& related, Filter scope, JsonArray keys, std::string const& key,
                                   Including const& include);

/// The part of a list that a scope with a limit gives: each parent has its own.
void cut(std::vector<Json>& records, Filter const& page);

Task<> include_joined(Including const& include, StoredModel& related);
Task<> include_polymorphic(Including const& include);
Task<> include_through(Including const& include, StoredModel& related);
Task<> include_references(Including const& include, StoredModel& related);
Task<> include_embedded(Including const& include, StoredModel& related);

}  // namespace sallyport::model
