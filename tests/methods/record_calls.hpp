// Calls of the methods on records, as rest/ makes them.

#pragma once

#include "methods/crud.hpp"
#include "model/contract_models.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace sallyport::methods {

class RecordCalls : public testing::Test {
protected:
    explicit RecordCalls(CrudRules rules = open_rules()) {
        add_crud(app.models(), rules);
        add_relations(app.models(), rules);
    }

    /// What "compatibility": "loopback3" makes of them.
    static CrudRules open_rules() {
        CrudRules rules;
        rules.filter.refuse_unknown = false;
        rules.filter.max_include_depth = 12;
        rules.filter.max_limit = 0;
        return rules;
    }

    model::MethodEntry const& method(std::string_view model, std::string_view name) {
        auto const& entries = app[model].methods();
        auto const found =
            std::ranges::find_if(entries, [&](auto const& entry) { return entry.spec.short_name() == name; });
        if (found == entries.end()) throw std::logic_error{"no method " + std::string{name}};
        return *found;
    }

    /// The reply as text; "" for none. `id` is the path's, for instance methods.
    std::string call(std::string_view model, std::string_view name, JsonObject arguments, Json id = {}) {
        auto const& entry = method(model, name);
        Invocation invocation{.model = app[model],
                              .method = entry.spec,
                              .caller = caller,
                              .request = request,
                              .arguments = std::move(arguments),
                              .id = std::move(id),
                              .instance = instance,
                              .result = {},
                              .status = 0,
                              .response_headers = {}};
        auto const result = wait_for(entry.body(invocation));
        headers = invocation.response_headers;
        if (auto const* text = std::get_if<JsonText>(&result)) return text->text;
        if (auto const* value = std::get_if<Json>(&result)) return to_text(*value);
        return {};
    }

    /// The error such a call ends in, as "status message".
    std::string refusal(std::string_view model, std::string_view name, JsonObject arguments, Json id = {}) {
        try {
            call(model, name, std::move(arguments), std::move(id));
        } catch (Error const& error) {
            return std::to_string(error.status) + " " + error.message;
        }
        return "nothing was refused";
    }

    model::ContractModels app;
    Caller caller;
    Request request{.verb = "GET", .target = {}, .headers = {}, .body = {}, .peer = {}};
    Json instance;
    Headers headers;
};

}  // namespace sallyport::methods
