// An app with accounts, notes and a method of its own, for tests of what is said about it.

#pragma once

#include "explorer/openapi.hpp"
#include "explorer/operation.hpp"
#include "explorer/swagger.hpp"
#include "methods/crud.hpp"
#include "small_app.hpp"

#include <string_view>

namespace sallyport::explorer {

struct Company : SmallApp {
    Company()
        : SmallApp{
              {{"server/datasources.json", R"({"db": {"connector": "memory"}})"},
               {"server/model-config.json", R"({
                "Person": {"dataSource": "db"},
                "Note": {"dataSource": "db"},
                "Tag": {"dataSource": "db"},
                "Secret": {"dataSource": "db", "public": false},
                "AccessToken": {"dataSource": "db", "public": false}
              })"},
               {"common/models/person.json", R"({"name": "Person", "base": "User"})"},
               {"common/models/tag.json", R"({"name": "Tag", "properties": {"word": {"type": "string", "id": true}}})"},
               {"common/models/secret.json", R"({"name": "Secret"})"},
               {"common/models/note.json", R"({
                "name": "Note",
                "description": "What someone wrote",
                "properties": {
                  "text": {"type": "string", "required": true, "description": "The words"},
                  "size": {"type": "number", "default": 3},
                  "when": "date",
                  "where": "geopoint",
                  "tags": ["string"],
                  "extra": "any",
                  "hash": "string",
                  "verdict": {"type": "string", "updateOnly": true}
                },
                "hidden": ["hash"],
                "methods": {
                  "add": {
                    "accepts": [{"arg": "a", "type": "number", "required": true}, {"arg": "b", "type": "object"},
                                {"arg": "n", "type": ["number"]}],
                    "returns": {"arg": "sum", "type": "number"},
                    "http": {"verb": "get", "path": "/add/:b"}
                  },
                  "post": {
                    "accepts": [{"arg": "a", "type": "number", "required": true}],
                    "http": {"path": "/post"}
                  },
                  "drop": {
                    "accepts": {"arg": "a", "type": "string"},
                    "http": {"verb": "delete", "path": "/drop", "errorStatus": 409}
                  },
                  "quiet": {"documented": false},
                  "prototype.close": {"returns": {"arg": "note", "type": "Note", "root": true}, "http": {"verb": "post"}}
                }
              })"}}} {
        methods::add_crud(*models, {});
        methods::add_relations(*models, {});
    }

    Json swagger() const { return swagger_document(operations(*models), project.models, options); }
    Json openapi() const { return openapi_document(operations(*models), project.models, options); }

    Options options{.info = {{"title", "company"}, {"version", "1.0.0"}},
                    .host = {},
                    .protocol = {},
                    .consumes = {},
                    .produces = {}};
};

/// The value at a path of names and numbers: "paths|/Notes|get|parameters|0".
inline Json const& at(Json const& document, std::string_view path) {
    auto const* value = &document;
    while (!path.empty()) {
        auto const name = path.substr(0, path.find('|'));
        path.remove_prefix(std::min(path.size(), name.size() + 1));
        value = value->is_array() ? &value->as_array().at(std::stoul(std::string{name})) : &(*value)[name];
    }
    return *value;
}

}  // namespace sallyport::explorer
