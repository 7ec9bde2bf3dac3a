#include "methods/time_stamp.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace sallyport::methods {
namespace {

constexpr auto mixin_name = "TimeStamp";

struct Names {
    std::string created;
    std::string updated;
};

Names names_of(Json const& options) {
    auto const named = [&](std::string const& name) {
        auto const& given = options[name];
        return given.is_string() ? given.as_string() : name;
    };
    return {.created = named("createdAt"), .updated = named("updatedAt")};
}

void add_property(definition::Model& model, std::string const& name, std::string description) {
    if (model.property(name) != nullptr) return;
    definition::Property property{.name = name};
    property.type.kind = definition::PropertyType::Kind::date;
    property.description = std::move(description);
    model.properties.push_back(std::move(property));
}

void apply(definition::Model& model, Json const& options) {
    auto const names = names_of(options);
    add_property(model, names.created, "When it was made");
    add_property(model, names.updated, "When it was last changed");
}

Task<> stamp(HookContext& context, Names const& names, Json now) {
    auto& members = (context.instance != nullptr ? *context.instance : *context.data).as_object();
    if (context.is_new) {
        members.set(names.created, now);
    } else if (context.instance != nullptr && context.current != nullptr) {
        members.set(names.created, (*context.current)[names.created]);
    } else {
        members.erase(names.created);
    }
    members.set(names.updated, std::move(now));
    co_return;
}

}  // namespace

definition::MixinDefinition time_stamp_mixin() {
    definition::MixinDefinition mixin;
    mixin.name = mixin_name;
    mixin.options = {{"createdAt", {"string"}, {}}, {"updatedAt", {"string"}, {}}};
    mixin.apply = apply;
    return mixin;
}

void add_time_stamps(model::Models& models, Clock const& clock) {
    for (auto* model : models.all()) {
        auto const& mixins = model->definition().mixins;
        auto const found = std::ranges::find(mixins, mixin_name, [](auto const& mixin) { return mixin.name; });
        if (found == mixins.end()) continue;
        model->observe(Moment::before_save, [names = names_of(found->options), &clock](HookContext& context) {
            return stamp(context, names, Json::date(static_cast<double>(clock.now())));
        });
    }
}

}  // namespace sallyport::methods
