// JSON schemas of types and models, in either dialect, and the definitions that they refer to.

#pragma once

#include "definition/definition.hpp"
#include "sallyport/json.hpp"
#include "sallyport/method.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport::explorer {

enum class Dialect : std::uint8_t {
    swagger,  ///< The subset of JSON Schema in Swagger 2.0, with LoopBack's formats.
    openapi   ///< JSON Schema 2020-12, as OpenAPI 3.1 has it.
};

/// Which part of a record a schema is about.
enum class Form : std::uint8_t {
    whole,   ///< What a client may see. Hidden properties are in no form, but for the password of an account.
    fresh,   ///< What it may send to make one: without an id that the store makes.
    changes  ///< The same with nothing required.
};

class Schemas {
public:
    Schemas(definition::Registry const& models, Dialect dialect) : models_{models}, dialect_{dialect} {}

    /// The schema of an argument's or a return's type.
    Json of(TypeName const& type);

    /// The schema of what a method gives back.
    Json of_return(MethodSpec const& method, ReturnSpec const& value);

    /// A reference to the schema of a model's records.
    Json record(std::string const& model, Form form = Form::whole);

    /// What the references so far lead to, by name.
    JsonObject definitions();

private:
    Json of_name(std::string const& name);
    Json of_property(definition::PropertyType const& type);
    Json of_model(definition::Model const& model, Form form);
    Json members(definition::Model const& model, Form form, JsonArray& required);
    Json anything();
    Json reference(std::string const& name, std::string const& model, Form form);

    definition::Registry const& models_;
    Dialect dialect_;
    std::map<std::string, std::pair<std::string, Form>> wanted_;  ///< Name of a definition: its model, and the form.
};

}  // namespace sallyport::explorer
