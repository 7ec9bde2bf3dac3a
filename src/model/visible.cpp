// What a client may see of a record.

#include "model/stored_model.hpp"

namespace sallyport::model {
namespace {

constexpr std::string_view stored_token = "sha256:";
constexpr std::size_t handle_digits = 8;

// The id of an access token, for whoever looks at it.
Json shown_token_id(Json const& id, Caller const* caller) {
    if (!id.is_string() || !id.as_string().starts_with(stored_token)) return id;
    if (caller != nullptr && !caller->token_id.empty() && caller->token_id == id.as_string()) return caller->token;
    return id.as_string().substr(stored_token.size(), handle_digits);
}

}  // namespace

Json StoredModel::visible(Json record, bool nested) const {
    veil(record, nullptr, nested);
    return record;
}

Json StoredModel::visible(Json record, Caller const& caller, bool nested) const {
    veil(record, &caller, nested);
    return record;
}

void StoredModel::veil(Json& record, Caller const* caller, bool nested) const {
    if (record.is_array()) {
        for (auto& element : record.as_array()) veil(element, caller, nested);
    }
    if (!record.is_object()) return;
    auto& members = record.as_object();
    for (auto const& [name, rule] : veils_) {
        if (rule.is_hidden || (rule.is_protected && nested)) {
            members.erase(name);
        } else if (rule.related != nullptr) {
            if (auto* value = members.find(name)) rule.related->veil(*value, caller, true);
        }
    }
    if (has_token_ids_) {
        if (auto* id = members.find("id")) *id = shown_token_id(*id, caller);
    }
}

}  // namespace sallyport::model
