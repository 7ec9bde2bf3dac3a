// What the JSON files say, checked and with inheritance resolved: plain data that the rest of the program reads.

#pragma once

#include "definition/located_json.hpp"
#include "sallyport/json.hpp"
#include "sallyport/method.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::definition {

/// How values of a property look and are kept.
struct PropertyType {
    enum class Kind : std::uint8_t {
        string,
        number,
        boolean,
        date,
        date_string,  ///< Text that names a date, kept as it was written.
        object,
        array,
        any,
        geopoint,
        buffer,  ///< {"type": "Buffer", "data": [bytes]}
        model
    };

    Kind kind = Kind::any;
    std::shared_ptr<PropertyType> element;    ///< Of a typed array; null for "array".
    std::string model;                        ///< Of Kind::model: an embedded model's name.
    std::vector<struct Property> properties;  ///< Of an object with declared properties.
    bool drops_unknown = false;               ///< Of Kind::model, where that model is strict.
    bool is_text = false;                     ///< Of Kind::string: LoopBack's "text".

    /// LoopBack's name for it: "string", "geopoint", ...
    std::string_view name() const;
};

struct Property {
    std::string name;
    PropertyType type;
    bool is_id = false;
    bool is_generated = false;  ///< The store makes the id.
    bool is_required = false;
    bool is_hidden = false;     ///< Never in a reply.
    bool is_protected = false;  ///< Not in a reply when nested below another record.
    bool is_indexed = false;
    bool is_unique = false;
    bool is_update_only = false;   ///< LoopBack's updateOnly
    bool fills_default = true;     ///< LoopBack's applyDefaultOnWrites
    bool keeps_default = true;     ///< LoopBack's persistDefaultValues: false leaves out what equals the default.
    Json default_value;            ///< undefined for none
    std::string default_function;  ///< "now", "guid", "uuid", "uuidv4", "shortid", "nanoid"; "" for none
    std::string column;            ///< From the connector's key; "" for the usual name.
    std::string description;
};

struct Relation {
    enum class Kind : std::uint8_t {
        belongs_to,
        has_one,
        has_many,
        has_many_through,
        has_and_belongs_to_many,
        references_many,
        embeds_one,
        embeds_many
    };

    Kind kind = Kind::belongs_to;
    std::string name;
    std::string model;  ///< Of the other side.
    std::string foreign_key;
    std::string primary_key;  ///< "" for the id.
    std::string through;      ///< The through model.
    std::string key_through;
    std::string property;  ///< Of embeds_* and references_many.
    std::string path;      ///< Below "/:id/": the name unless http.path says otherwise.
    bool is_polymorphic = false;
    bool is_inverted = false;  ///< LoopBack's invert: `through` leads from here to one of many kinds of models.
    std::string discriminator;
    bool disable_include = false;
    bool nest_remoting = false;
    bool validates = true;        ///< Of embeds_*: the owner is valid only if what it holds is.
    bool forces_ids = false;      ///< Of embeds_*: ids are made here, whatever was sent.
    bool is_persistent = false;   ///< Of embeds_*: new items are kept in a table of their own as well.
    bool prepends = false;        ///< Of embeds_many and references_many: new ones go to the front.
    bool inverts_copies = false;  ///< LoopBack's invertProperties: copies flow from there to here.
    std::vector<std::pair<std::string, std::string>> copies;  ///< LoopBack's properties: {name there, name here}.
    Json initial;  ///< Of embeds_one: what new owners hold; undefined for none.
    Json scope;    ///< A filter; undefined for none.
    Json options;  ///< As written.
};

/// One access rule.
struct Rule {
    std::string model;                    ///< Where it was written.
    std::vector<std::string> properties;  ///< Method names; {"*"} for all.
    std::string access_type = "*";        ///< READ, WRITE, EXECUTE, REPLICATE, *
    std::string permission = "ALLOW";     ///< ALLOW, DENY, ALARM, AUDIT, DEFAULT
    std::string principal_type = "ROLE";  ///< ROLE, USER, APP or a user model
    std::string principal_id;
    bool second_factor = false;    ///< ALLOW only after a second factor.
    int fresh_within_seconds = 0;  ///< ALLOW only with a login this recent; 0: any.
};

/// A validation declared in JSON.
struct Validation {
    std::string property;
    std::string type;  ///< presence, absence, length, numericality, inclusion, exclusion, format, uniqueness
    Json options;      ///< The whole entry as written.
};

enum class Strict : std::uint8_t { off, validate, filter };  ///< "validate" is LoopBack's true, "validate" and "throw".

struct Mixin {
    std::string name;
    Json options;     ///< An object.
    Places places{};  ///< Of the options.
};

/// One model, whole: what its base models say is already in it.
struct Model {
    std::string name;
    std::vector<std::string> bases;  ///< Nearest first: {"User", "PersistedModel", "Model"}.
    std::string plural;
    std::string http_path;          ///< "/Employees"
    bool normalizes_paths = false;  ///< Paths of methods are served in lower case with dashes; http_path is so already.
    std::string description;

    std::vector<Property> properties;  ///< Own first, then the base's, then an injected id, then foreign keys.
    std::vector<Relation> relations;
    std::vector<Rule> rules;          ///< Base rules first.
    std::vector<MethodSpec> methods;  ///< Declared in JSON; a subclass's replaces its base's.
    std::vector<Validation> validations;
    std::vector<Mixin> mixins;
    JsonObject scopes;   ///< Named scopes as written.
    Json default_scope;  ///< undefined for none.
    std::vector<std::pair<std::string, Json>> indexes;
    std::vector<std::vector<std::string>> lookups;  ///< Properties by which relations find its records, together.

    Strict strict = Strict::off;
    bool force_id = true;
    Json settings;  ///< Every other key ("ttl", "saltWorkFactor", ...), an object; base's included.
    std::vector<std::pair<std::string, bool>> shared_methods;  ///< In order; "*" and names.

    std::string data_source;  ///< "" for none.
    bool is_public = true;

    Property const* property(std::string_view name) const;
    Property const* id() const;  ///< The id property; null if the model has none.
    Relation const* relation(std::string_view name) const;
    bool is(std::string_view base) const;  ///< This model, or one it extends.
    bool is_persisted() const { return !data_source.empty() && is("PersistedModel"); }

    /// settings[name] if it is a boolean, number or string; else `otherwise`.
    bool flag(std::string_view name, bool otherwise) const;
    double number(std::string_view name, double otherwise) const;
};

/// In definition order.
std::vector<std::string> property_names(Model const& model);

struct DataSource {
    std::string name;
    std::string connector;  ///< memory, transient, sqlite3, postgresql, mail, sms
    Json settings;          ///< Every key as written, ${VAR}s replaced.
    Place place;            ///< Of its name in server/datasources.json.
    Places places{};        ///< Of the settings.
};

/// Every model of an app by name.
class Registry {
public:
    Model const* find(std::string_view name) const;
    Model const& get(std::string_view name) const;  ///< Throws std::out_of_range.
    std::map<std::string, Model, std::less<>> const& all() const { return models_; }

    void add(Model model);

    /// Models that extend User, and are attached to a data source; sorted by name.
    std::vector<Model const*> user_models() const;

private:
    std::map<std::string, Model, std::less<>> models_;
};

}  // namespace sallyport::definition
