// Names, types and rules are those of LoopBack 3, so that its databases and clients keep working.

#include "definition/built_in.hpp"

#include <string_view>

namespace sallyport::definition {
namespace {

constexpr std::string_view models_json = R"json([
{"name": "Model", "base": ""},
{"name": "PersistedModel", "base": "Model"},
{"name": "KeyValueModel", "base": "Model"},
{
  "name": "User",
  "properties": {
    "realm": "string",
    "username": "string",
    "password": {"type": "string", "required": true},
    "email": {"type": "string", "required": true},
    "emailVerified": "boolean",
    "verificationToken": "string"
  },
  "caseSensitiveEmail": true,
  "hidden": ["password", "verificationToken"],
  "relations": {
    "accessTokens": {"type": "hasMany", "model": "AccessToken", "foreignKey": "userId", "options": {"disableInclude": true}}
  },
  "acls": [
    {"permission": "DENY", "principalId": "$everyone"},
    {"permission": "ALLOW", "principalId": "$everyone", "property": "create"},
    {"permission": "ALLOW", "principalId": "$owner", "property": "deleteById"},
    {"permission": "ALLOW", "principalId": "$everyone", "property": "login"},
    {"permission": "ALLOW", "principalId": "$everyone", "property": "logout"},
    {"permission": "ALLOW", "principalId": "$owner", "property": "findById"},
    {"permission": "ALLOW", "principalId": "$owner", "property": "patchAttributes"},
    {"permission": "ALLOW", "principalId": "$owner", "property": "replaceById"},
    {"permission": "ALLOW", "principalId": "$everyone", "property": "verify", "accessType": "EXECUTE"},
    {"permission": "ALLOW", "principalId": "$everyone", "property": "confirm"},
    {"permission": "ALLOW", "principalId": "$everyone", "property": "resetPassword", "accessType": "EXECUTE"},
    {"permission": "ALLOW", "principalId": "$authenticated", "property": "changePassword", "accessType": "EXECUTE"},
    {"permission": "ALLOW", "principalId": "$authenticated", "property": "setPassword", "accessType": "EXECUTE"}
  ]
},
{
  "name": "AccessToken",
  "properties": {
    "id": {"type": "string", "id": true},
    "ttl": {"type": "number", "default": 1209600, "description": "seconds the token lives; two weeks unless said otherwise"},
    "scopes": {"type": ["string"], "description": "what the token may be used for"},
    "created": {"type": "date", "defaultFn": "now"}
  },
  "relations": {"user": {"type": "belongsTo", "model": "User", "foreignKey": "userId"}},
  "acls": [{"permission": "DENY", "principalId": "$everyone"}]
},
{
  "name": "Role",
  "properties": {
    "id": {"type": "string", "id": true, "generated": true},
    "name": {"type": "string", "required": true},
    "description": "string",
    "created": {"type": "date", "defaultFn": "now"},
    "modified": {"type": "date", "defaultFn": "now"}
  },
  "relations": {"principals": {"type": "hasMany", "model": "RoleMapping", "foreignKey": "roleId"}}
},
{
  "name": "RoleMapping",
  "description": "Says who has a role",
  "properties": {
    "id": {"type": "string", "id": true, "generated": true},
    "principalType": {"type": "string", "description": "USER, APP, ROLE or the name of a user model"},
    "principalId": {"type": "string", "index": true}
  },
  "relations": {"role": {"type": "belongsTo", "model": "Role", "foreignKey": "roleId"}}
},
{
  "name": "ACL",
  "properties": {
    "model": {"type": "string", "description": "name of the model"},
    "property": {"type": "string", "description": "name of the method, property or relation"},
    "accessType": "string",
    "permission": "string",
    "principalType": "string",
    "principalId": "string"
  }
},
{
  "name": "Email",
  "base": "Model",
  "properties": {
    "to": {"type": "string", "required": true},
    "from": {"type": "string", "required": true},
    "subject": {"type": "string", "required": true},
    "text": "string",
    "html": "string"
  }
},
{
  "name": "Application",
  "properties": {
    "id": {"type": "string", "id": true},
    "realm": "string",
    "name": {"type": "string", "required": true},
    "description": "string",
    "icon": "string",
    "owner": "string",
    "collaborators": ["string"],
    "email": "string",
    "emailVerified": "boolean",
    "url": "string",
    "callbackUrls": ["string"],
    "permissions": ["string"],
    "clientKey": "string",
    "javaScriptKey": "string",
    "restApiKey": "string",
    "windowsKey": "string",
    "masterKey": "string",
    "pushSettings": "object",
    "authenticationEnabled": {"type": "boolean", "default": true},
    "anonymousAllowed": {"type": "boolean", "default": true},
    "authenticationSchemes": ["object"],
    "status": {"type": "string", "default": "sandbox"},
    "created": {"type": "date", "defaultFn": "now"},
    "modified": {"type": "date", "defaultFn": "now"}
  }
},
{"name": "Scope", "properties": {"name": {"type": "string", "required": true}, "description": "string"}},
{
  "name": "Change",
  "properties": {
    "id": {"type": "string", "id": true},
    "rev": "string",
    "prev": "string",
    "checkpoint": "number",
    "modelName": "string",
    "modelId": "string"
  }
},
{"name": "Checkpoint", "properties": {"seq": "number", "time": "date", "sourceId": "string"}}
])json";

}  // namespace

std::vector<Located> built_in_models() { return parse_located(models_json, {}).items; }

}  // namespace sallyport::definition
