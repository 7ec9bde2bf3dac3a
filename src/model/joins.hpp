// How the records of two models belong together: which property of one side holds a key of the other.

#pragma once

#include "definition/definition.hpp"
#include "sallyport/filter.hpp"

#include <string>
#include <utility>
#include <vector>

namespace sallyport::model {

class StoredModel;

/// Property values that records of a relation have in common.
using FixedValues = std::vector<std::pair<std::string, Json>>;

/// How a belongsTo, hasOne or hasMany relation joins: records whose `property` on one side equals `foreign` on the
/// other.
struct Join {
    std::string property;  ///< On the model that has the relation.
    std::string foreign;   ///< On the related model.
    FixedValues fixed;     ///< On the related model: the discriminator of a polymorphic relation.
};

/// `related` is the model a polymorphic belongsTo reaches from the record in question.
Join join_of(StoredModel const& model, definition::Relation const& relation, StoredModel const& related);

/// How a relation through a model joins: a row of `model` for each pair of records.
struct Through {
    StoredModel* model;
    std::string property;  ///< On the model that has the relation: the key the rows name.
    std::string near;      ///< Names the record on this side.
    std::string far;       ///< Names the record on the other side.
    FixedValues fixed;     ///< The discriminator of a polymorphic relation.
};

/// Of a hasMany through or hasAndBelongsToMany relation. Where the JSON names keys that the through model does not
/// have, its belongsTo relations to both sides say which they are.
Through through_of(StoredModel const& model, definition::Relation const& relation);

/// Whether rows of a model of its own stand between the two sides.
bool is_through(definition::Relation const& relation);

/// Whether the related records stand inside a property of the record.
bool is_embedded(definition::Relation const& relation);

/// A condition that says the same as the values.
Where where_of(FixedValues const& values);

/// The model that `record` names in the discriminator of a polymorphic belongsTo, whatever the case of its letters;
/// null where it names none that keeps records, is served or leads back, and holds no tokens.
StoredModel* reached_model(StoredModel const& model, definition::Relation const& relation, Json const& record);

}  // namespace sallyport::model
