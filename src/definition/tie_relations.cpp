#include "definition/tie_relations.hpp"

#include "definition/plural.hpp"
#include "definition/read_relation.hpp"
#include "sallyport/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace sallyport::definition {
namespace {

using Kind = Relation::Kind;

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
            findings_.mistake(
                waiting.place,
                fmt::format("the relation \"{}\" of \"{}\" needs a \"model\"", relation.name, draft.model.name),
                R"(name the other side: "model": "...")");
            return false;
        }
        return exists(relation.model, waiting, "model") && exists(relation.through, waiting, "through");
    }

    bool exists(std::string const& name, Waiting const& waiting, std::string_view key) {
        if (name.empty() || drafts_.contains(name)) return true;
        auto const* value = waiting.located.find(key);
        auto hint = did_you_mean(name, names_of(drafts_));
        findings_.mistake(value ? value->place : waiting.place, fmt::format("there is no model \"{}\"", name),
                          hint.empty() ? "write its definition into common/models" : hint);
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

    /// From the other side of a polymorphic through model, its polymorphic key is the one that leads on.
    static void tie_through(Model& from, Relation& relation) {
        if (relation.is_polymorphic && relation.is_inverted) {
            relation.key_through = std::exchange(relation.foreign_key, {});
        }
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
                if (same_letters(name, wanted)) return name;
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
            define(from, relation.property, model_type(relation.model), relation.initial);
            return;
        }
        auto const omits = std::as_const(relation.options)["omitDefaultEmbeddedItem"] == Json{true};
        define(from, relation.property, list_of(model_type(relation.model)), omits ? Json{} : Json::array());
    }

    Drafts& drafts_;
    Findings& findings_;
    std::set<std::string, std::less<>> attached_;
    std::vector<Waiting> waiting_;
};

// Where the through model has no such property, its belongsTo to that side names the key.
void find_key(std::string& key, Model const& through, std::string const& side) {
    if (through.property(key) != nullptr) return;
    auto const found = std::ranges::find_if(through.relations, [&](Relation const& relation) {
        return relation.kind == Kind::belongs_to && relation.model == side;
    });
    if (found != through.relations.end()) key = found->foreign_key;
}

void find_keys(Drafts const& drafts, Model const& from, Relation& relation) {
    if (relation.through.empty()) return;
    auto const& through = drafts.at(relation.through).model;
    find_key(relation.foreign_key, through, from.name);
    find_key(relation.key_through, through, relation.model);
}

void note_lookup(Drafts& drafts, Relation const& relation) {
    auto const is_through = !relation.through.empty();
    if (!is_through && relation.kind != Kind::has_one && relation.kind != Kind::has_many) return;
    auto& lookups = drafts.at(is_through ? relation.through : relation.model).model.lookups;
    std::vector<std::string> lookup{relation.foreign_key};
    if (relation.is_polymorphic) lookup.push_back(relation.discriminator);
    if (std::ranges::find(lookups, lookup) == lookups.end()) lookups.push_back(std::move(lookup));
}

}  // namespace

void tie_relations(Drafts& drafts, std::vector<std::string> const& order, Findings& findings) {
    Tying tying{drafts, findings};
    for (auto const& name : order) tying.attach(name);
    tying.complain_about_rest();
    for (auto& [name, draft] : drafts) {
        for (auto& relation : draft.model.relations) {
            find_keys(drafts, draft.model, relation);
            note_lookup(drafts, relation);
        }
    }
}

}  // namespace sallyport::definition
