#include "definition/link.hpp"

#include "definition/known_keys.hpp"
#include "definition/plural.hpp"
#include "definition/read_relation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

namespace sallyport::definition {
namespace {

using Kind = Relation::Kind;

std::vector<std::string> names_of(Drafts const& drafts) {
    std::vector<std::string> names;
    for (auto const& [name, draft] : drafts) names.push_back(name);
    return names;
}

Property* find_property(Model& model, std::string_view name) {
    auto const found = std::ranges::find(model.properties, name, &Property::name);
    return found == model.properties.end() ? nullptr : &*found;
}

/// A property that a relation needs: a known one takes its type, else it is added at the end.
void define(Model& model, std::string const& name, PropertyType type, Json initial = {}) {
    if (auto* known = find_property(model, name)) {
        known->type = std::move(type);
        if (!initial.is_undefined()) known->default_value = std::move(initial);
        return;
    }
    Property property;
    property.name = name;
    property.type = std::move(type);
    property.default_value = std::move(initial);
    model.properties.push_back(std::move(property));
}

PropertyType type_of_key(Model const& model, std::string const& key) {
    auto const* property = key.empty() ? model.id() : model.property(key);
    if (property) return property->type;
    return {.kind = PropertyType::Kind::any, .element = nullptr, .model = {}, .properties = {}};
}

PropertyType list_of(PropertyType element) {
    PropertyType type;
    type.kind = PropertyType::Kind::array;
    type.element = std::make_shared<PropertyType>(std::move(element));
    return type;
}

PropertyType model_type(std::string name) {
    PropertyType type;
    type.kind = PropertyType::Kind::model;
    type.model = std::move(name);
    return type;
}

PropertyType text_type() {
    PropertyType type;
    type.kind = PropertyType::Kind::string;
    return type;
}

class Tying {
public:
    Tying(Drafts& drafts, Findings& findings) : drafts_{drafts}, findings_{findings} {}

    /// LoopBack ties a relation as soon as both sides are attached; until then it waits.
    void attach(std::string const& name) {
        auto& draft = drafts_.at(name);
        attached_.insert(name);
        for (auto const& member : draft.relations) {
            Waiting relation{.model = name,
                             .relation = read_relation(member, findings_),
                             .place = member.place,
                             .located = member.value};
            if (!names_its_models(draft, relation)) continue;
            if (is_ready(relation)) {
                tie(relation);
            } else {
                waiting_.push_back(std::move(relation));
            }
        }
        for (std::size_t i = 0; i < waiting_.size();) {
            if (!is_ready(waiting_[i])) {
                ++i;
                continue;
            }
            auto const relation = std::move(waiting_[i]);
            waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
            tie(relation);
        }
    }

    void complain_about_rest() {
        for (auto const& relation : waiting_) {
            if (relation.place.file.empty()) continue;  // Inherited from a built-in model.
            auto const& missing =
                attached_.contains(relation.relation.model) ? relation.relation.through : relation.relation.model;
            findings_.mistake(relation.place,
                              fmt::format("the relation \"{}\" leads to \"{}\", which has no data source",
                                          relation.relation.name, missing),
                              R"(give it a "dataSource" in server/model-config.json)");
        }
    }

private:
    struct Waiting {
        std::string model;
        Relation relation;
        Place place;
        Located located;
    };

    bool is_ready(Waiting const& waiting) const {
        auto const& relation = waiting.relation;
        auto const target = relation.model.empty() || attached_.contains(relation.model);
        return target && (relation.through.empty() || attached_.contains(relation.through));
    }

    bool names_its_models(Draft const& draft, Waiting const& waiting) {
        auto const& relation = waiting.relation;
        auto const leads_anywhere = relation.is_polymorphic && relation.kind == Kind::belongs_to;
        if (relation.model.empty() && !leads_anywhere) {
            findings_.mistake(waiting.place, fmt::format("the relation \"{}\" of \"{}\" needs a \"model\"",
                                                         relation.name, draft.model.name));
            return false;
        }
        return exists(relation.model, waiting, "model") && exists(relation.through, waiting, "through");
    }

    bool exists(std::string const& name, Waiting const& waiting, std::string_view key) {
        if (name.empty() || drafts_.contains(name)) return true;
        auto const* value = waiting.located.find(key);
        findings_.mistake(value ? value->place : waiting.place, fmt::format("there is no model \"{}\"", name),
                          did_you_mean(name, names_of(drafts_)));
        return false;
    }

    void tie(Waiting const& waiting) {
        auto& from = drafts_.at(waiting.model).model;
        auto relation = waiting.relation;
        switch (relation.kind) {
            case Kind::belongs_to:
                tie_belongs_to(from, relation, waiting.located);
                break;
            case Kind::has_one:
            case Kind::has_many:
                tie_has(from, relation);
                break;
            case Kind::has_many_through:
                tie_through(from, relation);
                break;
            case Kind::has_and_belongs_to_many:
                tie_both_ways(from, relation, waiting.located);
                break;
            case Kind::references_many:
                tie_references(from, relation);
                break;
            case Kind::embeds_one:
            case Kind::embeds_many:
                tie_embeds(from, relation);
                break;
        }
        add(drafts_.at(waiting.model).model, std::move(relation));
    }

    static void add(Model& model, Relation relation) {
        auto const same = std::ranges::find(model.relations, relation.name, &Relation::name);
        if (same == model.relations.end()) {
            model.relations.push_back(std::move(relation));
        } else {
            *same = std::move(relation);
        }
    }

    void tie_belongs_to(Model& from, Relation& relation, Located const& located) {
        if (relation.is_polymorphic) {
            auto const* polymorphic = located.find("polymorphic");
            auto const id_type = polymorphic ? polymorphic->text("idType") : "";
            auto type = id_type.empty() ? type_of_key(from, {}) : text_type();
            if (id_type == "number") type.kind = PropertyType::Kind::number;
            define(from, relation.foreign_key, std::move(type));
            define(from, relation.discriminator, text_type());
            find_property(from, relation.discriminator)->is_indexed = true;
            return;
        }
        if (relation.foreign_key.empty()) relation.foreign_key = relation.name + "Id";
        define(from, relation.foreign_key, type_of_key(drafts_.at(relation.model).model, relation.primary_key));
    }

    void tie_has(Model& from, Relation& relation) {
        if (relation.foreign_key.empty()) relation.foreign_key = camel(from.name + "_id");
        auto& to = drafts_.at(relation.model).model;
        if (relation.is_polymorphic) {
            define(to, relation.discriminator, text_type());
            if (find_property(to, relation.foreign_key)) return;
        }
        define(to, relation.foreign_key, type_of_key(from, relation.primary_key));
    }

    static void tie_through(Model& from, Relation& relation) {
        if (relation.foreign_key.empty()) relation.foreign_key = camel(from.name + "_id");
        if (relation.key_through.empty()) relation.key_through = camel(relation.model + "_id");
    }

    void tie_both_ways(Model& from, Relation& relation, Located const& located) {
        auto const to = relation.model;
        if (relation.through.empty()) relation.through = located.text("throughTable");
        if (relation.through.empty()) relation.through = through_name(from.name, to);
        relation.foreign_key = camel(from.name + "_id");
        relation.key_through = camel(to + "_id");
        auto& through = through_model(relation.through, from);
        for (auto const& side : {from.name, to}) {
            Relation belongs;
            belongs.kind = Kind::belongs_to;
            belongs.name = camel(side);
            belongs.path = belongs.name;
            belongs.model = side;
            belongs.foreign_key = belongs.name + "Id";
            define(through, belongs.foreign_key, type_of_key(drafts_.at(side).model, {}));
            add(through, std::move(belongs));
        }
    }

    /// A model that is called after both sides, whoever comes first and whatever the case; else a new one.
    std::string through_name(std::string const& from, std::string const& to) const {
        for (auto const& wanted : {from + to, to + from}) {
            for (auto const& [name, draft] : drafts_) {
                auto const same = std::ranges::equal(name, wanted, [](char a, char b) {
                    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
                });
                if (same) return name;
            }
        }
        return from + to;
    }

    Model& through_model(std::string const& name, Model const& from) {
        if (auto const known = drafts_.find(name); known != drafts_.end()) return known->second.model;
        auto draft = read_model(empty_object({}), &drafts_.at("PersistedModel"), findings_);
        draft.is_built_in = true;
        draft.model.name = name;
        draft.model.plural = plural(name);
        draft.model.http_path = "/" + draft.model.plural;
        draft.model.data_source = from.data_source;
        draft.model.is_public = false;
        attached_.insert(name);
        return drafts_.emplace(name, std::move(draft)).first->second.model;
    }

    void tie_references(Model& from, Relation& relation) {
        if (relation.foreign_key.empty()) relation.foreign_key = camel(relation.model + "_ids");
        relation.property = relation.foreign_key;
        define(from, relation.property, list_of(type_of_key(drafts_.at(relation.model).model, {})), Json::array());
    }

    void tie_embeds(Model& from, Relation& relation) {
        auto const is_many = relation.kind == Kind::embeds_many;
        if (relation.property.empty())
            relation.property = camel(is_many ? drafts_.at(relation.model).model.plural : relation.model);
        if (relation.property == relation.name) relation.property.insert(0, "_");
        if (!is_many) {
            define(from, relation.property, model_type(relation.model));
            return;
        }
        auto const omits = relation.options["omitDefaultEmbeddedItem"] == Json{true};
        define(from, relation.property, list_of(model_type(relation.model)), omits ? Json{} : Json::array());
    }

    Drafts& drafts_;
    Findings& findings_;
    std::set<std::string, std::less<>> attached_;
    std::vector<Waiting> waiting_;
};

bool fits(Json const& value, TypeName const& type) {
    if (type.is_array) {
        auto const element = TypeName{.name = type.name, .is_array = false};
        return value.is_array() &&
               std::ranges::all_of(value.as_array(), [&](Json const& item) { return fits(item, element); });
    }
    if (type.name == "string") return value.is_string();
    if (type.name == "number" || type.name == "integer") return value.is_number();
    if (type.name == "boolean") return value.is_boolean();
    if (type.name == "object") return value.is_object();
    return true;
}

std::string article(TypeName const& type) {
    if (type.is_array) return fmt::format("a list of {}s", type.name);
    return type.name == "integer" || type.name == "object" ? "an " + type.name
           : type.name == "boolean"                        ? "true or false"
                                                           : "a " + type.name;
}

void check_mixin_options(MixinDefinition const& mixin, Located const& options, Model const& model, Findings& findings) {
    std::vector<std::string> names;
    for (auto const& option : mixin.options) names.push_back(option.name);
    for (auto const& member : options.members) {
        auto const option = std::ranges::find(mixin.options, member.name, &MixinOption::name);
        if (option == mixin.options.end()) {
            auto hint = did_you_mean(member.name, names);
            findings.mistake(member.place, fmt::format("\"{}\" has no option \"{}\"", mixin.name, member.name),
                             hint.empty() ? "it has " + one_of(names) : hint);
            continue;
        }
        auto const value = member.value.json();
        if (!fits(value, option->type)) {
            findings.mistake(member.value.place, fmt::format("\"{}\" must be {}", member.name, article(option->type)));
        } else if (auto const complaint = option->complaint ? option->complaint(value, model) : "";
                   !complaint.empty()) {
            findings.mistake(member.value.place, fmt::format("\"{}\" {}", member.name, complaint));
        }
    }
}

void apply_mixin(Model& model, LocatedMember const& member, MixinDefinition const& mixin, Findings& findings) {
    auto options = member.value;
    if (!options.is_object()) {
        options.value = Json::object();
    }
    check_mixin_options(mixin, options, model, findings);
    auto const json = options.json();
    if (mixin.complaints) {
        for (auto const& complaint : mixin.complaints(model, json))
            findings.mistake(member.place, fmt::format("\"{}\" {}", mixin.name, complaint));
    }
    model.mixins.push_back({.name = mixin.name, .options = json});
    if (mixin.apply) mixin.apply(model, json);
}

bool is_off(Located const& value) {
    return value.value.is_null() || (value.value.is_boolean() && !value.value.as_boolean());
}

void fill_embedded(PropertyType& type, Drafts const& drafts, int depth) {
    if (type.element) {
        auto element = std::make_shared<PropertyType>(*type.element);
        fill_embedded(*element, drafts, depth);
        type.element = std::move(element);
    }
    if (type.kind == PropertyType::Kind::model && depth > 0) {
        auto const found = drafts.find(type.model);
        auto properties = found == drafts.end() ? std::vector<Property>{} : found->second.model.properties;
        type.properties = std::move(properties);
    }
    if (depth == 0) return;
    for (auto& property : type.properties) fill_embedded(property.type, drafts, depth - 1);
}

void mark_hidden(Draft& draft, Findings& findings) {
    auto& model = draft.model;
    for (auto& property : model.properties) {
        property.is_hidden = std::ranges::find(draft.hidden_names, property.name) != draft.hidden_names.end();
        property.is_protected = std::ranges::find(draft.protected_names, property.name) != draft.protected_names.end();
    }
    std::vector<std::string> names;
    for (auto const& property : model.properties) names.push_back(property.name);
    for (auto const& hidden : draft.hidden) {
        auto const& name = hidden.value.as_string();
        if (model.property(name) || model.relation(name)) continue;
        auto hint = did_you_mean(name, names);
        findings.mistake(hidden.place, fmt::format("\"{}\" has no property \"{}\" to hide", model.name, name),
                         hint.empty() ? "declare it under \"properties\"" : hint);
    }
}

}  // namespace

void tie_relations(Drafts& drafts, std::vector<std::string> const& order, Findings& findings) {
    Tying tying{drafts, findings};
    for (auto const& name : order) tying.attach(name);
    tying.complain_about_rest();
}

void apply_mixins(Drafts& drafts, std::vector<MixinDefinition> const& mixins, bool ignore_scripts, Findings& findings) {
    std::vector<std::string> names;
    for (auto const& mixin : mixins) names.push_back(mixin.name);
    for (auto& [name, draft] : drafts) {
        for (auto const& member : draft.mixins) {
            if (is_off(member.value)) continue;
            auto const mixin = std::ranges::find(mixins, member.name, &MixinDefinition::name);
            if (mixin != mixins.end()) {
                apply_mixin(draft.model, member, *mixin, findings);
            } else if (ignore_scripts && closest(member.name, names).empty()) {
                findings.note(member.place,
                              fmt::format("the mixin \"{}\" is not built in, so it does nothing here", member.name));
            } else {
                auto hint = did_you_mean(member.name, names);
                if (hint.empty() && !names.empty()) hint = "built in: " + one_of(names);
                findings.mistake(member.place, fmt::format("there is no mixin \"{}\"", member.name), hint);
            }
        }
    }
}

void finish(Drafts& drafts, Findings& findings) {
    std::vector<std::string> const types{"string", "number", "boolean",  "date",  "object",
                                         "array",  "any",    "geopoint", "buffer"};
    for (auto& [name, draft] : drafts) {
        mark_hidden(draft, findings);
        for (auto const& mention : draft.mentions) {
            if (drafts.contains(mention.name)) continue;
            auto known = names_of(drafts);
            known.insert(known.begin(), types.begin(), types.end());
            auto hint = mention.name == "integer" ? R"(use "number")" : did_you_mean(mention.name, known);
            findings.mistake(mention.place, fmt::format("there is no type or model \"{}\"", mention.name), hint);
        }
        for (auto const& principal : draft.principals) {
            auto const found = drafts.find(principal.name);
            if (found != drafts.end() && found->second.model.is("User")) continue;
            std::vector<std::string> known{"ROLE", "USER", "APP"};
            for (auto const& [other, user] : drafts) {
                if (user.model.is("User")) known.push_back(other);
            }
            auto hint = did_you_mean(principal.name, known);
            findings.mistake(principal.place, fmt::format("\"{}\" is no principal type", principal.name),
                             hint.empty() ? "use ROLE, USER, APP or a model based on User" : hint);
        }
    }
    for (auto& [name, draft] : drafts) {
        for (auto& property : draft.model.properties) fill_embedded(property.type, drafts, 3);
    }
}

}  // namespace sallyport::definition
