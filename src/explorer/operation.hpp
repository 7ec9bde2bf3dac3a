// What the documents list: each route of each public model, with what its method takes from where.

#pragma once

#include "definition/definition.hpp"
#include "model/stored_model.hpp"
#include "sallyport/method.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sallyport::explorer {

/// An argument as one route takes it.
struct Parameter {
    enum class In : std::uint8_t { path, query, header, form, body };

    std::string name;
    TypeName type;
    In in = In::query;
    bool is_required = false;
    bool allows_array = false;
    std::string description;
    Json default_value;  ///< undefined for none
    std::string
        record;  ///< The model whose record (or a part of one) this is, though its type says "object"; "" for none.
};

/// A route. Points into the models, which must outlive it.
struct Operation {
    definition::Model const* model = nullptr;
    MethodSpec const* method = nullptr;
    std::string verb;  ///< "get"
    std::string path;  ///< Below the API's root: "/Notes/{id}"
    std::string id;    ///< "Note.findById", or "Note.exists__head_Notes_{id}" where the method has several routes.
    std::vector<Parameter> parameters;

    bool has(Parameter::In in) const;
};

/// Every documented route, model by model. A method of any verb is shown as POST, as LoopBack shows it; of two routes
/// for the same verb and path only the first is there, since only one can answer.
std::vector<Operation> operations(model::Models const& models);

/// The models of operations(), each with its description, as both documents list them.
JsonArray tags_of(std::vector<Operation> const& operations);

}  // namespace sallyport::explorer
