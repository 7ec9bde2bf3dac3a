// Models tied by every kind of relation, and calls of their methods as rest/ makes them.

#pragma once

#include "methods/crud.hpp"
#include "sallyport/error.hpp"
#include "small_app.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::methods {

inline std::map<std::string, std::string> relation_files() {
    return {
        {"server/config.json", "{}"},
        {"server/datasources.json", R"({"db": {"connector": "memory"}, "inside": {"connector": "transient"}})"},
        {"server/model-config.json", R"({
            "Shelf": {"dataSource": "db"}, "Book": {"dataSource": "db"}, "Loan": {"dataSource": "db"},
            "Person": {"dataSource": "db"}, "Photo": {"dataSource": "db"}, "Label": {"dataSource": "db"},
            "Labelling": {"dataSource": "db"}, "Follow": {"dataSource": "db"}, "Page": {"dataSource": "db"},
            "Box": {"dataSource": "inside"}, "Cover": {"dataSource": "inside"}, "Stamp": {"dataSource": "db"}})"},
        {"common/models/shelf.json", R"({"name": "Shelf", "base": "PersistedModel",
            "properties": {"name": "string", "room": "string"},
            "relations": {
                "books": {"type": "hasMany", "model": "Book", "properties": {"room": "room"},
                          "options": {"nestRemoting": true}},
                "newest": {"type": "hasOne", "model": "Book", "foreignKey": "newestOf",
                           "options": {"nestRemoting": true}},
                "old": {"type": "hasMany", "model": "Book", "scope": {"where": {"old": true}, "order": "title DESC"},
                        "options": {"disableInclude": true, "http": {"path": "antiquarian"}}},
                "photos": {"type": "hasMany", "model": "Photo", "polymorphic": "subject"},
                "portrait": {"type": "hasOne", "model": "Photo", "polymorphic": {"selector": "owner"}},
                "labels": {"type": "hasMany", "model": "Label", "through": "Labelling", "polymorphic": "labelled"},
                "favourites": {"type": "referencesMany", "model": "Book", "foreignKey": "favouriteIds",
                               "properties": {"room": "room"}},
                "latest": {"type": "referencesMany", "model": "Book", "foreignKey": "latestIds",
                           "options": {"prepend": true}, "scope": {"where": {"old": false}}},
                "boxes": {"type": "embedsMany", "model": "Box", "property": "boxList"},
                "firsts": {"type": "embedsMany", "model": "Box", "property": "firstList",
                           "options": {"prepend": true, "validate": false}, "properties": {"room": "note"}},
                "stamps": {"type": "embedsMany", "model": "Stamp", "options": {"persistent": true}},
                "cover": {"type": "embedsOne", "model": "Cover", "property": "coverData", "default": {"text": "none"}},
                "lid": {"type": "embedsOne", "model": "Cover", "property": "lidData", "options": {"forceId": true}}}})"},
        {"common/models/book.json", R"({"name": "Book", "base": "PersistedModel", "hidden": ["price"],
            "properties": {"title": {"type": "string", "required": true}, "price": "number",
                           "old": "boolean", "room": "string"},
            "relations": {
                "readers": {"type": "hasMany", "model": "Person", "through": "Loan"},
                "pages": {"type": "hasMany", "model": "Page"},
                "authors": {"type": "hasAndBelongsToMany", "model": "Person"}}})"},
        {"common/models/page.json", R"({"name": "Page", "base": "PersistedModel", "properties": {"text": "string"}})"},
        {"common/models/loan.json", R"({"name": "Loan", "base": "PersistedModel", "hidden": ["fee"],
            "properties": {"until": "string", "fee": "number"},
            "relations": {"book": {"type": "belongsTo", "model": "Book"},
                          "lentTo": {"type": "belongsTo", "model": "Person", "foreignKey": "borrowerId"}}})"},
        {"common/models/person.json", R"({"name": "Person", "base": "PersistedModel", "hidden": ["secret"],
            "properties": {"name": {"type": "string", "required": true}, "secret": "string"},
            "relations": {
                "written": {"type": "hasAndBelongsToMany", "model": "Book"},
                "photos": {"type": "hasMany", "model": "Photo", "polymorphic": "subject"},
                "followers": {"type": "hasMany", "model": "Person", "through": "Follow", "foreignKey": "followeeId",
                              "keyThrough": "followerId"},
                "following": {"type": "hasMany", "model": "Person", "through": "Follow", "foreignKey": "followerId",
                              "keyThrough": "followeeId"},
                "boss": {"type": "belongsTo", "model": "Person"},
                "staff": {"type": "hasMany", "model": "Person", "foreignKey": "bossId"}}})"},
        {"common/models/follow.json", R"({"name": "Follow", "base": "PersistedModel", "properties": {},
            "relations": {"follower": {"type": "belongsTo", "model": "Person"},
                          "followee": {"type": "belongsTo", "model": "Person"}}})"},
        {"common/models/photo.json", R"({"name": "Photo", "base": "PersistedModel", "properties": {"file": "string"},
            "relations": {"subject": {"type": "belongsTo", "polymorphic": true}}})"},
        {"common/models/label.json", R"({"name": "Label", "base": "PersistedModel", "properties": {"text": "string"},
            "relations": {"shelves": {"type": "hasMany", "model": "Shelf", "through": "Labelling",
                                      "polymorphic": "labelled", "invert": true}}})"},
        {"common/models/labelling.json", R"({"name": "Labelling", "base": "PersistedModel", "properties": {},
            "relations": {"label": {"type": "belongsTo", "model": "Label"},
                          "labelled": {"type": "belongsTo", "polymorphic": true}}})"},
        {"common/models/box.json", R"({"name": "Box", "base": "Model", "hidden": ["code"],
            "properties": {"id": {"type": "number", "id": true}, "size": {"type": "string", "required": true},
                           "count": {"type": "number", "default": 1}, "code": "string", "note": "string"},
            "relations": {"page": {"type": "belongsTo", "model": "Page"}}})"},
        {"common/models/cover.json", R"({"name": "Cover", "base": "Model", "hidden": ["code"],
            "properties": {"text": {"type": "string", "required": true}, "colour": "string", "code": "string"}})"},
        {"common/models/stamp.json", R"({"name": "Stamp", "base": "PersistedModel",
            "properties": {"text": {"type": "string", "required": true}}})"},
    };
}

class RelationCalls : public testing::Test {
protected:
    explicit RelationCalls(CrudRules const& rules = {}) : app{relation_files()} {
        add_crud(*app.models, rules);
        add_relations(*app.models, rules);
    }

    /// One call at work; what its task refers to lives in it.
    struct Call {
        Invocation invocation;
        Task<Result> task;
    };

    model::MethodEntry const& method(std::string_view model, std::string_view name) {
        auto const& entries = app.model(model).methods();
        auto const found =
            std::ranges::find_if(entries, [&](auto const& entry) { return entry.spec.short_name() == name; });
        if (found == entries.end()) throw std::logic_error{"no method " + std::string{name}};
        return *found;
    }

    Invocation invocation(std::string_view model, std::string_view name, std::string_view arguments, Json id) {
        return {.model = app.model(model),
                .method = method(model, name).spec,
                .caller = caller,
                .request = request,
                .arguments = parse_json(arguments).as_object(),
                .id = std::move(id),
                .instance = {},
                .result = {},
                .status = 0,
                .response_headers = {}};
    }

    static std::string text_of(Result const& result) {
        if (auto const* text = std::get_if<JsonText>(&result)) return text->text;
        if (auto const* value = std::get_if<Json>(&result)) return to_text(*value);
        return {};
    }

    /// The reply as text; "" for none; of a refusal "STATUS message". `id` is the path's, for instance methods.
    std::string call(std::string_view model, std::string_view name, std::string_view arguments = "{}", Json id = 1) {
        auto made = invocation(model, name, arguments, std::move(id));
        try {
            return text_of(wait_for(method(model, name).body(made)));
        } catch (Error const& error) {
            return std::to_string(error.status) + " " + error.message;
        }
    }

    std::string stored(std::string_view model) {
        std::string out;
        for (auto const& record : wait_for(app.model(model).find())) out += to_text(record) + "\n";
        return out;
    }

    /// Calls the same method with each of `arguments`, all at once; the refusals.
    std::vector<std::string> call_at_once(std::string_view model, std::string_view name,
                                          std::vector<std::string> const& arguments) {
        auto const context = borrow_context();
        std::vector<std::unique_ptr<Invocation>> calls;
        std::vector<std::string> refusals;
        for (auto const& text : arguments) {
            calls.push_back(std::make_unique<Invocation>(invocation(model, name, text, 1)));
            boost::asio::co_spawn(*context, method(model, name).body(*calls.back()),
                                  [&refusals](std::exception_ptr const& failure, Result const&) {
                                      if (!failure) return;
                                      try {
                                          std::rethrow_exception(failure);
                                      } catch (Error const& error) {
                                          refusals.push_back(std::to_string(error.status));
                                      }
                                  });
        }
        context->run();
        return refusals;
    }

    SmallApp app;
    Caller caller;
    Request request{.verb = "GET", .target = {}, .headers = {}, .body = {}, .peer = {}};
};

}  // namespace sallyport::methods
