// `sallyport property`, `relation`, `acl` and `datasource`: one thing more in the JSON of a project.

#pragma once

#include <filesystem>
#include <string>

namespace sallyport::cli {

struct NewProperty {
    std::string model;
    std::string name;
    std::string type;  ///< "string", or "[string]" for a list.
    bool is_required = false;
    std::string default_value;  ///< JSON, or else a text; "" for none.
};

struct NewRelation {
    std::string model;
    std::string name;
    std::string type;  ///< "hasMany"
    std::string to;    ///< The other model; "" for a polymorphic belongsTo.
    std::string foreign_key;
    std::string through;
    std::string key_through;
    std::string polymorphic;  ///< The name of the belongsTo on the other side; of a belongsTo its own, or "true".
    std::string property;     ///< Of embedsOne and embedsMany.
};

struct NewRule {
    std::string model;
    std::string role;
    std::string access = "*";
    std::string property;
    bool allows = true;
};

struct NewDataSource {
    std::string name;
    std::string connector;
    std::string file;
};

/// Each writes what it was asked for and gives the file, relative to the folder; whatever else stands in it stays as it
/// is. What would be a mistake of the project is not written.
///
/// Throws std::runtime_error telling what is wrong.
std::filesystem::path add_property(std::filesystem::path const& folder, NewProperty const& wanted);
std::filesystem::path add_relation(std::filesystem::path const& folder, NewRelation const& wanted);
std::filesystem::path add_rule(std::filesystem::path const& folder, NewRule const& wanted);
std::filesystem::path add_data_source(std::filesystem::path const& folder, NewDataSource const& wanted);

}  // namespace sallyport::cli
